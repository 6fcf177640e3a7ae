"""Whether a request body is a letter as documented, with a PDF in it; else what is wrong with it.

The documentation says only that 400 exists: the shape of the complaint is our own. Knows nothing
of HTTP.
"""

from __future__ import annotations

import string
from base64 import b64decode
from dataclasses import dataclass

from pydantic import ValidationError

from batchsend.request import Request

ALPHABET = (string.ascii_letters + string.digits + "+/").encode()
ENDS = 1368  # characters, a multiple of four: at least 1024 bytes


@dataclass(frozen=True, slots=True)
class TakenLetter:
    """A letter as it came. The subscription is a credential and is not kept."""

    identifier: str
    fields: bytes
    """The `Letter` object without `FreeText`, JSON in UTF-8."""
    free_text: bytes
    """The PDF in base64, as it came: decoding it takes longer than all the rest of taking it."""


@dataclass(frozen=True, slots=True)
class RefusedLetter:
    """Why a body is no letter: a sentence for each field by its path."""

    identifier: str
    errors: dict[str, list[str]]


def checked(body: bytes) -> TakenLetter | RefusedLetter:
    """Read a request body."""
    try:
        request = Request.model_validate_json(body, strict=True)
    except ValidationError as error:
        problems: dict[str, list[str]] = {}
        for problem in error.errors(include_url=False, include_input=False, include_context=False):
            place = ".".join(str(part) for part in problem["loc"]) or "body"
            problems.setdefault(place, []).append(problem["msg"])
        return RefusedLetter("", problems)
    letter = request.Letter
    required = {
        "Letter.Identifier": letter.Identifier,
        "Letter.Channel": letter.Channel,
        "Letter.Invoicee.Name": letter.Invoicee.Name,
        "Letter.Invoicer.Name": letter.Invoicer.Name,
        "Subscription.SubscriptionId": request.Subscription.SubscriptionId.get_secret_value(),
    }
    errors = {place: ["is required"] for place, value in required.items() if not value.strip()}
    if wrong := _wrong_with(letter.FreeText):
        errors["Letter.FreeText"] = [wrong]
    if errors:
        return RefusedLetter(letter.Identifier, errors)
    fields = letter.model_dump_json(exclude={"FreeText"}, exclude_none=True).encode()
    return TakenLetter(letter.Identifier, fields, letter.FreeText.encode())


def _wrong_with(free_text: str) -> str:
    """What keeps a text from being a PDF in standard base64; empty when it is one.

    Every character is looked at, but only both ends are decoded.
    """
    text = free_text.encode("ascii", errors="replace")
    digits = text[:-2] + text[-2:].rstrip(b"=")
    if len(text) % 4 or digits.translate(None, ALPHABET):
        return "is not standard base64 (RFC 4648, section 4)"
    # A PDF may have a little before its header and after its end (ISO 32000-1, annex H.3).
    if b"%PDF-" not in b64decode(text[:ENDS]) or b"%%EOF" not in b64decode(text[-ENDS:]):
        return "is not a PDF"
    return ""

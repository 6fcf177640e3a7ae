"""Whether a request body is a letter as documented, with a PDF in it; else what is wrong with it.

The documentation says only that 400 exists: the shape of the complaint is our own. Knows nothing
of HTTP.
"""

from __future__ import annotations

import binascii
from dataclasses import dataclass

from pydantic import ValidationError

from batchsend.letters.model import Request

__all__ = ["Refused", "Taken", "checked"]


@dataclass(frozen=True, slots=True)
class Taken:
    """A letter as it came. The subscription is a credential and is not kept."""

    identifier: str
    fields: bytes
    """The `Letter` object without `FreeText`, JSON in UTF-8."""
    pdf: bytes


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a body is no letter: a sentence for each field by its path."""

    identifier: str
    errors: dict[str, list[str]]


def checked(body: bytes) -> Taken | Refused:
    """Read a request body."""
    try:
        request = Request.model_validate_json(body, strict=True)
    except ValidationError as error:
        problems: dict[str, list[str]] = {}
        for problem in error.errors(include_url=False, include_input=False, include_context=False):
            place = ".".join(str(part) for part in problem["loc"]) or "body"
            problems.setdefault(place, []).append(problem["msg"])
        return Refused("", problems)
    letter = request.Letter
    required = {
        "Letter.Identifier": letter.Identifier,
        "Letter.Channel": letter.Channel,
        "Letter.Invoicee.Name": letter.Invoicee.Name,
        "Letter.Invoicer.Name": letter.Invoicer.Name,
        "Subscription.SubscriptionId": request.Subscription.SubscriptionId.get_secret_value(),
    }
    errors = {place: ["is required"] for place, value in required.items() if not value.strip()}
    pdf = b""
    try:
        pdf = binascii.a2b_base64(letter.FreeText.encode("ascii"), strict_mode=True)
    except (binascii.Error, UnicodeEncodeError):
        errors["Letter.FreeText"] = ["is not standard base64 (RFC 4648, section 4)"]
    else:
        # A PDF may have a little before its header and after its end (ISO 32000-1, annex H.3).
        if b"%PDF-" not in pdf[:1024] or b"%%EOF" not in pdf[-1024:]:
            errors["Letter.FreeText"] = ["is not a PDF"]
    if errors:
        return Refused(letter.Identifier, errors)
    fields = letter.model_dump_json(exclude={"FreeText"}, exclude_none=True).encode()
    return Taken(letter.Identifier, fields, pdf)

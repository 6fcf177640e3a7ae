"""Texts from outside, made fit to be shown: what the API and the connection say is not ours.

Knows nothing of HTTP.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from batchsend.language import _, ngettext
from batchsend.masking import masked_in_text

LONGEST = 300
"""Characters of a message that are kept."""
LONGEST_READ = 8192
DEEPEST = 6
MOST_PARTS = 8

# Terminal control: CSI and OSC sequences with their arguments, in the 7-bit and the 8-bit form.
ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"
    r"|(?:\x1b[\]PX^_]|[\x9d\x90])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"
    r"|\x1b."
)
TAGS = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^<>]*>", re.IGNORECASE | re.DOTALL)
SAID_UNDER = ("message", "error", "errors", "detail", "details", "title", "description", "reason")
ABOUT_UNDER = ("field", "property", "path", "name", "code")


def fit_to_show(text: str, secrets: Iterable[str] = (), *, longest: int = LONGEST) -> str:
    r"""One line without control characters, terminal escapes, invisible marks, the secrets, or the
    personal part of anything like a national id; shortened.

    >>> fit_to_show("no \x1b[31mred\x1b[0m\r\nhere, 01857212345")
    'no red here, 018572*****'
    """
    text = text[:LONGEST_READ]
    if not (text.isascii() and text.isprintable()):
        text = "".join(map(_visible, ESCAPES.sub("", text)))
    text = " ".join(text.split())
    for secret in secrets:  # before shortening, which could leave half of one
        text = text.replace(secret, "*****")
    text = masked_in_text(text)
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _visible(character: str) -> str:
    if character.isascii():
        return character if character.isprintable() else " "
    category = unicodedata.category(character)
    if category == "Cf":  # joiners, marks that turn the direction of text, byte-order marks
        return ""
    return " " if category[0] in "CZ" else character


_DAY, _HOUR, _MINUTE = 86_400, 3_600, 60


def time_in_words(seconds: float) -> str:
    """A length of time as one says it, in at most two units; `a day` for 86,400 seconds.

    >>> time_in_words(86_400), time_in_words(5_400), time_in_words(0.4)
    ('a day', '1 hour 30 minutes', '0 seconds')
    """
    left = round(seconds)
    if left == _DAY:
        return _("a day")
    days, left = divmod(left, _DAY)
    hours, left = divmod(left, _HOUR)
    minutes, left = divmod(left, _MINUTE)
    parts = [
        ngettext("{number:,} day", "{number:,} days", days) if days else "",
        ngettext("{number:,} hour", "{number:,} hours", hours) if hours else "",
        ngettext("{number:,} minute", "{number:,} minutes", minutes) if minutes else "",
        ngettext("{number:,} second", "{number:,} seconds", left) if left else "",
    ]
    return " ".join([part for part in parts if part][:2]) or _("0 seconds")


def ended(sentence: str) -> str:
    """A sentence that another may follow, whatever the API ended it with.

    >>> ended("It said: no"), ended("It said: no!")
    ('It said: no.', 'It said: no!')
    """
    return sentence if sentence.endswith((".", "!", "?", "…")) else f"{sentence}."


def explanation(body: bytes) -> str:
    """What an error's body says, whatever its shape: JSON with messages in it, HTML or text.

    >>> explanation(b'{"Message": "Invalid", "errors": {"City": ["is required"]}}')
    'Invalid; City: is required'
    """
    try:
        said = list(_said(orjson.loads(body), DEEPEST))
    except orjson.JSONDecodeError:
        return TAGS.sub(" ", body[:LONGEST_READ].decode("utf-8", errors="replace"))
    return "; ".join(dict.fromkeys(said[:MOST_PARTS]))


def _said(value: Any, depth: int) -> Iterator[str]:
    """The messages in an answer, in order. Unknown keys are read only if no known one is there."""
    if depth == 0 or value is None or isinstance(value, bool):
        return
    if isinstance(value, str | int | float):
        if text := str(value).strip():
            yield text
    elif isinstance(value, list):
        for item in value:
            yield from _said(item, depth - 1)
    elif isinstance(value, dict):
        lowered = {key.lower(): item for key, item in value.items()}
        about = next((v for k in ABOUT_UNDER if isinstance(v := lowered.get(k), str) and v), "")
        known = [lowered[key] for key in SAID_UNDER if key in lowered]
        if known:
            for item in known:
                for text in _said_of(item, depth - 1):
                    yield f"{about}: {text}" if about else text
        else:
            yield from _said_of(value, depth - 1)


def _said_of(value: Any, depth: int) -> Iterator[str]:
    """As `_said`, under the names of fields that have messages of their own."""
    if isinstance(value, dict) and not any(key.lower() in SAID_UNDER for key in value):
        for key, item in value.items():
            for text in _said(item, depth - 1):
                yield f"{key}: {text}"
    else:
        yield from _said(value, depth)

"""A person's name where a list has the surname first."""

from __future__ import annotations

import re

from batchsend.text import trimmed

_PERSON = re.compile(r"(?:[^\W\d_]+\.?)(?:[ '’-]+[^\W\d_]+\.?)*")
"""Words, joined by blanks, hyphens and apostrophes: no figures, no `&`."""
_COMPANY = re.compile(
    r"\b(?:as|asa|ans|da|sa|ba|iks|kf|nuf|ab|hb|kb|aps|a/s|oy|oyj|ltd|inc|llc|gmbh|borettslag|sameie)\b",
    re.IGNORECASE,
)


def surname_last(value: object) -> str:
    """A person's name the way it is spoken, where the list has the surname first.

    `{{ navn | surname_last }}` gives `Kari Dahl` for `Dahl, Kari`. Other texts,
    as `Dahl, Berg & Co AS`, stay as they are.
    """
    text = " ".join(trimmed(str(value)).split())
    return _turned(text) or text


def is_surname_first(value: str) -> bool:
    """Whether `surname_last` turns it.

    >>> is_surname_first("Dahl, Kari"), is_surname_first("Dahl, Berg & Co AS")
    (True, False)
    """
    return bool(_turned(" ".join(trimmed(value).split())))


def _turned(text: str) -> str:
    surname, _, first = (part.strip() for part in text.partition(","))
    if not _PERSON.fullmatch(surname) or not _PERSON.fullmatch(first):
        return ""
    return "" if _COMPANY.search(text) else f"{first} {surname}"

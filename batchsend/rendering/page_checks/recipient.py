"""Whose letter a ready-made PDF is: whether its text names the recipient it is about to be sent to.

File names that slipped by one row give everybody another's letter, and nothing else shows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import chain, permutations
from typing import Any, Final

from batchsend.language import _
from batchsend.rendering.page_checks.subject import Finding
from batchsend.rendering.pdf.opened import Pdf
from batchsend.rendering.pdf.text import page_texts, plain

_MARKS: Final = ("CustomerNo", "Reference")
_SHORT: Final = 2
"""Letters and digits of a mark that is on anybody's page: `1` is, in “Side 1 av 2”."""
_YEAR: Final = re.compile(r"(19|20)[0-9]{2}")
_TORN: Final = r"[\s\-\u2010-\u2015\u2212\x02\ufffe]*"
"""What may stand inside a word on a page: blanks, hyphens, the end of a line; U+0002 and U+FFFE are
PDFium's own for a hyphen there."""
_PARTS: Final = 4
"""Of a name: more can be in too many orders, and are looked for anywhere on the page."""
_BETWEEN: Final = ".{0,20}?"
"""Between the parts of a name: a comma, an initial, the heading of the next field."""
_LONG: Final = 8
"""Letters of a name that is in no other word by chance."""


def recipient_findings(pdf: Pdf, fields: Mapping[str, Any]) -> Iterator[Finding]:
    """One, where the recipient's name, postcode, CustomerNo and Reference are all missing.

    `fields` is the request's `Letter` object. Nothing is concluded where there is nothing to look
    for, or where the first page that is not blank cannot be read.
    """
    recipient = fields.get("Invoicee") or {}
    name = plain(str(recipient.get("Name") or ""))
    marks = [plain(str(recipient.get(key) or "")) for key in _MARKS]
    telling = [mark for mark in marks if len(re.sub(r"[\W_]", "", mark)) > (_SHORT if name else 0)]
    code, city = (plain(str(recipient.get(key) or "")) for key in ("PostCode", "City"))
    patterns = (*_names(name), *_postcodes(code, city), *map(_word, telling))
    wanted = [re.compile(each) for each in patterns]
    if not wanted:
        return
    texts = page_texts(pdf)
    first = next(texts, None)
    if first is not None and not any(
        _is_on(text, wanted) for text in chain([first], texts) if text
    ):
        yield Finding(
            "recipient",
            _(
                "it names neither “{name}” nor this recipient's postcode, CustomerNo or "
                "Reference; is it somebody else's?",
                name=recipient.get("Name"),
            ),
        )


def _is_on(page: str, wanted: list[re.Pattern[str]]) -> bool:
    text = plain(page)
    return any(each.search(text) for each in wanted)


def _postcodes(code: str, city: str) -> Iterator[str]:
    """A pattern for a postcode; with its town behind it where it may be the year in a date."""
    towns = re.findall(r"\w+", city)
    if code and towns and _YEAR.fullmatch(code):
        yield rf"{_word(code)}\W{{0,9}}{_word(towns[0])}"
    elif code:
        yield _word(code)


def _names(name: str) -> Iterator[str]:
    """Patterns for a name: its parts close together or run together, in any order."""
    parts = re.findall(r"\w+", name)
    if not parts:
        return
    if len(parts) > _PARTS:
        yield r"(?s)\A" + "".join(rf"(?=.*{_word(part)})" for part in parts)
        return
    for order in permutations(parts):
        yield "(?s)" + _BETWEEN.join(map(_word, order))
        if len(whole := "".join(order)) >= _LONG:
            yield _torn(whole)


def _word(text: str) -> str:
    """A pattern for it as a word of its own, not as a part of another word or amount."""
    return rf"(?<!\w)(?<!\d[.,]){_torn(text)}(?!\w)(?![.,]\d)"


def _torn(text: str) -> str:
    """A pattern for it however it is broken up; blanks and hyphens of its own may be missing."""
    bare = re.sub(_TORN, "", text)
    return _TORN.join(re.escape(each) if each.isalnum() else re.escape(each) + "?" for each in bare)

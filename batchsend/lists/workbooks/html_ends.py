"""How a web page with a table ends: HTML is read whatever is missing, and so is half a page."""

from __future__ import annotations

import re
from enum import Enum, auto
from pathlib import Path

_TAIL = 4 << 20
_ASIDE = re.compile(r"<!--.*?(?:-->|$)|<(script|style)\b.*?(?:</\1|$)", re.DOTALL | re.IGNORECASE)
_OPENS = re.compile(r"<(?:table|tr|td|th)\b", re.IGNORECASE)
_PAGE_ENDS = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
_BETWEEN_ROWS = re.compile(r"(?:\s|</(?:tbody|thead)\s*>)*", re.IGNORECASE)


class Ending(Enum):
    """Where a page ends."""

    WHOLE = auto()
    AFTER_A_ROW = auto()
    """Its table does not end: the page is cut short there, or its program left that out."""
    TORN = auto()
    """In the middle of a row."""


def ending(path: Path, codec: str) -> Ending:
    """How the page ends, by the last of its text."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _TAIL) & ~3)  # no character of any encoding is cut there
        text = file.read().decode(codec, errors="replace")
    text = _ASIDE.sub("", text)
    after = text[text.lower().rfind("</table") + 1 :]
    if not _OPENS.search(after) or _PAGE_ENDS.search(after):
        return Ending.WHOLE
    last = after.lower().rfind("</tr")
    if last < 0:  # no row has an end, as HTML allows it
        return Ending.AFTER_A_ROW
    _tag, _closing, beyond = after[last:].partition(">")
    return Ending.AFTER_A_ROW if _BETWEEN_ROWS.fullmatch(beyond) else Ending.TORN

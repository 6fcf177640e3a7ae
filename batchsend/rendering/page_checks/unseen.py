"""Text in the colour of the paper."""

from __future__ import annotations

from collections.abc import Iterator

from batchsend.language import _
from batchsend.rendering.page_checks.subject import Finding, Sheet, and_more, named
from batchsend.rendering.pdf.boxes import Box, Mark

_PALE = 240
"""Of 255 in each colour: nobody reads it on white paper."""


def unseen(sheet: Sheet) -> Iterator[Finding]:
    """The first text that is white, or nearly, and has nothing darker behind it."""
    if not sheet.layout.may_be_pale:
        return
    page, dark, pale = sheet.page, list[Box](), list[Mark]()
    for mark in sheet.marks:
        if not mark.is_text:
            if page.is_picture(mark) or not page.is_white(mark):
                dark.append(mark.box)
        elif not mark.box.is_empty and min(page.filled_with(mark)) >= _PALE:
            middle = _middle(mark.box)
            if not any(box.touches(middle) for box in dark) and page.text(mark).strip():
                pale.append(mark)
    if pale:
        text = _("{mark} is in a colour that nobody sees on paper", mark=named(page, pale[0]))
        yield Finding("unseen", and_more(text, len(pale) - 1), page.number)


def _middle(box: Box) -> Box:
    across, along = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    return Box(across - 0.01, along - 0.01, across + 0.01, along + 0.01)

"""Lines that the foot of the page cuts through, as PlutoPrint does with columns, or that its upper
margin cuts, as it does with what stands above it.
"""

from __future__ import annotations

from collections.abc import Iterator

from batchsend.language import _
from batchsend.rendering.page_checks.findings import Finding, and_more, named
from batchsend.rendering.page_checks.subject import Sheet

FOOT = 0.75
"""Of the page's height: nothing above it is cut by its foot."""
HEAD = 0.25
"""Of the page's height: nothing below it is cut by its upper margin."""
CUT = 0.15
"""Of a line's ink: what letters reach beyond their box by is less."""


def cut_lines(sheet: Sheet) -> Iterator[Finding]:
    """The first line that is cut through at either end, in a letter whose pages an engine has just
    made.

    Other programs clip texts for reasons of their own.
    """
    if not sheet.layout.own:
        return
    page = sheet.page
    above, below = [], []
    for mark in sheet.marks:
        box = mark.box
        low = box.bottom > page.height * FOOT and not sheet.is_last
        high = sheet.layout.may_rise and box.top < page.height * HEAD
        if mark.is_text and (low or high):
            seen = page.visible(mark)
            ink = CUT * (box.bottom - box.top)
            if seen is not None and low and box.bottom - seen.bottom > ink:
                below.append(mark)
            elif seen is not None and high and seen.top - box.top > ink:
                above.append(mark)
    if above:
        text = _("the page's upper margin cuts through {mark}", mark=named(page, above[0]))
        yield Finding("cut", and_more(text, len(above) - 1), page.number)
    if below:
        text = _("the foot of the page cuts through {mark}", mark=named(page, below[0]))
        yield Finding("cut", and_more(text, len(below) - 1), page.number)

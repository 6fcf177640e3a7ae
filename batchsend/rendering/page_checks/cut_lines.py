"""Lines that the foot of the page cuts through, as PlutoPrint does with columns."""

from __future__ import annotations

from collections.abc import Iterator

from batchsend.language import _
from batchsend.rendering.page_checks.findings import Finding, and_more, named
from batchsend.rendering.page_checks.subject import Sheet

FOOT = 0.75
"""Of the page's height: nothing above it is cut by its foot."""
CUT = 0.15
"""Of a line's ink: what letters reach beyond their box by is less."""


def cut_lines(sheet: Sheet) -> Iterator[Finding]:
    """The first line that is cut through, in a letter whose pages an engine has just made.

    Other programs clip texts for reasons of their own.
    """
    if sheet.is_last or not sheet.layout.own:
        return
    page = sheet.page
    cut = []
    for mark in sheet.marks:
        box = mark.box
        if mark.is_text and box.bottom > page.height * FOOT:
            seen = page.visible(mark)
            if seen is not None and box.bottom - seen.bottom > CUT * (box.bottom - box.top):
                cut.append(mark)
    if cut:
        text = _("the foot of the page cuts through {mark}", mark=named(page, cut[0]))
        yield Finding("cut", and_more(text, len(cut) - 1), page.number)

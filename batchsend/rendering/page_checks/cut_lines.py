"""Lines that the foot of the page cuts through, as PlutoPrint does with columns, or that its upper
margin cuts, as it does with what stands above it; and what a box with `overflow: hidden` cuts off.
"""

from __future__ import annotations

from collections.abc import Iterator

from batchsend.language import _
from batchsend.rendering.page_checks.subject import Finding, Sheet, and_more, named
from batchsend.rendering.pdf.boxes import Mark
from batchsend.rendering.pdf.page import Page

FOOT = 0.75
"""Of the page's height: nothing above it is cut by its foot."""
HEAD = 0.25
"""Of the page's height: nothing below it is cut by its upper margin."""
CUT = 0.15
"""Of a line's ink: what letters reach beyond their box by is less."""
SEEN = 0.5
"""Millimetres of a text or picture: less is not missed."""
UNSEEN = 1
"""Millimetres: what is cut off to less than that is there for screen readers."""


def cut_lines(sheet: Sheet) -> Iterator[Finding]:
    """The first line that is cut through at either end, in a letter whose pages an engine has just
    made.

    Other programs clip texts for reasons of their own.
    """
    if not sheet.layout.own:
        return
    page = sheet.page
    above, below, clipped = [], [], []
    foot, head = page.height * FOOT, page.height * HEAD
    may_cut = sheet.layout.may_rise or sheet.layout.may_clip or not sheet.is_last
    for mark in sheet.marks if may_cut else ():
        box = mark.box
        low = box.bottom > foot and not sheet.is_last
        high = sheet.layout.may_rise and box.top < head
        if mark.is_text and (low or high):
            seen = page.visible(mark)
            ink = CUT * (box.bottom - box.top)
            if seen is not None and low and box.bottom - seen.bottom > ink:
                below.append(mark)
            elif seen is not None and high and seen.top - box.top > ink:
                above.append(mark)
                continue
        if sheet.layout.may_clip and mark.is_text and mark not in below and _clipped(page, mark):
            clipped.append(mark)
    if sheet.layout.goes_aside:
        clipped += _beside(sheet)
    if above:
        text = _("the page's upper margin cuts through {mark}", mark=named(page, above[0]))
        yield Finding("cut", and_more(text, len(above) - 1), page.number)
    if below:
        text = _("the foot of the page cuts through {mark}", mark=named(page, below[0]))
        yield Finding("cut", and_more(text, len(below) - 1), page.number)
    if clipped:
        text = _(
            "{mark} goes beyond the box around it or the page's margin, which cuts it off",
            mark=named(page, clipped[0]),
        )
        yield Finding("cut", and_more(text, len(clipped) - 1), page.number)


def _beside(sheet: Sheet) -> Iterator[Mark]:
    """Texts and pictures that begin to the left of the margin, where nothing is printed."""
    page = sheet.page
    for mark in sorted(sheet.marks, key=lambda mark: mark.box.left):
        if not mark.is_text and not page.is_picture(mark):
            continue
        clip = page.clip(mark)
        if clip.left - mark.box.left <= SEEN:
            return  # what begins farther to the right is not cut off there either
        if mark.box.right - clip.right <= SEEN:
            # A picture that is cut on both sides fills a box that shows a part of it.
            yield mark


def _clipped(page: Page, mark: Mark) -> bool:
    """Whether something that is to be seen is cut off by the box around it."""
    clip = page.clip(mark)
    if clip.right - clip.left < UNSEEN or clip.bottom - clip.top < UNSEEN or mark.box.is_empty:
        return False
    seen, box = mark.box.cut(clip), mark.box
    ink = CUT * (box.bottom - box.top)
    lost = (
        seen.left - box.left,
        box.right - seen.right,
        seen.top - box.top,
        box.bottom - seen.bottom,
    )
    return max(lost) > ink

"""Text printed over text, so that neither can be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from batchsend.language import _
from batchsend.rendering.page_checks.subject import Finding, Sheet, and_more, named
from batchsend.rendering.pdf.boxes import Mark
from batchsend.rendering.pdf.page import Page
from batchsend.rendering.pdf.text import bare

_HIGH = 0.35
"""Of the higher text's ink: lines set close share less, and a line of dots or a large word behind
the text has not that much of it."""
_WIDE = 1
"""Millimetres: neighbours in a line share less."""


def overprinted(sheet: Sheet) -> Iterator[Finding]:
    """The first two texts that stand over each other, in a letter made from a template.

    Other programs print a text twice to make it bold.
    """
    if sheet.layout.own:
        yield from over_each_other(sheet.page, sheet.marks)
    if sheet.layout.goes_back:
        yield from _on_one_line(sheet.page)


def over_each_other(page: Page, marks: Sequence[Mark]) -> Iterator[Finding]:
    """The first two texts of the marks that do, where neither is a part of the other."""
    texts = sorted(
        (box.top, box.bottom, box.left, box.right, number)
        for number, (is_text, box, _handle, _within) in enumerate(marks)
        if is_text
    )
    over: list[tuple[Mark, Mark]] = []
    for at, (top, bottom, left, right, number) in enumerate(texts, start=1):
        low = bottom - _HIGH * (bottom - top)
        for place in range(at, len(texts)):
            other_top, other_bottom, other_left, other_right, other = texts[place]
            if other_top >= low:
                break
            wide = min(right, other_right) - max(left, other_left)
            if wide > _WIDE:
                shared = min(bottom, other_bottom) - other_top
                if shared > _HIGH * max(bottom - top, other_bottom - other_top):
                    over.append((marks[number], marks[other]))
    # PDFium has no text for what is printed once more to make it bold.
    different = [pair for pair in over if not _is_part(*(bare(page.text(each)) for each in pair))]
    if different:
        first, second = (named(page, each) for each in different[0])
        text = _("{one} and {other} are printed over each other", one=first, other=second)
        yield Finding("overlap", and_more(text, len(different) - 1), page.number)


def _on_one_line(page: Page) -> Iterator[Finding]:
    """The first text that is drawn as one and goes back over its own beginning."""
    over = [(one, other) for one, other in page.going_back(_WIDE) if not _is_part(one, other)]
    if over:
        one, other = (f"“{part}”" for part in over[0])
        text = _("{one} and {other} are printed over each other", one=one, other=other)
        yield Finding("overlap", and_more(text, len(over) - 1), page.number)


def _is_part(one: str, other: str) -> bool:
    return one in other or other in one

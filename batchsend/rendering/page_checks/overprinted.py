"""Text printed over text, so that neither can be read."""

from __future__ import annotations

from collections.abc import Iterator

from batchsend.language import _
from batchsend.rendering.page_checks.subject import Finding, Sheet, and_more, named
from batchsend.rendering.pdf.boxes import Mark

_HIGH = 0.35
"""Of the higher text's ink: lines set close share less, and a line of dots or a large word behind
the text has not that much of it."""
_WIDE = 1
"""Millimetres: neighbours in a line share less."""


def overprinted(sheet: Sheet) -> Iterator[Finding]:
    """The first two texts that stand over each other, in a letter made from a template.

    Other programs print a text twice to make it bold.
    """
    if not sheet.layout.own:
        return
    texts = sorted(
        (box.top, box.bottom, box.left, box.right, number)
        for number, (is_text, box, _handle, _within) in enumerate(sheet.marks)
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
                    over.append((sheet.marks[number], sheet.marks[other]))
    page = sheet.page
    pairs = [(named(page, one), named(page, other)) for one, other in over]
    different = [pair for pair in pairs if pair[0] != pair[1]]
    if different:
        first, second = different[0]
        text = _("{one} and {other} are printed over each other", one=first, other=second)
        yield Finding("overlap", and_more(text, len(different) - 1), page.number)

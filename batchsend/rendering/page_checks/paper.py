"""The paper: A4, as Digipost's printability validator measures it."""

from __future__ import annotations

from collections.abc import Iterator

from batchsend.language import _
from batchsend.rendering.page_checks.findings import Finding
from batchsend.rendering.page_checks.subject import Sheet

A4_WIDTH, A4_HEIGHT = 210, 297
SHRUNK = 10
"""Digipost's validator: an A4 page may be this much smaller, not larger."""
ROUNDING = 0.5
"""The validator rounds to whole millimetres, half of one upwards."""


def paper(sheet: Sheet) -> Iterator[Finding]:
    """One, where the page is not A4, upright or landscape, or was not before it was cropped."""
    page = sheet.page
    if not _fits(page.width, page.height):
        width, height = page.width, page.height
        if page.landscape:
            width, height = height, width
        yield Finding(
            "paper",
            _("{width:.0f} x {height:.0f} mm is not A4 (210 x 297)", width=width, height=height),
            page.number,
        )
    elif not _fits(*(whole := page.whole())):
        width, height = whole
        text = _(
            "it is {width:.0f} x {height:.0f} mm before it is cropped to A4",
            width=width,
            height=height,
        )
        yield Finding("paper", text, page.number)


def _fits(width: float, height: float) -> bool:
    return (
        A4_WIDTH - SHRUNK - ROUNDING <= width < A4_WIDTH + ROUNDING
        and A4_HEIGHT - SHRUNK - ROUNDING <= height < A4_HEIGHT + ROUNDING
    )

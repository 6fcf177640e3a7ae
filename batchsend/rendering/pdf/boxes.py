"""Marks on a page and the boxes around them; the arithmetic of PDF matrices. Knows no library."""

from __future__ import annotations

from typing import Any, NamedTuple

MM = 25.4 / 72
"""Millimetres in a point."""
Matrix = tuple[float, float, float, float, float, float]
"""As in PDF: (x, y) becomes (a x + c y + e, b x + d y + f)."""


class Box(NamedTuple):
    """A rectangle, in millimetres from the paper's top left corner."""

    left: float
    top: float
    right: float
    bottom: float

    def touches(self, other: Box) -> bool:
        """Whether they have any area in common."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    @property
    def is_empty(self) -> bool:
        """Whether it has no area: a blank."""
        return self.left >= self.right or self.top >= self.bottom

    def grown(self, by: float) -> Box:
        """Larger by that much on every side."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def cut(self, other: Box) -> Box:
        """What lies in both."""
        return Box(
            max(self.left, other.left),
            max(self.top, other.top),
            min(self.right, other.right),
            min(self.bottom, other.bottom),
        )


class Mark(NamedTuple):
    """One thing drawn on a page, and the box around its ink."""

    is_text: bool
    box: Box
    handle: Any
    """PDFium's object, valid while the page is open."""
    within: Matrix | None = None
    """What puts it on the sheet: the matrices of its group and of a turned page."""


def multiplied(inner: Matrix, outer: Matrix | None) -> Matrix:
    """The matrix that does `inner` first, then `outer`."""
    if outer is None:
        return inner
    a, b, c, d, e, f = inner
    k, m, n, o, p, q = outer
    return (
        a * k + b * n,
        a * m + b * o,
        c * k + d * n,
        c * m + d * o,
        e * k + f * n + p,
        e * m + f * o + q,
    )


def moved(corners: tuple[float, float, float, float], matrix: Matrix) -> tuple[float, ...]:
    """The box around a box that a matrix has moved; both as left, bottom, right, top."""
    left, bottom, right, top = corners
    a, b, c, d, e, f = matrix
    points = [(a * x + c * y + e, b * x + d * y + f) for x in (left, right) for y in (bottom, top)]
    across, along = zip(*points, strict=True)
    return min(across), min(along), max(across), max(along)

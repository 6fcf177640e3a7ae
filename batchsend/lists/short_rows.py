"""Rows with fewer cells than the list has columns, and which of them a line break cut in two.

Many programs leave out empty cells at the end of a row, so that short rows alone prove nothing.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

_WIDE = 3
"""Columns from which a row of one cell is odd."""


@dataclass(slots=True)
class ShortRows:
    """Short rows, ascending, and how many cells each has; a list may consist of them."""

    rows: array[int] = field(default_factory=lambda: array("L"))
    cells: array[int] = field(default_factory=lambda: array("L"))

    def add(self, row: int, cells: int) -> None:
        """Note one more, below all others."""
        self.rows.append(row)
        self.cells.append(cells)


def cut_in_pieces(short: ShortRows, width: int, blank: Collection[int]) -> list[list[int]]:
    """The rows that are pieces of one, those of each together; `blank` rows may lie between them.

    They lie together and have as many cells as one row of `width`, the cell that was cut counted
    once. That may be chance, so it is believed only where it explains most of the short rows.
    """
    found = list(_pieces(short, width, frozenset(blank)))
    return found if 2 * sum(map(len, found)) > len(short.rows) else []


def beside_loose_cells(
    short: ShortRows, width: int, blank: Collection[int]
) -> Iterator[tuple[int, int]]:
    """Rows of all their cells that lie beside a row of a single one, which may be a part of theirs.

    Each with the row of that cell.
    """
    if width < _WIDE:
        return
    passed = {*blank, *short.rows}
    for row, cells in zip(short.rows, short.cells, strict=True):
        if cells > 1:
            continue
        for beside in (row - 1, row + 1):
            if beside not in passed:
                yield beside, row


def _pieces(short: ShortRows, width: int, blank: frozenset[int]) -> Iterator[list[int]]:
    pieces: list[int] = []
    together = 0
    for row, cells in zip(short.rows, short.cells, strict=True):
        if pieces and _lie_together(pieces[-1], row, blank) and together + cells - 1 <= width:
            pieces.append(row)
            together += cells - 1
        else:
            pieces, together = [row], cells
        if together == width:
            yield pieces
            pieces = []


def _lie_together(above: int, below: int, blank: frozenset[int]) -> bool:
    return all(between in blank for between in range(above + 1, below))

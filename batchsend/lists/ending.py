"""Whether the end of a text file is missing, as after a transfer that broke off."""

from __future__ import annotations

import polars as pl

from batchsend.language import _
from batchsend.lists.problems import Problem
from batchsend.lists.short_rows import ShortRows

_ENOUGH = 3
"""Rows above the last one, from which their last cells tell anything."""


def cut_short(rows: pl.LazyFrame, width: int, short: ShortRows) -> Problem | None:
    """What may be wrong with the last row of a file that does not end with a line end.

    Many programs leave out the last line end; then its last row is as long as the others are.
    """
    cell = pl.col(f"c{width - 1}")
    ends = rows.select("row", size=cell.str.strip_chars().str.len_chars()).collect()
    if not ends.height:
        return None
    last, size = ends.row(-1)
    if width > 1 and short.rows and short.rows[-1] == last and len(short.rows) == 1:
        return Problem(
            last,
            None,
            "",
            _(
                "the file ends in the middle of this row, which has fewer cells than all "
                "others: it seems to be cut short, and rows may be missing; export or copy "
                "it again"
            ),
        )
    above = ends["size"].head(-1)
    if above.len() >= _ENOUGH and size < above.min():
        text = rows.select(cell.last()).collect().item()
        return Problem(
            last,
            width - 1,
            text,
            _(
                "the file ends here without a line end, and this cell is shorter than all "
                "above it: if the file is cut short, it is not whole, and rows may be "
                "missing"
            ),
            "warning",
        )
    return None

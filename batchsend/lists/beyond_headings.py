"""Cells to the right of the last heading, in few rows: a separator in a cell may have shifted them.

Many programs end every line with separators, so that such a row is no longer than the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from batchsend.language import _
from batchsend.lists.problems import Problem
from batchsend.text import blank

_FEW = 10
"""One row in so many; where more have such a cell, it is a column whose heading is missing."""


def cells_beyond(
    rows: pl.LazyFrame, headings: Sequence[str], kept: Sequence[int]
) -> Iterator[Problem]:
    """A warning for each such row; `kept` are the positions of columns that hold anything."""
    last = max((at for at, heading in enumerate(headings) if not blank(heading)), default=None)
    beyond = [at for at in kept if last is not None and at > last]
    if not beyond:
        return
    height = rows.select(pl.len()).collect().item()
    cell = pl.coalesce(
        pl.when(pl.col(f"c{at}").str.strip_chars() != "").then(pl.col(f"c{at}")) for at in beyond
    )
    few = max(1, height // _FEW)
    found = rows.select("row", cell=cell).drop_nulls().head(few + 1).collect()
    if found.height > few or 2 * found.height >= height:
        return
    message = _(
        "the row has a cell beyond the last heading, as hardly another has: if a separator in one "
        "of its cells has shifted it, what stands before it is in the wrong columns"
    )
    for row, text in found.rows():
        yield Problem(row, beyond[0], text, message, "warning")

"""Headings that come again among the rows, as where several exports were pasted into one file."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from batchsend.text import blank

_LOOKED_AT = 3
"""Columns whose cells may give such a row away."""
_MOST = 0.6
_NUMBER = re.compile(r"[\W\d]*")


def heading_rows(rows: pl.LazyFrame, headings: Sequence[str]) -> list[tuple[int, bool]]:
    """The rows whose cells are headings for the most part, and whether in the same order.

    `rows` has `row, c0, c1, …`, a column for each of `headings`.
    """
    named = {
        f"c{at}": _key(text)
        for at, text in enumerate(headings)
        if not blank(text) and not _NUMBER.fullmatch(text)  # which cells may have, too
    }
    if not named:
        return []
    known = sorted(set(named.values()))
    # Nearly always typed like this; no more is asked of every row, since that would take its time.
    as_typed = {heading.strip() for heading in headings} - {""}
    typed = sorted({way(text) for text in as_typed for way in (str, str.upper, str.lower)})
    first = [pl.col(key) for key in list(named)[:_LOOKED_AT]]
    suspect = pl.any_horizontal(cell.str.strip_chars().is_in(typed) for cell in first)
    counted = (
        rows.filter(suspect)
        .select(
            "row",
            filled=pl.sum_horizontal(_cell(key) != "" for key in named),
            known=pl.sum_horizontal(_cell(key).is_in(known) for key in named),
            same=pl.sum_horizontal(_cell(key) == heading for key, heading in named.items()),
        )
        .filter(
            pl.col("known") >= _MOST * pl.col("filled"), pl.col("known") >= min(2, len(headings))
        )
    )
    found = counted.select("row", same=pl.col("same") >= _MOST * pl.col("filled"))
    return found.collect(engine="streaming").rows()


def _cell(key: str) -> pl.Expr:
    return pl.col(key).str.strip_chars().str.to_lowercase()


def _key(heading: str) -> str:
    return heading.strip().lower()

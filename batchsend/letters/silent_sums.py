"""The last row of a letter, if it is the sum of those above without saying so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl

from batchsend.letters.text import trimmed
from batchsend.lists import Column

_FEWEST = 3
"""Rows of a letter whose last one may be a sum: of one row it would be a repetition."""
_HALF_A_CENT = 0.005


def silent_sums(
    columns: Iterable[Column], members: pl.DataFrame
) -> Iterator[tuple[Column, pl.DataFrame]]:
    """Columns whose last row within a letter is the sum of the others, each with those rows.

    Only where that row lacks something that all others have, as its text: two that cost 10 and 20
    may well stand above one that costs 30.
    """
    looked_at = list(columns)
    if not looked_at:
        return
    filled = pl.sum_horizontal(trimmed(pl.col(column.key)) != "" for column in looked_at)
    rows = members.filter(pl.len().over("letter") >= _FEWEST).with_columns(filled=filled)
    above = pl.col("row") != pl.col("row").last().over("letter")
    fewest = pl.col("filled").filter(above).min().over("letter")
    rows = rows.filter(pl.col("filled").last().over("letter") < fewest) if rows.height else rows
    if rows.is_empty():
        return
    for column in looked_at:
        amount = _amount(column)
        whole = amount.is_not_null().all().over("letter")
        others = amount.filter(above).sum().over("letter")
        adds_up = (amount - others).abs() < _HALF_A_CENT
        found = rows.filter(whole & ~above & adds_up & (amount != 0))
        if found.height:
            yield column, found


def _amount(column: Column) -> pl.Expr:
    bare = (
        trimmed(pl.col(column.key)).str.replace_all(r"\s", "").str.replace(",", ".", literal=True)
    )
    return bare.cast(pl.Float64, strict=False)

"""Rows that are there twice: each says in every column what a row above it says."""

from __future__ import annotations

import polars as pl

from batchsend.language import _, filled
from batchsend.letters.text import trimmed
from batchsend.lists import LEFT_OUT, RecipientList


def copied_rows(recipients: RecipientList) -> pl.DataFrame:
    """The copies, but not the rows they are copies of (LEFT_OUT)."""
    cells = [trimmed(column.shown) for column in recipients.columns]
    text = pl.concat_str(cells, separator="\x1f")
    # 128 bits, so that no two recipients are ever taken for one by chance.
    said = recipients.rows.select("row", one=text.hash(seed=1), two=text.hash(seed=2))
    first = pl.min("row").over("one", "two")
    copies = said.with_columns(first=first).filter(pl.col("row") != pl.col("first"))
    reason = filled(_("Says the same as row {first} in every column."), first="first")
    return copies.select("row", reason=reason).collect(engine="streaming").cast(LEFT_OUT)

"""What the letters of rows that are left out would be called: one of them may have gone before."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from batchsend.letters.filling import fill
from batchsend.letters.mapping import Mapping
from batchsend.letters.problems import Problems
from batchsend.lists import RecipientList

_NEEDED = frozenset({"Identifier", "LanguageID"})


def left_out_with_identifiers(recipients: RecipientList, mapping: Mapping) -> pl.DataFrame:
    """The rows that are left out, as RecipientList has them, each with the `identifier` that a
    letter of it alone would have; empty where none can be made, which is no matter."""
    rows = recipients.left_out
    if rows.is_empty():
        return rows.with_columns(identifier=pl.lit("", pl.String))
    shown = [column.shown_key for column in mapping.names.columns if column.formatted]
    members = rows.with_columns(
        pl.col("row").alias("letter"), *(pl.lit(None, pl.String).alias(key) for key in shown)
    )
    leaves = {path: leaf for path, leaf in mapping.leaves.items() if path in _NEEDED}
    known_by = replace(mapping, leaves=leaves)
    filled = fill(known_by, members, Problems(recipients))
    names = filled.select(identifier=known_by.text("Identifier").fill_null(""))
    return rows.with_columns(names["identifier"])

"""Lists as the readers hand them over, made of texts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from batchsend.corrections import Correction, Draft
from batchsend.lists import PROBLEMS, Column, RecipientList, texts_of
from batchsend.lists.header import columns_from

AT = datetime(2026, 11, 1, tzinfo=UTC)


def made(headings: Sequence[str], *rows: Sequence[str], first: int = 2) -> RecipientList:
    """A list of these rows, numbered from `first`."""
    columns = columns_from(headings)
    cells = {
        column.key: pl.Series([row[column.index] for row in rows], dtype=pl.String)
        for column in columns
    }
    numbers = pl.Series(range(first, first + len(rows)), dtype=pl.UInt32)
    frame = pl.DataFrame({"row": numbers, **cells})
    return RecipientList(Path("list.csv"), columns, frame.lazy(), PROBLEMS.to_frame(), {}, (), "")


def texts(recipients: RecipientList) -> list[list[str]]:
    """All its cells, row by row."""
    return [list(row) for row in texts_of(recipients.rows.collect(), recipients.columns)]


def columns_of(recipients: RecipientList, *headings: str) -> list[Column]:
    """The columns with these headings."""
    return [column for column in recipients.columns if column.heading in headings]


def correction(
    key: dict[str, str], column: str, was: str, now: str, *, number: int = 1
) -> Correction:
    """One that somebody entered."""
    return Correction(number, 1, Draft(tuple(key.items()), column, was, now), AT, "kari")

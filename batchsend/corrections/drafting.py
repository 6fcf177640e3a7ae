"""Draft: what is to be kept of a cell that somebody corrects, and what its row is known by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from batchsend.corrections.columns import Labels
from batchsend.corrections.correction import Draft, Key, Text
from batchsend.corrections.matching import cells_of, rows_fitting
from batchsend.lists import Column, RecipientList
from batchsend.text import blank


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell and what it is to say."""

    row: int
    """As the spreadsheet numbers it."""
    column: str
    """Its heading, or its name as in a mapping."""
    now: Text


def draft(
    recipients: RecipientList, identifier: Sequence[Column], cells: Sequence[Cell]
) -> list[Draft]:
    """What to keep of cells, whose rows and columns are in the list, which nothing is laid over.

    A row is known by the columns of the `identifier` where no other row has the same in them, else
    by all its cells. A column that says the same in every row of those, such as that of a month,
    tells no row from another and is left out.
    """
    labels = Labels(recipients.columns)
    rows = cells_of(recipients.rows, labels, [cell.row for cell in cells])
    telling = _telling(recipients, identifier)
    short = {
        row: tuple((labels.of(column), texts[labels.of(column)]) for column in telling)
        for row, texts in rows.items()
    }
    named = [row for row, key in short.items() if key and not any(blank(text) for _, text in key)]
    alone = rows_fitting(recipients.rows, labels, [short[row] for row in named])
    unique = {row for row, fitting in zip(named, alone, strict=True) if fitting == (row,)}
    keys: dict[int, Key] = {
        row: short[row] if row in unique else tuple(texts.items()) for row, texts in rows.items()
    }
    drafts: list[Draft] = []
    for cell in cells:
        column = labels.find(cell.column)
        if cell.row in rows and column is not None:
            label = labels.of(column)
            drafts.append(Draft(keys[cell.row], label, rows[cell.row][label], cell.now))
    return drafts


def _telling(recipients: RecipientList, identifier: Sequence[Column]) -> list[Column]:
    """Those of the columns that differ from row to row; all of them where none does."""
    if len(identifier) < 2:
        return list(identifier)
    counts = [pl.col(column.key).n_unique() for column in identifier]
    kinds = recipients.rows.select(counts).collect(engine="streaming")
    telling = [column for column in identifier if kinds[column.key].item() > 1]
    return telling or list(identifier)

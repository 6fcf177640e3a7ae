"""What is to be kept of a cell that somebody corrects, and corrections laid over a list as it was
read: a cell is corrected where it says what it said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import polars as pl

from batchsend.corrections.journal import Correction, Draft, Key, Text
from batchsend.corrections.matching import Labels, cells_of, rows_fitting, same_cell
from batchsend.lists import Column, Figure, RecipientList
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


State = Literal["used", "cured", "changed", "no row", "several rows", "no column"]
"""The cell is corrected; the list itself says so by now; the list says something else by now; the
list has no such row, several of them, or no such column."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A correction, and the row of this list that it is of."""

    correction: Correction
    state: State
    row: int | None = None
    column: Column | None = None


def fits(recipients: RecipientList, corrections: Sequence[Correction]) -> tuple[Fit, ...]:
    """What each correction means for a list that nothing has been laid over."""
    if not corrections:
        return ()
    labels = Labels(recipients.columns)
    places = rows_fitting(recipients.rows, labels, [each.draft.key for each in corrections])
    alone = [rows[0] for rows in places if len(rows) == 1]
    cells = cells_of(recipients.rows, labels, alone)
    return tuple(
        _fit(each, rows, labels, cells) for each, rows in zip(corrections, places, strict=True)
    )


def _fit(
    correction: Correction,
    rows: tuple[int, ...],
    labels: Labels,
    cells: dict[int, dict[str, str]],
) -> Fit:
    if len(rows) != 1:
        return Fit(correction, "several rows" if rows else "no row")
    row, column = rows[0], labels.find(correction.draft.column)
    if column is None:
        return Fit(correction, "no column", row)
    says = cells[row][labels.of(column)]
    if same_cell(says, correction.draft.was):
        return Fit(correction, "used", row, column)
    state: State = "cured" if same_cell(says, correction.draft.now) else "changed"
    return Fit(correction, state, row, column)


def laid_over(recipients: RecipientList, found: Sequence[Fit]) -> RecipientList:
    """The list with its cells corrected, of which the last correction counts; what reading found
    wrong with them is gone. Its digest is that of the file all the same."""
    by_column: dict[Column, dict[int, str]] = {}
    for fit in found:
        if fit.state == "used" and fit.column is not None and fit.row is not None:
            by_column.setdefault(fit.column, {})[fit.row] = fit.correction.draft.now
    if not by_column:
        return recipients
    columns = list(recipients.columns)
    changed: list[pl.Expr] = []
    for column, texts in by_column.items():
        formatted = column.formatted or any(isinstance(text, Figure) for text in texts.values())
        columns[column.index] = replace(column, formatted=formatted)
        known = {
            row: text.stored if isinstance(text, Figure) else text for row, text in texts.items()
        }
        changed.append(_instead(known, pl.col(column.key), column.key))
        if formatted:
            seen = {
                row: str(text) if isinstance(text, Figure) else None for row, text in texts.items()
            }
            before = pl.col(column.shown_key) if column.formatted else pl.lit(None, pl.String)
            changed.append(_instead(seen, before, column.shown_key))
    headings = {column: column.heading or column.name for column in by_column}
    cured = pl.DataFrame(
        [(row, headings[column]) for column, texts in by_column.items() for row in texts],
        schema={"row": pl.UInt32, "column": pl.String},
        orient="row",
    )
    return replace(
        recipients,
        columns=tuple(columns),
        rows=recipients.rows.with_columns(changed),
        problems=recipients.problems.join(
            cured, on=["row", "column"], how="anti", maintain_order="left"
        ),
    )


def _instead(texts: dict[int, str] | dict[int, str | None], cell: pl.Expr, name: str) -> pl.Expr:
    rows = pl.Series(list(texts), dtype=pl.UInt32)
    now = pl.Series(list(texts.values()), dtype=pl.String)
    return pl.col("row").replace_strict(rows, now, default=cell, return_dtype=pl.String).alias(name)

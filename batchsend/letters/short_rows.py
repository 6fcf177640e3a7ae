"""Rows that end before the list does: what follows from that is told as one problem of the row."""

from __future__ import annotations

import polars as pl

from batchsend.language import _, ngettext
from batchsend.lists import PROBLEMS, Column, RecipientList

_NAMED = 4


def ended_early(problems: pl.DataFrame, recipients: RecipientList) -> pl.DataFrame:
    """`problems` (PROBLEMS) with one for all errors in columns that a short row does not have."""
    if recipients.short.is_empty() or problems.is_empty():
        return problems
    beside = problems.join(recipients.short, on="row", how="left", maintain_order="left")
    last = _last_columns(problems["column"].unique(), recipients.columns)
    follows = (
        (pl.col("severity") == "error")
        & (pl.col("column").replace_strict(last, return_dtype=pl.Int64) >= pl.col("cells"))
    ).fill_null(False)
    rows = beside.filter(follows).unique("row", maintain_order=True).select("row", "cells")
    return pl.concat([beside.filter(~follows).drop("cells"), _told(rows, recipients.columns)])


def _last_columns(named: pl.Series, columns: tuple[Column, ...]) -> dict[str, int]:
    """The last of the columns that each problem names, as "Fornavn, Etternavn"; -1 for none."""
    headings = [(f", {column.heading or column.name}, ", column.index) for column in columns]
    return {
        name: max((at for heading, at in headings if heading in f", {name}, "), default=-1)
        for name in named
    }


def _told(rows: pl.DataFrame, columns: tuple[Column, ...]) -> pl.DataFrame:
    messages = {cells: _message(cells, columns) for cells in rows["cells"].unique()}
    return rows.select(
        "row",
        column=pl.lit(""),
        value=pl.lit(""),
        message=pl.col("cells").replace_strict(messages, return_dtype=pl.String),
        severity=pl.lit("error"),
    ).cast(PROBLEMS)


def _message(cells: int, columns: tuple[Column, ...]) -> str:
    missing = [column.heading or column.name for column in columns[cells:]]
    named = ", ".join(missing[:_NAMED])
    return ngettext(
        "the row ends after {cells} of {width} cells: {missing} is missing. If a line break in a "
        "cell has cut it, its other part is the row above or below",
        "the row ends after {cells} of {width} cells: {missing} are missing. If a line break in a "
        "cell has cut it, its other part is the row above or below",
        len(missing),
        cells=cells,
        width=len(columns),
        missing=_("{names} and more", names=named) if len(missing) > _NAMED else named,
    )

"""Gathering problems as columns: one call for all rows that share one kind of mistake."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Literal

import polars as pl

from batchsend.language import _, ngettext
from batchsend.lists import PROBLEMS, Column, RecipientList

_WARNINGS = 1_000
"""Warnings about a column that are listed; errors are, however many."""
Severity = Literal["error", "warning"]


def those_that_hold(frame: pl.DataFrame, conditions: Mapping[str, pl.Expr]) -> list[str]:
    """The names of the conditions that hold for any line of `frame`, all asked in one pass."""
    found = frame.select(condition.any().alias(name) for name, condition in conditions.items())
    return [name for name in found.columns if found[name].item()]


class Problems:
    """Problems as they are found, in any order; `frame` has them by row.

    Of a row whose cells may not be those of their columns only that is told, since all else follows
    from it.
    """

    def __init__(self, recipients: RecipientList) -> None:
        self._of_reading = recipients.problems
        self._recipients = recipients
        self._found: list[bytes] = []
        self._warnings: dict[str, int] = {}

    def tell(  # noqa: PLR0913 - the parts of a problem, by name
        self,
        frame: pl.DataFrame,
        where: pl.Expr,
        message: str | pl.Expr,
        *,
        column: str,
        value: pl.Expr | None = None,
        severity: Severity = "error",
    ) -> None:
        """Add a problem for each line of `frame` (which has `row`) where `where` holds.

        `column` is the heading, `value` what people are shown of it: masked where it is sensitive.
        """
        found = frame.select((pl.col("row").is_not_null() & where).alias("found")).to_series()
        if not found.any():  # nearly always, and then it is to cost nothing more
            return
        chosen = frame.filter(found)
        if severity == "warning":
            before = self._warnings.get(column, 0)
            self._warnings[column] = before + chosen.height
            chosen = chosen.head(max(0, _WARNINGS - before))
        told = chosen.select(
            "row",
            column=pl.lit(column),
            value=pl.lit("") if value is None else value,
            message=pl.lit(message) if isinstance(message, str) else message,
            severity=pl.lit(severity),
        )
        self.extend(told.cast(PROBLEMS))

    def extend(self, found: pl.DataFrame) -> None:
        """Add problems that are in the shape of PROBLEMS already."""
        if found.height:
            # As bytes, since texts cut from a frame keep the whole of it in memory.
            kept = io.BytesIO()
            found.write_ipc(kept)
            self._found.append(kept.getvalue())

    @property
    def notes(self) -> tuple[str, ...]:
        """What is left out of `frame`: a list all in capitals needs no warning in every row."""
        return tuple(
            _(
                "{number} more warnings about {column} are not listed.",
                number=number - _WARNINGS,
                column=column,
            )
            for column, number in self._warnings.items()
            if number > _WARNINGS
        )

    @property
    def frame(self) -> pl.DataFrame:
        """All problems, by row; those of a row in the order they were found."""
        if not self._found:
            return self._of_reading
        misplaced = self._of_reading.filter(
            pl.col("severity") == "error", pl.col("column") == ""
        ).select("row")
        found = pl.concat(pl.read_ipc(found) for found in self._found)
        found = found.join(misplaced, on="row", how="anti", maintain_order="left")
        found = ended_early(found, self._recipients)
        return pl.concat([self._of_reading, found]).sort("row", maintain_order=True)


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

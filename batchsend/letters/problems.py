"""Gathering problems as columns: one call for all rows that share one kind of mistake."""

from __future__ import annotations

from typing import Literal

import polars as pl

from batchsend.lists import PROBLEMS

__all__ = ["Problems", "Severity"]

Severity = Literal["error", "warning"]


class Problems:
    """Problems as they are found, in any order; `frame` has them by row."""

    def __init__(self) -> None:
        self._found: list[pl.DataFrame] = []

    def add(
        self,
        rows: pl.Series,
        messages: pl.Series,
        *,
        column: str | pl.Series = "",
        values: pl.Series | None = None,
        severity: Severity = "error",
    ) -> None:
        """Add one problem for each message that is not null; the series are as long as each other.

        `values` are shown to people: mask them first where they are sensitive.
        """
        if messages.null_count() == messages.len():
            return
        found = pl.DataFrame({"row": rows, "message": messages}).with_columns(
            column=pl.lit(column) if isinstance(column, str) else column,
            value=pl.lit("") if values is None else values,
            severity=pl.lit(severity),
        )
        chosen = found.filter(pl.col("message").is_not_null()).select(PROBLEMS.names())
        self._found.append(chosen.cast(PROBLEMS))

    def extend(self, found: pl.DataFrame) -> None:
        """Add problems that are in the shape of PROBLEMS already."""
        if found.height:
            self._found.append(found)

    @property
    def frame(self) -> pl.DataFrame:
        """All problems, by row; those of a row in the order they were found."""
        if not self._found:
            return PROBLEMS.to_frame()
        return pl.concat(self._found).sort("row", maintain_order=True)

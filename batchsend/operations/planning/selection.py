"""Selection: what the operator leaves of the list for a run."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from batchsend.errors import SettingsError
from batchsend.language import _
from batchsend.letters import Checked, RowSet, Snapshot


@dataclass(frozen=True, slots=True)
class Selection:
    """What the operator leaves of the list for this run.

    >>> str(Selection(rows=RowSet.parse("5-9, 2"), limit=3).rows)
    '2,5-9'
    """

    rows: RowSet | None = None
    limit: int | None = None
    """At most so many letters."""
    retry_rejected: bool = False
    """Also letters that the API refused before and that have not changed since."""
    again: RowSet | None = None
    """Of repeats, those that are other letters all the same: they are sent."""

    def of(self, letters: pl.LazyFrame) -> pl.LazyFrame:
        """Only the chosen rows of a frame that has `row`."""
        return letters if self.rows is None else letters.filter(self.rows.contains(pl.col("row")))

    def letters(self, snapshot: Snapshot) -> pl.LazyFrame:
        """The identities of the letters that any of the chosen rows goes into."""
        if self.rows is None:
            return snapshot.identities()
        begin = snapshot.beginnings(self.rows)
        return snapshot.identities().filter(begin.contains(pl.col("row")))

    def must_name_rows_of(self, checked: Checked) -> None:
        """Raise SettingsError where no row of the list is among the chosen ones."""
        if self.of(checked.snapshot.frame).select("row").head(1).collect().is_empty():
            rows = checked.snapshot.frame.select(pl.min("row").alias("a"), pl.max("row").alias("b"))
            first, last = rows.collect().row(0)
            raise SettingsError(
                _(
                    "The list has no row {rows}: its rows are {first} to {last}.",
                    rows=self.rows,
                    first=first,
                    last=last,
                ),
                hint=_("Rows are numbered as the spreadsheet shows them."),
            )


ALL = Selection()

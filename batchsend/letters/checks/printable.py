"""Characters that no font of the template has, so that nobody gets a letter with empty boxes."""

from __future__ import annotations

import polars as pl

from batchsend.language import _, filled
from batchsend.letters.basis import Basis
from batchsend.letters.checks.leftovers import columns_shown
from batchsend.letters.problems import Problems


class PrintableCheck:
    """Checks what the template prints against `unprintable`, a pattern for one such character."""

    def __init__(self, basis: Basis) -> None:
        mapping = basis.mapping
        self._unprintable = basis.template.unprintable
        self._columns = columns_shown(mapping, basis.template.uses)
        self._lines = [leaf for leaf in mapping.varying if leaf.path.startswith("Invoicee.")]

    def __call__(self, letters: pl.DataFrame, members: pl.DataFrame, problems: Problems) -> None:
        """`letters` with their texts, `members` every row of them with its cells."""
        if not self._unprintable:
            return
        for leaf in self._lines:
            self._look(letters, leaf.path, leaf.called, problems)
        told = {column for leaf in self._lines for column in leaf.columns}
        for column in self._columns:
            if column not in told:
                self._look(members, column.key, column.heading, problems)

    def _look(self, frame: pl.DataFrame, key: str, heading: str, problems: Problems) -> None:
        found = frame.lazy().filter(pl.col(key).str.contains(self._unprintable))
        signs = pl.col(key).str.extract_all(self._unprintable).list.unique(maintain_order=True)
        problems.tell(
            found.select("row", signs=signs.list.join(" ")).collect(),
            pl.lit(True),
            filled(
                _(
                    "No font of the template has {signs}: the letter would show an "
                    "empty box instead."
                ),
                signs="signs",
            ),
            column=heading,
            value=pl.col("signs"),
            severity="warning",
        )

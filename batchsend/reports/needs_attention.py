"""The needs-attention workbook: the rows that somebody must correct, as they stand in the list.

What is wrong comes first, then the list's own row number, then the list's columns with every cell
as it is; a number that its format shows otherwise as that number in that format, and the cells at
fault coloured. National ids are in full, since whoever corrects it needs them: treat it like the
list itself. A hidden sheet has the same rows once more, so that it can be seen later what was
changed.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from batchsend.corrections import ORIGINAL, REASONS, ROW
from batchsend.errors import ReportError
from batchsend.language import N_, _, filled
from batchsend.lists import Column, texts_of
from batchsend.reports.rows import CheckedRows, RowsReport, beside
from batchsend.reports.statuses import CORRECTABLE
from batchsend.reports.workbook import MOST_COLUMNS, MOST_ROWS, TextSheet, fits, new_workbook

_OWN = b"batchsend needs-attention"
"""The comment in the archive of such a workbook; gone once anybody has saved it."""
MOST_WRITTEN = MOST_ROWS - 1
_ROWS_AT_ONCE = 5_000
_OURS = 2
"""So many columns before those of the list are ours."""
_CUT = N_("The text is longer than a cell of a workbook can be, and is cut here.")


def is_untouched(path: Path) -> bool:
    """Whether this is such a workbook as it was written, with nobody's work in it since."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.comment == _OWN
    except (OSError, zipfile.BadZipFile):
        return False


@dataclass(frozen=True, slots=True)
class NeedsAttention:
    """Rows to be corrected, in list order."""

    frame: pl.LazyFrame
    """`row`, the list's columns by their keys and shown keys, `reasons`, and `faults`: the columns
    that problems name."""
    columns: tuple[Column, ...]
    rows: int

    def write(self, path: Path) -> None:
        """Write the workbook, at most MOST_WRITTEN rows of it. Raises ReportError."""
        if len(self.columns) + _OURS > MOST_COLUMNS:
            raise ReportError(
                _(
                    "{path} cannot be written: the list has more columns than a workbook can hold.",
                    path=path,
                )
            )
        # A column without a heading is called by its place, which may be another in the workbook.
        headings = [
            column.heading if column.heading.strip() else column.name for column in self.columns
        ]
        places = _Places(headings)
        with new_workbook(path, comment=_OWN) as book:
            sheet = TextSheet(
                book,
                book.add_worksheet(_("Needs attention")),
                [_(REASONS), _(ROW), *headings],
                kept=_OURS,
                with_values=True,
            )
            hidden = book.add_worksheet(ORIGINAL)
            hidden.very_hidden()
            written = TextSheet(book, hidden, [_(ROW), *headings], with_values=True)
            rows = self.frame.head(MOST_WRITTEN)
            for batch in rows.collect_batches(chunk_size=_ROWS_AT_ONCE, maintain_order=True):
                told = zip(batch["row"], batch["reasons"], batch["faults"].to_list(), strict=True)
                texts = texts_of(batch, self.columns)
                for cells, (row, reasons, faults) in zip(texts, told, strict=True):
                    cut = {at for at, cell in enumerate(cells) if not fits(cell)}
                    said = [reasons, *(f"{headings[at]}: {_(_CUT)}" for at in sorted(cut))]
                    at_fault = {at + _OURS for at in cut | places.of(faults)}
                    sheet.add([" ".join(said), row, *cells], at_fault)
                    written.add([row, *cells])
            sheet.finish()
            written.finish()


def needs_attention(
    checked: CheckedRows, report: RowsReport, at_fault: pl.DataFrame
) -> NeedsAttention:
    """The rows that the report calls invalid or rejected, which a correction can help.

    `at_fault` has `row` and `column`, the heading, of each cell that an error of the check names.
    """
    status = pl.col("status").cast(pl.String)
    told = (
        report.frame.filter(status.is_in(CORRECTABLE))
        .select(
            "row",
            reasons=pl.when(status == "rejected")
            .then(filled(_("The letter API refused it: {reason}"), reason="reason"))
            .otherwise("reason"),
        )
        .collect(engine="streaming")
    )
    faults = at_fault.lazy().group_by("row").agg(faults=pl.col("column").unique())
    known = told.lazy().join(faults, on="row", how="left").collect()
    keys = [column.key for column in checked.columns]
    keys += [column.shown_key for column in checked.columns if column.formatted]
    frame = (
        beside(checked.frame.select("row", *keys), known, on="row")
        .filter(pl.col("reasons").is_not_null())
        .select("row", *keys, "reasons", pl.col("faults").fill_null([]))
    )
    return NeedsAttention(frame, checked.columns, known.height)


class _Places:
    """Where columns stand by the headings in a problem, perhaps several: "Fornavn, Etternavn"."""

    def __init__(self, headings: Sequence[str]) -> None:
        self._headings = [f", {heading}, " for heading in headings]
        self._known: dict[str, frozenset[int]] = {}

    def of(self, names: Iterable[str]) -> frozenset[int]:
        return frozenset().union(*map(self._named, names))

    def _named(self, name: str) -> frozenset[int]:
        if name not in self._known:
            among = f", {name}, "
            self._known[name] = frozenset(
                at for at, heading in enumerate(self._headings) if heading in among
            )
        return self._known[name]

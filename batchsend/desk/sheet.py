"""A list as its sheet shows it, each row with what is made of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import polars as pl

from batchsend.errors import BatchsendError
from batchsend.lists import ListSettings, RecipientList, read_list
from batchsend.mailing import Mailing
from batchsend.scratch import ScratchFolder

WHOLE = "·"
"""A heading that no list has, so that every row is read as a row."""
Kind = Literal["recipient", "heading", "above", "hidden", "footer", "left out"]


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One row of the sheet."""

    number: int
    cells: tuple[str, ...]
    kind: Kind
    reason: str
    """Why it is left out, where that is known."""


@dataclass(frozen=True, slots=True)
class SheetView:
    """A sheet, read as it is and as the mailing reads it."""

    grid: RecipientList
    """Every row as it is."""
    recipients: RecipientList | None
    wrong: BatchsendError | None
    """Why it cannot be read as a list of recipients."""
    room: ScratchFolder

    @property
    def header_row(self) -> int:
        """The row of the headings; 0 where there is none."""
        found = self.recipients.findings.get("header row", "none") if self.recipients else "none"
        return int(found) if found.isdigit() else 0

    def count(self) -> tuple[int, int]:
        """Rows of the sheet, and recipients."""
        return _rows(self.grid), _rows(self.recipients) if self.recipients else 0

    def lines(self, first: int, most: int) -> Iterator[SheetLine]:
        """So many rows from the first one, counted from 0."""
        rows = self.grid.rows.slice(first, most).select(
            "row", *(column.shown.alias(column.key) for column in self.grid.columns)
        )
        shown = rows.collect(engine="streaming")
        numbers = shown["row"].to_list()
        taken, told = self._taken(numbers), self._left_out()
        for number, *cells in shown.iter_rows():
            why, reason = told.get(number, ("left out", ""))
            kind: Kind = "recipient" if number in taken else why
            if self.recipients is not None and number == self.header_row:
                kind = "heading"
            elif number < self.header_row:
                kind = "above"
            yield SheetLine(number, tuple(cells), kind, reason)

    def _taken(self, numbers: list[int]) -> set[int]:
        if self.recipients is None or not numbers:
            return set()
        rows = self.recipients.rows.select("row")
        wanted = pl.col("row").is_between(numbers[0], numbers[-1])
        return set(rows.filter(wanted).collect(engine="streaming")["row"].to_list())

    def _left_out(self) -> dict[int, tuple[Kind, str]]:
        """Which rows are left out, and why; a hidden row's cells were not read."""
        if self.recipients is None:
            return {}
        told: dict[int, tuple[Kind, str]] = {}
        for row, reason, *cells in self.recipients.left_out.iter_rows():
            told[row] = ("footer" if any(cells) else "hidden", reason)
        return told


def view_sheet(mailing: Mailing) -> SheetView:
    """Read the list twice: as it is, and as the mailing reads it. Raises ListError where it cannot
    even be read as it is."""
    room = ScratchFolder()
    settings = mailing.list
    whole = ListSettings(
        path=settings.path,
        sheet=settings.sheet,
        headings=(WHOLE,),
        hidden="read",
        footer_rows=0,
        encoding=settings.encoding,
        separator=settings.separator,
        quote=settings.quote,
    )
    try:
        grid = read_list(whole, folder=mailing.folder, workspace=room.path)
    except BatchsendError as error:
        if settings.sheet is None:
            raise
        # The sheet that was chosen is none, or empty: the others are still to be chosen from.
        first = whole.model_copy(update={"sheet": None})
        grid = read_list(first, folder=mailing.folder, workspace=room.path)
        return SheetView(grid, None, error, room)
    try:
        found = read_list(settings, folder=mailing.folder, workspace=room.path)
    except BatchsendError as error:
        return SheetView(grid, None, error, room)
    return SheetView(grid, found, None, room)


def _rows(found: RecipientList) -> int:
    return int(found.rows.select(pl.len()).collect(engine="streaming").item())

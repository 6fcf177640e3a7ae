"""A list as its sheet shows it, each row with what is made of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import polars as pl

from batchsend.desk.columns import FEW
from batchsend.errors import BatchsendError
from batchsend.language import in_each_language
from batchsend.lists import Column, ListSettings, RecipientList, read_list
from batchsend.mailing import Mailing
from batchsend.operations.mailing_list.left_out_rows import leave_out
from batchsend.scratch import ScratchFolder
from batchsend.starter import Skip, name_of, proposed_skips

WHOLE = "·"
"""A heading that no list has, so that every row is read as a row."""
_LINES, _LONGEST, _WIDEST = 200, 100_000, 500
"""What of a text is looked at to see how wide it is: lines, bytes of each, separators."""
Kind = Literal["recipient", "heading", "above", "hidden", "footer", "skipped", "left out"]


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One row of the sheet."""

    number: int
    cells: tuple[str, ...]
    kind: Kind
    reason: str
    """Why it is left out, where that is known."""

    @property
    def spans(self) -> list[tuple[str, int]]:
        """Its cells, each with how many columns it is wide: a title reaches over the columns behind
        it, and above the headings a text that stands in neighbours was merged, and is shown once.
        """
        said = {cell for cell in self.cells if cell.strip()}
        title = len(said) == 1 and self.kind != "recipient"
        merged = said if title or self.kind == "above" else set()
        found: list[tuple[str, int]] = []
        for cell in self.cells:
            before = found[-1][0] if found else ""
            if before in merged and (cell == before or (title and not cell.strip())):
                found[-1] = (before, found[-1][1] + 1)
            else:
                found.append((cell, 1))
        return found


@dataclass(frozen=True, slots=True)
class SheetView:
    """A sheet, read as it is and as the mailing reads it."""

    grid: RecipientList
    """Every row as it is."""
    recipients: RecipientList | None
    wrong: BatchsendError | None
    """Why it cannot be read as a list of recipients."""
    room: ScratchFolder
    with_skipped: RecipientList | None = None
    """The recipients, and with them the rows that are left out on purpose."""
    key: Column | None = None
    """The column that tells each of those from all others, but for a few; if there is one."""
    alike: frozenset[int] = frozenset()
    """Those few: rows that have there what another has."""
    proposed: tuple[Skip, ...] = ()
    """What the list itself seems to say of who gets no letter."""

    @property
    def header_row(self) -> int:
        """The row of the headings; 0 where there is none."""
        found = self.recipients.findings.get("header row", "none") if self.recipients else "none"
        return int(found) if found.isdigit() else 0

    def count(self) -> tuple[int, int]:
        """Rows of the sheet, and recipients."""
        return _rows(self.grid), _rows(self.recipients) if self.recipients else 0

    def hidden(self) -> list[int]:
        """The rows that the sheet hides, and that are left out for it."""
        return [row for row, (kind, _reason) in self._left_out().items() if kind == "hidden"]

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

    def key_of(self, row: int) -> str | None:
        """What a row, left out on purpose or not, has in the key column, and no other has; None
        where there is no such."""
        if self.with_skipped is None or self.key is None or row in self.alike:
            return None
        cells = self.with_skipped.rows.filter(pl.col("row") == row).select(self.key.key)
        return next(iter(cells.collect(engine="streaming").to_series().to_list()), None)

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
        if self.with_skipped is not None:
            rows = self.with_skipped.rows.select("row").collect(engine="streaming")["row"]
            for row in rows.filter(rows.is_in(list(told))):
                told[row] = ("skipped", told[row][1])
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
    if "separator" in grid.findings:  # a text has as many columns as it is given headings
        headings = (WHOLE, *[""] * _separators(mailing, grid))
        whole = whole.model_copy(update={"headings": headings})
        grid = read_list(whole, folder=mailing.folder, workspace=room.path)
    try:
        read = read_list(settings, folder=mailing.folder, workspace=room.path)
    except BatchsendError as error:
        return SheetView(grid, None, error, room)
    proposed, (key, alike) = proposed_skips(read), _key(mailing, read)
    try:
        found = leave_out(read, mailing, room.path)
    except BatchsendError as error:
        return SheetView(grid, None, error, room, read, key, alike, proposed)
    return SheetView(grid, found, None, room, read, key, alike, proposed)


def _separators(mailing: Mailing, grid: RecipientList) -> int:
    """The most separators in one of a text's first lines, those within quotation marks, too."""
    said = grid.findings["separator"].split(" (")[0]
    separator = "\t" if said in in_each_language("tab") else said[:1]
    with (mailing.folder / mailing.list.path).open("rb") as file:
        lines = [file.readline(_LONGEST) for _line in range(_LINES)]
    return min(max(line.count(separator.encode()) for line in lines), _WIDEST)


def _key(mailing: Mailing, read: RecipientList) -> tuple[Column | None, frozenset[int]]:
    """The column whose cells are never empty and all different, or all but a few; one of the
    letters' own reference before any other. And the rows that have there what another has."""
    keys = [column.key for column in read.columns]
    counts = read.rows.select(
        pl.len().alias("rows"),
        *((pl.col(key).str.strip_chars() == "").any().alias(f"{key} empty") for key in keys),
        *((pl.len() - pl.col(key).n_unique()).alias(f"{key} again") for key in keys),
    ).collect(engine="streaming")
    found = counts.row(0, named=True)
    fit = [
        column
        for column in read.columns
        if not found[f"{column.key} empty"] and found[f"{column.key} again"] * FEW <= found["rows"]
    ]
    named = mailing.payload.Letter.Identifier
    key = min(
        fit,
        key=lambda c: (found[f"{c.key} again"] > 0, name_of(c) not in named, c.index),
        default=None,
    )
    if key is None or not found[f"{key.key} again"]:
        return key, frozenset()
    again = read.rows.filter(pl.col(key.key).is_duplicated()).select("row")
    return key, frozenset(again.collect(engine="streaming")["row"])


def _rows(found: RecipientList) -> int:
    return int(found.rows.select(pl.len()).collect(engine="streaming").item())

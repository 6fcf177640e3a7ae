"""A workbook as a recipient list: the first visible sheet, or the one that is asked for."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

import polars as pl

from batchsend.errors import ListError
from batchsend.language import N_, _, joined, ngettext
from batchsend.lists import subprocess_reader as separate
from batchsend.lists.assembly import MOST_COLUMNS, Source, assemble, too_wide
from batchsend.lists.file_types import Kind
from batchsend.lists.header import Header, find_header
from batchsend.lists.problems import Problem, ReadFindings, rows_in_words
from batchsend.lists.recipients import RecipientList
from batchsend.lists.settings import ListSettings
from batchsend.lists.workbooks.number_formats import CROWNS

_KINDS = {
    "fods": N_("workbook (flat OpenDocument, .fods)"),
    "xml": N_("workbook (XML of Excel 2003)"),
    "html": N_("web page (HTML)"),
}


def read_workbook(
    path: Path, kind: Kind, digest: str, settings: ListSettings, folder: Path
) -> RecipientList:
    """Read one sheet of a workbook. ListError if it holds no list, or cannot be opened safely."""
    grid = separate.converted(
        path,
        {
            "kind": kind,
            "sheet": settings.sheet,
            "hidden": settings.hidden == "read",
            "folder": str(folder),
        },
    )
    if not grid["columns"]:
        raise _nothing(path, grid)
    if len(grid["columns"]) > MOST_COLUMNS:
        raise too_wide(path, len(grid["columns"]))
    position = {column: index for index, column in enumerate(grid["columns"])}
    header = _header(grid, position, settings, path)
    sightings = ReadFindings(
        problems=[
            Problem(row, position.get(column), value, message, severity)
            for row, column, value, message, severity in grid["problems"]
        ],
        blank=list(chain.from_iterable(range(a, b + 1) for a, b in grid["gaps"])),
        hidden=[row for row in grid["hidden_rows"] if row > header.row],
        across={
            row: [position[column] for column in columns if column in position]
            for row, columns in grid["across"]
        },
    )
    found = assemble(
        Source(
            path,
            kind,
            digest,
            _rows(folder, position, grid["formatted"], header),
            len(position),
            sightings,
            frozenset(position[column] for column in grid["formatted"]),
            {
                position[int(column)]: tuple(found.items())
                for column, found in grid["currencies"].items()
                if int(column) in position
            },
        ),
        header,
        settings,
        findings={
            "kind": _(_KINDS[kind]) if kind in _KINDS else _("workbook (.{kind})", kind=kind),
            "sheet": grid["sheet"],
        },
        notes=_notes(grid, header),
    )
    return replace(found, sheets=(grid["sheet"], *grid["others"]))


def _rows(
    folder: Path, position: dict[int, int], formatted: list[int], header: Header
) -> pl.LazyFrame:
    names = [f"x{column}" for column in position]
    shown = [f"s{column}" for column in formatted]
    return (
        pl.scan_parquet(
            sorted(folder.glob("*.parquet")),
            glob=False,
            schema={"row": pl.UInt32(), **{name: pl.String() for name in (*names, *shown)}},
            missing_columns="insert",
        )
        .filter(pl.col("row") > header.row)
        .select(
            "row",
            *(pl.col(x).fill_null("").alias(f"c{at}") for at, x in enumerate(names)),
            *(pl.col(f"s{column}").alias(f"s{position[column]}") for column in formatted),
        )
    )


def _header(
    grid: dict[str, Any], position: dict[int, int], settings: ListSettings, path: Path
) -> Header:
    if settings.headings:
        return Header(settings.header_row or 0, settings.headings)
    top = [(row, _spread(cells, position)) for row, cells in grid["top"]]
    if settings.header_row is None:
        return find_header(top)
    for row, cells in top:
        if row == settings.header_row:
            return Header(row, tuple(cells))
    raise ListError(
        _(
            "Row {header_row} of the sheet {sheet!r} in {name} is blank, hidden or too far "
            "down to hold the headings.",
            header_row=settings.header_row,
            sheet=grid["sheet"],
            name=path.name,
        ),
        hint=_("Set `header_row` under [list] to the row of the headings."),
    )


def _spread(cells: dict[str, str], position: dict[int, int]) -> list[str]:
    """The cells of a row by column, the empty ones too."""
    spread = [""] * len(position)
    for column, text in cells.items():
        # JSON has made text of the numbers.
        spread[position[int(column)]] = text
    return spread


def _notes(grid: dict[str, Any], header: Header) -> list[str]:
    notes = []
    if grid["others"] or grid["hidden_sheets"]:
        others = [*grid["others"], *(f"{name} (hidden)" for name in grid["hidden_sheets"])]
        notes.append(
            _(
                "Only the sheet {sheet!r} was read, not {others}.",
                sheet=grid["sheet"],
                others=", ".join(others),
            )
        )
    hidden_rows = [row for row in grid["hidden_rows"] if row > header.row]
    if hidden_rows:
        notes.append(
            ngettext(
                "{number:,} hidden or filtered-out row was left out: {rows}. Set "
                '`hidden = "read"` under [list] to read them.',
                "{number:,} hidden or filtered-out rows were left out: {rows}. Set "
                '`hidden = "read"` under [list] to read them.',
                len(hidden_rows),
                rows=rows_in_words(hidden_rows),
            )
        )
    if covered := [row for row in grid["covered"] if row > header.row]:
        notes.append(
            _(
                "Text under merged cells, which the sheet does not show, was left out in {rows}.",
                rows=rows_in_words(covered),
            )
        )
    for column, (known, seen) in grid["told"].items():
        shown = f"“{seen}”" if seen else _("a cell that shows nothing")
        notes.append(
            _(
                "Column {column_letters} shows its numbers otherwise than they are stored: "
                "{shown} was read as {known}. If letters are to have what is shown, put it "
                "into mailing.toml, or type it into the cells.",
                column_letters=column_letters(int(column)),
                shown=shown,
                known=known,
            )
        )
    for column, found in grid["currencies"].items():
        currencies = {name: row for name, row in found.items() if name != CROWNS}
        if not currencies:  # what crowns are called in a letter, too
            continue
        notes.append(
            _(
                "Column {column_letters} shows amounts in {currencies}, first in {rows}. That is "
                "the cells' format and no part of the numbers: letters show the currency that "
                "the template writes. See that it is the same.",
                column_letters=column_letters(int(column)),
                currencies=joined(list(currencies)),
                rows=rows_in_words(sorted(currencies.values())),
            )
        )
    if grid["hidden_columns"]:
        letters = ", ".join(column_letters(column) for column in grid["hidden_columns"])
        notes.append(
            ngettext(
                '{number} hidden column was left out: {letters}. Set `hidden = "read"` under '
                "[list] to read them.",
                '{number} hidden columns were left out: {letters}. Set `hidden = "read"` under '
                "[list] to read them.",
                len(grid["hidden_columns"]),
                letters=letters,
            )
        )
    return notes


def column_letters(column: int) -> str:
    """0 is A, 26 is AA.

    >>> column_letters(0), column_letters(26), column_letters(16383)
    ('A', 'AA', 'XFD')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _nothing(path: Path, grid: dict[str, Any]) -> ListError:
    others = ", ".join(map(repr, grid["others"] + grid["hidden_sheets"]))
    hint = _("Add the recipients, or save the list again.")
    if others:
        hint = _(
            "If the list is on another sheet, set `sheet` under [list]: {others}.", others=others
        )
    if grid["hidden_rows"]:
        hint = _('All its rows are hidden; unhide them, or set `hidden = "read"` under [list].')
    return ListError(
        _("The sheet {sheet!r} of {name} is empty.", sheet=grid["sheet"], name=path.name), hint=hint
    )

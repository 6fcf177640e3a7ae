"""Excel workbooks before 2007, .xls. The format is old and closed for good: xlrd reads it all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import xlrd  # type: ignore[import-untyped]  # it has no types of its own
from xlrd.biffh import XLRDError, error_text_from_code  # type: ignore[import-untyped]  # as above

from batchsend.lists.kinds import protected
from batchsend.lists.workbooks.archive import damaged
from batchsend.lists.workbooks.number_formats import (
    Formatter,
    beyond_precision,
    formatter,
    number_text,
)
from batchsend.lists.workbooks.sheets import Fault, Merged, Sheet, SheetEntry, SheetRow

__all__ = ["XlsBook"]


class XlsBook:
    """An .xls workbook."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            with Path(os.devnull).open("w") as silence:
                self._book = xlrd.open_workbook(
                    str(path), logfile=silence, formatting_info=True, ragged_rows=True
                )
        except XLRDError as error:
            raise (protected(path) if "encrypted" in str(error) else damaged(path)) from error
        except Exception as error:  # xlrd trusts its input; anything may come of a damaged one
            raise damaged(path) from error
        self.sheets = [
            SheetEntry(sheet.name, visible=sheet.visibility == 0) for sheet in self._book.sheets()
        ]

    def open(self, name: str) -> Sheet:
        """The sheet of that name."""
        return _XlsSheet(self._book, self._book.sheet_by_name(name))


class _XlsSheet:
    def __init__(self, book: xlrd.Book, sheet: xlrd.sheet.Sheet) -> None:
        self._book = book
        self._sheet = sheet
        self._formats: dict[int, Formatter] = {}
        self._merged: dict[int, list[Merged]] = {}
        for top, bottom, left, right in sheet.merged_cells:  # the last ones not included
            self._merged.setdefault(top + 1, []).append(Merged(left, bottom, right - 1))
        self.hidden_columns = frozenset(
            column for column, info in sheet.colinfo_map.items() if info.hidden
        )

    def rows(self) -> Iterator[SheetRow]:
        for index in range(self._sheet.nrows):
            cells: list[tuple[int, str]] = []
            faults: list[Fault] = []
            for column, cell in enumerate(self._sheet.row(index)):
                text = self._text(cell, column, faults)
                if text:
                    cells.append((column, text))
            if cells or faults:
                info = self._sheet.rowinfo_map.get(index)
                hidden = info is not None and bool(info.hidden)
                merged = tuple(self._merged.get(index + 1, ()))
                yield SheetRow(index + 1, cells, hidden, tuple(faults), merged)

    def _text(self, cell: xlrd.sheet.Cell, column: int, faults: list[Fault]) -> str:
        match cell.ctype:
            case xlrd.XL_CELL_TEXT:
                return str(cell.value).replace("\r\n", "\n").replace("\r", "\n")
            case xlrd.XL_CELL_NUMBER | xlrd.XL_CELL_DATE:
                value = repr(cell.value)
                if beyond_precision(value):
                    faults.append(Fault(column, "digits lost", number_text(value)))
                return self._format(cell.xf_index)(value)
            case xlrd.XL_CELL_BOOLEAN:
                return "TRUE" if cell.value else "FALSE"
            case xlrd.XL_CELL_ERROR:
                text = str(error_text_from_code.get(cell.value, "#N/A"))
                faults.append(Fault(column, "error value", text))
                return text
        return ""

    def _format(self, style: int) -> Formatter:
        if style not in self._formats:
            key = self._book.xf_list[style].format_key
            code = self._book.format_map[key].format_str
            self._formats[style] = formatter(code, from_1904=self._book.datemode == 1)
        return self._formats[style]

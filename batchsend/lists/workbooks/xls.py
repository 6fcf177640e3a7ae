"""Excel workbooks before 2007, .xls. The format is old and closed for good: xlrd reads it all.

Where the files that web shops and bookkeeping programs write are not quite what xlrd expects, they
are brought into that shape first; Excel opens them, too.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import olefile  # type: ignore[import-untyped]  # it has no types of its own
import xlrd  # type: ignore[import-untyped]  # as above
from xlrd.biffh import (  # type: ignore[import-untyped]  # as above
    XL_CONTINUE,
    XL_WORKBOOK_GLOBALS,
    XLRDError,
    error_text_from_code,
)

from batchsend.errors import ListError
from batchsend.language import N_, _
from batchsend.lists.file_types import OLE, protected
from batchsend.lists.workbooks.archive import damaged
from batchsend.lists.workbooks.number_formats import (
    BUILT_IN,
    Formatter,
    Shown,
    beyond_precision,
    formatter,
    number_text,
)
from batchsend.lists.workbooks.sheets import Fault, Merged, Sheet, SheetEntry, SheetRow
from batchsend.lists.workbooks.xls_formulas import never_calculated

_WORKBOOKS = ("Workbook", "Book")
_OTHERS = {
    "WordDocument": N_("a Word document"),
    "PowerPoint Document": N_("a presentation"),
    "__properties_version1.0": N_("an e-mail message"),
    "VisioDocument": N_("a drawing"),
}
_WITH_GLOBALS = 50
"""The version of Excel, times ten, from which a workbook has more than one sheet."""


class XlsBook:
    """An .xls workbook."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._content = _stream(path)
        try:
            self._book = _opened(self._content)
        except XLRDError as error:
            raise (protected(path) if "encrypted" in str(error) else damaged(path)) from error
        except MemoryError:
            raise
        except Exception as error:  # xlrd trusts its input; anything may come of a damaged one
            raise damaged(path) from error
        self.sheets = [
            SheetEntry(name, visible=not hidden)
            for name, hidden in zip(
                self._book.sheet_names(),
                self._book._sheet_visibility,
                strict=False,
            )
        ]

    def open(self, name: str) -> Sheet:
        """The sheet of that name."""
        try:
            sheet = self._book.sheet_by_name(name)
        except MemoryError:
            raise
        except Exception as error:  # as above
            raise damaged(self._path) from error
        starts = dict(zip(self._book.sheet_names(), self._book._sh_abs_posn, strict=False))
        start: int = starts.get(name, -1)
        # Before Excel 5 the records of cells were others, and a program that wrote them calculated.
        known = start >= 0 and self._book.biff_version >= _WITH_GLOBALS
        blank = never_calculated(self._content, start) if known else frozenset()
        return _XlsSheet(self._book, sheet, blank)


def _stream(path: Path) -> bytes:
    """The workbook in an OLE file. ListError says what else the file is, if there is none."""
    content = path.read_bytes()
    if not content.startswith(OLE):
        return content  # Excel before 5 wrote the workbook alone
    try:
        with olefile.OleFileIO(content) as container:
            top = {entry[0] for entry in container.listdir(storages=False) if len(entry) == 1}
            for name in _WORKBOOKS:
                if container.exists(name):
                    found: bytes = container.openstream(name).read()
                    return found
    except Exception as error:  # olefile reads what may be anything
        # What is in it stands there in UTF-16 all the same.
        top = {n for n in (*_OTHERS, "EncryptedPackage") if n.encode("utf-16-le") in content}
        if not top:
            raise damaged(path) from error
    if "EncryptedPackage" in top:
        raise protected(path)
    what = next((what for name, what in _OTHERS.items() if name in top), "")
    raise (
        ListError(_("{name} is {what}, not a list.", name=path.name, what=_(what)))
        if what
        else damaged(path)
    )


class _Book(xlrd.book.Book):  # type: ignore[misc]  # xlrd has no types
    """xlrd's workbook, but for what it takes more strictly than Excel does."""

    def handle_name(self, _: bytes) -> None:
        """Names of ranges are passed over: their formulas are nothing to a list."""

    def handle_sst(self, data: bytes) -> None:
        """The shared strings, as many as there are: their number is often wrong."""
        pieces = [data]
        while True:
            code, _other, more = self.get_record_parts_conditional(XL_CONTINUE)
            if code is None:
                break
            pieces.append(more)
        self._sharedstrings = list(_strings(pieces))
        self._rich_text_runlist_map: dict[int, Any] = {}


def _opened(content: bytes) -> xlrd.Book:
    book = _Book()
    with Path(os.devnull).open("w") as silence:
        book.biff2_8_load(
            file_contents=content, logfile=silence, formatting_info=True, ragged_rows=True
        )
        book.biff_version = book.getbof(XL_WORKBOOK_GLOBALS)
        if book.biff_version < _WITH_GLOBALS - 5:
            book.fake_globals_get_sheet()
        else:
            book.parse_globals()
            if book.biff_version >= _WITH_GLOBALS:
                book._sheet_list = [None for _other in book._sheet_names]
                book.on_demand = True  # each only when it is asked for
        book.nsheets = len(book._sheet_list)
    return book


def _strings(pieces: list[bytes]) -> Iterator[str]:
    """The strings of an SST record and of those that continue it, [MS-XLS] 2.4.265 and 2.5.293."""
    reader = _Pieces(pieces)
    reader.take(8)  # how many there are said to be
    while not reader.ended:
        length, flags = struct.unpack("<HB", reader.take(3))
        runs = struct.unpack("<H", reader.take(2))[0] if flags & 0x08 else 0
        phonetic = struct.unpack("<I", reader.take(4))[0] if flags & 0x04 else 0
        yield reader.text(length, wide=bool(flags & 0x01))
        reader.take(4 * runs + phonetic)


class _Pieces:
    """What is cut into records, as one; only text is marked where it goes on in another."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces, self._piece, self._at = pieces, 0, 0
        self._skip_ended()

    @property
    def ended(self) -> bool:
        return self._piece == len(self._pieces)

    def take(self, size: int) -> bytes:
        taken = b""
        while len(taken) < size:
            if self.ended:
                raise ValueError("a string goes on beyond its record")
            here = self._pieces[self._piece][self._at : self._at + size - len(taken)]
            taken += here
            self._at += len(here)
            self._skip_ended()
        return taken

    def text(self, length: int, *, wide: bool) -> str:
        halves = b""
        while len(halves) < 2 * length:
            if self.ended:
                raise ValueError("a string goes on beyond its record")
            if halves:
                wide = bool(self.take(1)[0] & 0x01)
            there = len(self._pieces[self._piece]) - self._at
            size = min(there >> wide, length - len(halves) // 2)
            if not size:
                raise ValueError("half a character")
            taken = self.take(size << wide)
            halves += taken if wide else taken.decode("latin-1").encode("utf-16-le")
        return halves.decode("utf-16-le", "replace")

    def _skip_ended(self) -> None:
        while not self.ended and self._at >= len(self._pieces[self._piece]):
            self._piece, self._at = self._piece + 1, 0


class _XlsSheet:
    def __init__(
        self,
        book: xlrd.Book,
        sheet: xlrd.sheet.Sheet,
        never_calculated: frozenset[tuple[int, int]],
    ) -> None:
        self._never_calculated = never_calculated
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
            shown: list[tuple[int, Shown]] = []
            for column, cell in enumerate(self._sheet.row(index)):
                if (index, column) in self._never_calculated:
                    faults.append(Fault(column, "never calculated", ""))
                    continue
                text = self._text(cell, column, faults)
                if text:
                    cells.append((column, text))
                    if type(text) is Shown:
                        shown.append((column, text))
            merged = tuple(self._merged.get(index + 1, ()))
            if cells or faults or merged:
                info = self._sheet.rowinfo_map.get(index)
                hidden = info is not None and bool(info.hidden)
                yield SheetRow(index + 1, cells, hidden, tuple(faults), merged, tuple(shown))

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
            known = self._book.format_map.get(key)
            # East Asian Excel has formats that other Excels, and xlrd, know by number only.
            code = (known.format_str if known else "") or BUILT_IN.get(key, "")
            self._formats[style] = formatter(code, from_1904=self._book.datemode == 1)
        return self._formats[style]

"""Excel's binary workbooks, .xlsb: zipped records as in [MS-XLSB].

A record is its type and its size, each in bytes of seven bits, and then its content. The numbers
of the record types are those of section 2.3.2 there.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from batchsend.lists.workbooks.archive import Archive, damaged
from batchsend.lists.workbooks.number_formats import (
    BUILT_IN,
    Formatter,
    Shown,
    beyond_precision,
    formatter,
    number_text,
)
from batchsend.lists.workbooks.sheets import (
    ERROR_VALUES,
    Fault,
    FaultKind,
    Merged,
    Sheet,
    SheetEntry,
    SheetRow,
)

_ROW, _RK, _ERROR, _BOOL, _REAL, _TEXT, _SHARED = 0, 2, 3, 4, 5, 6, 7
_FORMULA_TEXT, _FORMULA_NUMBER, _FORMULA_BOOL, _FORMULA_ERROR, _RICH_TEXT = 8, 9, 10, 11, 62
_STRING_ITEM, _FORMAT, _STYLE, _COLUMN, _MERGE, _SHEET, _PROPERTIES = 19, 44, 47, 60, 176, 156, 153
_STYLES_BEGIN, _STYLES_END = 617, 618
_NUMBERS = (_RK, _REAL, _FORMULA_NUMBER)
_ROWS_BEGIN, _ROWS_END = 145, 146
_ROWS_END_BYTES = b"\x92\x01\x00"


class XlsbBook:
    """An .xlsb workbook."""

    def __init__(self, path: Path) -> None:
        self._archive = Archive(path)
        self._parts: dict[str, str] = {}
        self._from_1904 = False
        self.sheets: list[SheetEntry] = []
        self._workbook = self._archive.related("", "officeDocument", "xl/workbook.bin")
        targets = self._archive.relationships(self._workbook)
        for kind, content in _records(self._archive.read(self._workbook)):
            if kind == _PROPERTIES:
                self._from_1904 = bool(content[0] & 1)
            elif kind == _SHEET:
                key, after = _wide_string(content, 8)
                name, _ = _wide_string(content, after)
                if key in targets and targets[key].kind == "worksheet":
                    self.sheets.append(SheetEntry(name, visible=content[0] == 0))
                    self._parts[name] = targets[key].part

    def open(self, name: str) -> Sheet:
        """The sheet of that name."""
        return _XlsbSheet(
            self._archive.path,
            self._archive.read(self._parts[name]),
            self._shared_strings(),
            self._formats(),
        )

    def _shared_strings(self) -> list[str]:
        part = self._archive.related(self._workbook, "sharedStrings", "sharedStrings.bin")
        if not part:
            return []
        return [
            _wide_string(content, 1)[0]
            for kind, content in _records(self._archive.read(part))
            if kind == _STRING_ITEM
        ]

    def _formats(self) -> list[Formatter]:
        part = self._archive.related(self._workbook, "styles", "styles.bin")
        codes = dict(BUILT_IN)
        styles: list[int] = []
        inside = False
        for kind, content in _records(self._archive.read(part) if part else b""):
            if kind == _FORMAT:
                codes[struct.unpack_from("<H", content)[0]] = _wide_string(content, 2)[0]
            elif kind in (_STYLES_BEGIN, _STYLES_END):
                inside = kind == _STYLES_BEGIN
            elif kind == _STYLE and inside:
                styles.append(struct.unpack_from("<H", content, 2)[0])
        return [formatter(codes.get(style, ""), from_1904=self._from_1904) for style in styles]


class _XlsbSheet:
    def __init__(
        self, path: Path, content: bytes, strings: list[str], formats: list[Formatter]
    ) -> None:
        self._path = path
        self._content = content
        self._strings = strings
        self._formats = formats
        hidden: set[int] = set()
        for kind, record in _records(content):
            if kind == _ROWS_BEGIN:
                break
            if kind == _COLUMN and record[16] & 1:
                first, last = struct.unpack_from("<II", record)
                hidden.update(range(first, min(last, 16_383) + 1))
        self.hidden_columns = frozenset(hidden)
        # Merged cells come after the rows; from the end they are found without reading those.
        self._merged: dict[int, list[Merged]] = {}
        after = content.rfind(_ROWS_END_BYTES)
        for kind, record in _records(content[after:] if after >= 0 else b""):
            if kind == _MERGE:
                top, bottom, left, right = struct.unpack_from("<IIII", record)
                self._merged.setdefault(top + 1, []).append(Merged(left, bottom + 1, right))

    def rows(self) -> Iterator[SheetRow]:
        number, hidden = 0, False
        cells: list[tuple[int, str]] = []
        faults: list[Fault] = []
        shown: list[tuple[int, Shown]] = []
        started = False
        for kind, record in _records(self._content):
            if kind == _ROWS_BEGIN:
                started = True
            elif not started:
                continue
            elif kind in (_ROW, _ROWS_END):
                merged = tuple(self._merged.get(number, ()))
                if cells or faults or merged:
                    yield SheetRow(number, cells, hidden, tuple(faults), merged, tuple(shown))
                    cells, faults, shown = [], [], []
                if kind == _ROWS_END:
                    return
                number = struct.unpack_from("<I", record)[0] + 1
                hidden = bool(record[11] & 0x10)
            elif 2 <= kind <= 11 or kind == _RICH_TEXT:
                column, style = struct.unpack_from("<II", record)
                text, fault = self._value(kind, record, style & 0xFFFFFF)
                if fault:
                    faults.append(Fault(column, fault, text))
                if text:
                    cells.append((column, text))
                    if type(text) is Shown:
                        shown.append((column, text))
        raise damaged(self._path)

    def _value(self, kind: int, record: bytes, style: int) -> tuple[str, FaultKind | None]:
        """The text of a cell, and what is wrong with it."""
        if kind in _NUMBERS:
            return self._number(kind, record, style)
        if kind in (_ERROR, _FORMULA_ERROR):
            return ERROR_VALUES.get(record[8], "#N/A"), "error value"
        if kind in (_BOOL, _FORMULA_BOOL):
            return ("TRUE" if record[8] else "FALSE"), None
        if kind == _SHARED:
            return self._strings[struct.unpack_from("<I", record, 8)[0]], None
        return _wide_string(record, 9 if kind == _RICH_TEXT else 8)[0], None

    def _number(self, kind: int, record: bytes, style: int) -> tuple[str, FaultKind | None]:
        number = _rk(record) if kind == _RK else struct.unpack_from("<d", record, 8)[0]
        value = repr(number)
        if beyond_precision(value):
            return number_text(value), "digits lost"
        shown = self._formats[style] if style < len(self._formats) else number_text
        return shown(value), None


def _rk(record: bytes) -> float:
    """A number in four bytes: the upper half of a double, or 30 bits; perhaps of hundredths."""
    packed = struct.unpack_from("<I", record, 8)[0]
    if packed & 2:
        number = float(struct.unpack_from("<i", record, 8)[0] >> 2)
    else:
        number = struct.unpack("<d", struct.pack("<Q", (packed & 0xFFFFFFFC) << 32))[0]
    return number / 100 if packed & 1 else number


def _wide_string(content: bytes, at: int) -> tuple[str, int]:
    """The string that stands `at` there, and where it ends; no string is an empty one."""
    (length,) = struct.unpack_from("<I", content, at)
    if length == 0xFFFFFFFF:
        return "", at + 4
    end = at + 4 + 2 * length
    if end > len(content):
        raise ValueError("a string goes on beyond its record")
    text = content[at + 4 : end].decode("utf-16-le", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n"), end


def _records(content: bytes) -> Iterator[tuple[int, bytes]]:
    at, end = 0, len(content)
    while at < end:
        kind = content[at]
        at += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | ((content[at] & 0x7F) << 7)
            at += 1
        size = shift = 0
        while True:
            byte = content[at]
            at += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        if at + size > end:
            raise ValueError("a record goes on beyond the file")
        yield kind, content[at : at + size]
        at += size

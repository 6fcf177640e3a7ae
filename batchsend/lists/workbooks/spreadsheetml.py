"""XML spreadsheets of Excel 2003 (SpreadsheetML), which older systems export, mostly named .xls.

Microsoft's "XML Spreadsheet Reference" says what the elements mean. The file is read as a stream;
a document type, and with it every entity of its own, is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from batchsend.lists.workbooks.archive import damaged, local, new_parser
from batchsend.lists.workbooks.number_formats import (
    Formatter,
    Shown,
    beyond_precision,
    formatter,
    number_text,
)
from batchsend.lists.workbooks.sheets import Fault, Merged, Sheet, SheetEntry, SheetRow

_CHUNK = 1 << 18
_LONGEST_CELL = 1 << 20
_ROWS, _COLUMNS = 1_048_576, 16_384
_NAMED = {
    "General Date": "yyyy-mm-dd h:mm",
    **dict.fromkeys(("Long Date", "Medium Date", "Short Date"), "yyyy-mm-dd"),
    **dict.fromkeys(("Long Time", "Medium Time", "Short Time"), "h:mm"),
    **dict.fromkeys(("Currency", "Euro Currency", "Standard"), "#,##0.00"),
    "Fixed": "0.00",
    "Percent": "0.00%",
    "Scientific": "0.00E+00",
    **dict.fromkeys(("General", "General Number", "Yes/No", "True/False", "On/Off"), "General"),
}


class SpreadsheetMlBook:
    """A workbook in one XML file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._codes: dict[str, str] = {}
        self._parents: dict[str, str] = {}
        self._from_1904 = False
        names: list[str] = []
        hidden: set[int] = set()
        style = ""
        option: list[str] = []

        def start(tag: str, attributes: dict[str, str]) -> None:
            nonlocal style
            match local(tag):
                case "Style":
                    style = _attribute(attributes, "ID")
                    self._parents[style] = _attribute(attributes, "Parent")
                case "NumberFormat":
                    self._codes[style] = _attribute(attributes, "Format")
                case "Worksheet":
                    names.append(_attribute(attributes, "Name"))
                case "Date1904":
                    self._from_1904 = True
                case "Visible":
                    option.clear()
                    parser.CharacterDataHandler = option.append

        def end(tag: str) -> None:
            if local(tag) == "Visible":
                parser.CharacterDataHandler = None
                if "".join(option).strip() in ("SheetHidden", "SheetVeryHidden"):
                    hidden.add(len(names) - 1)

        parser = new_parser()
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        for _ in _fed(parser, path):
            pass
        if not names:
            raise damaged(path)
        self.sheets = [SheetEntry(name, at not in hidden) for at, name in enumerate(names)]

    def open(self, name: str) -> Sheet:
        """The sheet of that name."""
        wanted = [entry.name for entry in self.sheets].index(name)
        return _Sheet(self._path, wanted, self._format)

    def _format(self, style: str) -> Formatter:
        seen = set()
        while style and style not in self._codes and style not in seen:
            seen.add(style)
            style = self._parents.get(style, "")
        code = self._codes.get(style, "")
        return formatter(_NAMED.get(code, code), from_1904=self._from_1904)


@dataclass(slots=True)
class _Cell:
    column: int
    style: str
    across: int = 0
    down: int = 0
    kind: str = ""
    formula: bool = False
    text: list[str] = field(default_factory=list)


class _Sheet:
    """One sheet; `format_of` gives what a style makes of a number."""

    def __init__(self, path: Path, wanted: int, format_of: Callable[[str], Formatter]) -> None:
        self._path, self._wanted = path, wanted
        self._format_of = format_of
        self._formats: dict[str, Formatter] = {}
        self._at = -1
        self._styles: dict[int, str] = {}
        self._hidden: set[int] = set()
        self._column = self._number = self._next = 0
        self._row_style, self._row_hidden = "", False
        self._cell: _Cell | None = None
        self._aside = self._spanned = 0
        self._cells: list[tuple[int, str]] = []
        self._faults: list[Fault] = []
        self._shown: list[tuple[int, Shown]] = []
        self._merged: list[Merged] = []
        self._rows: list[SheetRow] = []
        self._parser = new_parser()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._read = self._streamed()
        # The columns stand before the rows, so they are known once a first row is.
        self._first = next(self._read, None)
        self.hidden_columns = frozenset(self._hidden)

    def rows(self) -> Iterator[SheetRow]:
        if self._first is not None:
            yield self._first
            yield from self._read

    def _streamed(self) -> Iterator[SheetRow]:
        for _ in _fed(self._parser, self._path):
            yield from self._rows
            self._rows.clear()
            if self._at > self._wanted:
                return

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        if name == "Worksheet":
            self._at += 1
        if self._at != self._wanted:
            return
        match name:
            case "Column":
                first = _place(attributes, self._column)
                span = min(_number(attributes, "Span"), _COLUMNS)
                self._column = first + span + 1
                columns = range(first, min(self._column, _COLUMNS))
                self._styles |= dict.fromkeys(columns, _attribute(attributes, "StyleID"))
                if _attribute(attributes, "Hidden") == "1":
                    self._hidden.update(columns)
            case "Row":
                self._number = _place(attributes, self._number + self._spanned) + 1
                self._spanned = min(_number(attributes, "Span"), _ROWS)
                self._row_style = _attribute(attributes, "StyleID")
                self._row_hidden = _attribute(attributes, "Hidden") == "1"
                self._next = 0
            case "Cell":
                column = _place(attributes, self._next)
                style = (
                    _attribute(attributes, "StyleID")
                    or self._row_style
                    or self._styles.get(column, "")
                )
                across = min(_number(attributes, "MergeAcross"), _COLUMNS)
                down = min(_number(attributes, "MergeDown"), _ROWS)
                self._next = column + across + 1
                self._cell = _Cell(column, style or "Default", across, down)
                self._cell.formula = bool(_attribute(attributes, "Formula"))
            case "Comment" | "PhoneticText":
                self._aside += 1
            case "Data" if self._cell is not None and not self._aside:
                self._cell.kind = _attribute(attributes, "Type")
                self._parser.CharacterDataHandler = self._cell.text.append

    def _end(self, tag: str) -> None:
        if self._at != self._wanted:
            return
        match local(tag):
            case "Data":
                self._parser.CharacterDataHandler = None
            case "Comment" | "PhoneticText":
                self._aside -= 1
            case "Cell" if self._cell is not None:
                self._close(self._cell)
                self._cell = None
            case "Row":
                if self._cells or self._faults or self._merged:
                    self._rows.append(
                        SheetRow(
                            self._number,
                            self._cells,
                            self._row_hidden,
                            tuple(self._faults),
                            tuple(self._merged),
                            tuple(self._shown),
                        )
                    )
                self._cells, self._faults, self._shown, self._merged = [], [], [], []

    def _close(self, cell: _Cell) -> None:
        column = cell.column
        if column >= _COLUMNS:
            raise ValueError(f"column {column}")
        if cell.across or cell.down:
            reach = Merged(column, self._number + cell.down, column + cell.across)
            self._merged.append(reach)
        text = self._text(cell)
        if type(text) is Shown:
            self._shown.append((column, text))
        if text:
            self._cells.append((column, text))

    def _text(self, cell: _Cell) -> str:
        value = "".join(cell.text)
        if len(value) > _LONGEST_CELL:
            raise damaged(self._path)
        match cell.kind:
            case "Number":
                if len(value) > 15 and beyond_precision(value):
                    self._faults.append(Fault(cell.column, "digits lost", number_text(value)))
                if cell.style not in self._formats:
                    self._formats[cell.style] = self._format_of(cell.style)
                return self._formats[cell.style](value)
            case "DateTime":
                day, _, clock = value.strip().partition("T")
                clock = clock.removesuffix(".000")
                if day in ("1899-12-31", "1899-12-30"):
                    return clock.removesuffix(":00")
                return f"{day} {clock}".removesuffix(" 00:00:00").strip().removesuffix(":00")
            case "Boolean":
                return "TRUE" if value.strip() == "1" else "FALSE"
            case "Error":
                self._faults.append(Fault(cell.column, "error value", value))
                return value
            case "" if cell.formula:
                self._faults.append(Fault(cell.column, "never calculated", ""))
        return value.replace("\r\n", "\n").replace("\r", "\n")


def _fed(parser: expat.XMLParserType, path: Path) -> Iterator[None]:
    """Parse the file, piece by piece."""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            parser.Parse(chunk, False)
            yield
        parser.Parse(b"", True)
        yield


def _attribute(attributes: dict[str, str], name: str) -> str:
    return next((value for key, value in attributes.items() if local(key) == name), "")


def _number(attributes: dict[str, str], name: str) -> int:
    return max(0, int(_attribute(attributes, name) or 0))


def _place(attributes: dict[str, str], following: int) -> int:
    """Where a row, cell or column stands, from 0: at its index, or else after the one before."""
    index = _number(attributes, "Index")
    return index - 1 if index else following

"""OpenDocument spreadsheets, written by LibreOffice: XML as in OASIS ODF 1.3, zipped (.ods) or flat
(.fods).

The file holds both the value of a cell and the text that was shown for it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from batchsend.lists.file_types import protected
from batchsend.lists.workbooks.archive import Archive, damaged, new_parser
from batchsend.lists.workbooks.number_formats import (
    Shown,
    beyond_precision,
    in_currency,
    number_text,
    percent_text,
    rounded,
    with_letters,
)
from batchsend.lists.workbooks.sheets import Fault, FaultKind, Merged, Sheet, SheetEntry, SheetRow

_CONTENT = "content.xml"
_MANIFEST = "META-INF/manifest.xml"
_TAG = re.compile(r"<(style:style|style:table-properties|table:table)\s([^>]*)>|<(/table:table)>")
_ATTRIBUTE = re.compile(r'([\w:-]+)="([^"]*)"')
_SEEN = re.compile(r"(\D*)(\d(?:[\d\s.,'’]*\d)?)(\D*)")
_TIME = re.compile(r"-?P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:[.,]\d+)?S)?)?")
_ROWS = 1_048_576
_COLUMNS = 16_384
_MOST_CELLS = 50_000_000  # of which a repeated cell counts as many


class OdsBook:
    """An .ods workbook, or a .fods one, whose content is its only part."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        if _MANIFEST in archive and b"encryption-data" in archive.read(_MANIFEST):
            raise protected(archive.path)
        self.sheets = list(self._tables())
        if not self.sheets:
            raise damaged(archive.path)

    def open(self, name: str) -> Sheet:
        """The sheet of that name."""
        return _OdsSheet(self._archive, [entry.name for entry in self.sheets].index(name))

    def _tables(self) -> Iterator[SheetEntry]:
        unseen: set[str] = set()
        style, depth = "", 0
        for text in self._archive.texts(_CONTENT, ">"):
            for tag, written, closed in _TAG.findall(text):
                attributes = dict(_ATTRIBUTE.findall(written))
                match tag or closed:
                    case "style:style":
                        style = attributes.get("style:name", "")
                    case "style:table-properties":
                        if attributes.get("table:display") == "false":
                            unseen.add(style)
                    case "table:table":
                        name = html.unescape(attributes.get("table:name", ""))
                        if not depth:
                            shown = attributes.get("table:style-name", "") not in unseen
                            yield SheetEntry(name, shown)
                        depth += not written.endswith("/")
                    case _:
                        depth -= 1


@dataclass(slots=True)
class _Cell:
    attributes: dict[str, str]
    text: list[str] = field(default_factory=list)
    paragraphs: int = 0
    inside: bool = False
    """Whether a paragraph is open: only its characters are text, not those that lay out the XML."""

    def repeated(self, what: str) -> int:
        return max(1, int(self.attributes.get(f"table:number-{what}", 1)))


@dataclass(slots=True)
class _State:
    """Where the parser is in the document."""

    table: int = -1
    depth: int = 0
    """Of tables: one may stand in a cell of another."""
    row: int = 0
    row_attributes: dict[str, str] = field(default_factory=dict)
    column: int = 0
    columns: int = 0
    hidden_columns: set[int] = field(default_factory=set)
    cells: list[tuple[int, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    merged: list[Merged] = field(default_factory=list)
    shown: list[tuple[int, Shown]] = field(default_factory=list)
    cell: _Cell | None = None
    aside: int = 0
    """Inside a comment or a drawing, which is no text of the cell."""
    rows: list[SheetRow] = field(default_factory=list)
    taken: int = 0


class _OdsSheet:
    def __init__(self, archive: Archive, table: int) -> None:
        self._archive = archive
        self._wanted = table
        self._state = _State()
        self._rows = self._read()
        # The columns stand before the rows, so they are known once a first row is.
        self._first = next(self._rows, None)
        self.hidden_columns = frozenset(self._state.hidden_columns)

    def rows(self) -> Iterator[SheetRow]:
        if self._first is not None:
            yield self._first
            yield from self._rows

    def _read(self) -> Iterator[SheetRow]:
        state = self._state
        parser = new_parser()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        with self._archive.member(_CONTENT) as file:
            while chunk := file.read(1 << 18):
                parser.Parse(chunk, False)
                yield from state.rows
                state.rows.clear()
                if state.table > self._wanted:
                    return
            parser.Parse(b"", True)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        state = self._state
        if tag == "table:table":
            state.depth += 1
            state.table += state.depth == 1
        if state.table != self._wanted or state.depth != 1:
            return
        match tag:
            case "table:table-column":
                count = int(attributes.get("table:number-columns-repeated", 1))
                end = min(state.columns + count, _COLUMNS)
                if _hidden(attributes):
                    state.hidden_columns.update(range(state.columns, end))
                state.columns = end
            case "table:table-row":
                state.row_attributes = attributes
                state.row += 1
                state.column = 0
            case "table:table-cell" | "table:covered-table-cell":
                state.cell = _Cell(attributes)
            case "office:annotation" | "draw:frame" | "draw:custom-shape" | "draw:g":
                state.aside += 1
            case _ if state.cell is not None and not state.aside:
                _append_special(state.cell, tag, attributes)

    def _end(self, tag: str) -> None:
        state = self._state
        if tag == "table:table":
            state.depth -= 1
        if state.table != self._wanted or state.depth != 1:
            return
        match tag:
            case "table:table-cell" | "table:covered-table-cell" if state.cell is not None:
                self._close_cell(state.cell)
                state.cell = None
            case "table:table-row":
                self._close_row()
            case "office:annotation" | "draw:frame" | "draw:custom-shape" | "draw:g":
                state.aside -= 1
            case "text:p" if state.cell is not None and not state.aside:
                state.cell.inside = False

    def _characters(self, text: str) -> None:
        cell = self._state.cell
        if cell is not None and cell.inside and not self._state.aside:
            cell.text.append(text.replace("\n", " "))

    def _close_cell(self, cell: _Cell) -> None:
        state = self._state
        count = cell.repeated("columns-repeated")
        text, fault = _shown(cell)
        columns = range(state.column, min(state.column + count, _COLUMNS))
        state.column += count
        across, down = cell.repeated("columns-spanned"), cell.repeated("rows-spanned")
        if across * down > 1 and columns:
            last = min(columns[0] + across, _COLUMNS) - 1
            state.merged.append(Merged(columns[0], state.row + down - 1, last))
        if fault:
            state.faults.extend(Fault(column, fault, text) for column in columns)
        if not text:
            return
        state.cells.extend((column, text) for column in columns)
        if type(text) is Shown:
            state.shown.extend((column, text) for column in columns)

    def _close_row(self) -> None:
        state = self._state
        count = max(1, int(state.row_attributes.get("table:number-rows-repeated", 1)))
        first, last = state.row, min(state.row + count, _ROWS + 1)
        state.row += count - 1
        if state.cells or state.faults or state.merged:
            state.taken += len(state.cells) * (last - first)
            if state.taken > _MOST_CELLS:
                raise damaged(self._archive.path)
            state.rows.extend(
                SheetRow(
                    number,
                    state.cells,
                    _hidden(state.row_attributes),
                    tuple(state.faults),
                    tuple(state.merged),
                    tuple(state.shown),
                )
                for number in range(first, last)
            )
            state.cells, state.faults, state.merged, state.shown = [], [], [], []


def _hidden(attributes: dict[str, str]) -> bool:
    return attributes.get("table:visibility", "visible") in ("collapse", "filter")


def _append_special(cell: _Cell, tag: str, attributes: dict[str, str]) -> None:
    """What stands for blanks and line breaks in the text of a cell."""
    match tag:
        case "text:p":
            if cell.paragraphs:
                cell.text.append("\n")
            cell.paragraphs += 1
            cell.inside = True
        case "text:s":
            cell.text.append(" " * min(int(attributes.get("text:c", 1)), 1000))
        case "text:tab":
            cell.text.append("\t")
        case "text:line-break":
            cell.text.append("\n")


def _shown(cell: _Cell) -> tuple[str, FaultKind | None]:
    """The text of a cell, and what is wrong with it."""
    attributes, text = cell.attributes, "".join(cell.text)
    if attributes.get("calcext:value-type") == "error":
        return text or "#N/A", "error value"
    value = attributes.get("office:value", "")
    match attributes.get("office:value-type"):
        case "float" | "currency" if beyond_precision(value):
            return number_text(value), "digits lost"
        case "float" | "currency":
            known = number_text(value)
            text = text if _padded(text, value) else _about(_as_shown(known, text), text)
        case "percentage":
            text = _as_shown(percent_text(value), text)
        case "date":
            day, _, clock = attributes.get("office:date-value", "").partition("T")
            text = f"{day} {_clock(clock, text)}".strip().removesuffix(" 00:00")
        case "time":
            text = _time(attributes.get("office:time-value", ""), text)
        case "boolean":
            text = attributes.get("office:boolean-value", "").upper()
        case "string" if not text:
            text = attributes.get("office:string-value", "")
    return text, None


def _padded(text: str, value: str) -> bool:
    """Whether the number was shown with leading zeros, which then belong to it."""
    digits = re.sub(r"[\s\u00a0-]", "", text)
    return digits.isdigit() and digits.startswith("0") and digits.lstrip("0") == number_text(value)


def _about(number: str, text: str) -> str:
    """A number, and what is seen about it in the `text` that is shown for it."""
    found = _SEEN.fullmatch(text)
    if found is None:
        words = text.strip() and number != "0" and not re.search(r"\d", text)
        return Shown(number, text, told=True) if words else number
    before, digits, after = found.groups()
    if number.isdigit() and re.sub(r"\D", "", digits).lstrip("0") == number.lstrip("0"):
        zeros = digits.startswith("0") and number != "0"
        if zeros or isinstance(with_letters(number, before, after), Shown):
            return Shown(number, text.strip(), told=True)
    return in_currency(number, f"{before} {after}")


def _as_shown(number: str, text: str) -> str:
    """A number, and how many of its decimals the `text` that is shown for it has."""
    percent = "%" if number.endswith("%") else ""
    bare = number.removesuffix("%")
    _, point, decimals = bare.partition(".")
    seen = re.sub(r"\D", "", text).lstrip("0")
    if not point or not decimals.isdigit() or not seen:
        return number
    for count in range(len(decimals)):
        digits = f"{Decimal(bare).quantize(Decimal(1).scaleb(-count), ROUND_HALF_UP):f}"
        if re.sub(r"\D", "", digits).lstrip("0") == seen:
            return Shown(number, rounded(bare, count) + percent)
    return number


def _time(value: str, text: str) -> str:
    """A time of day, or a duration where the `text` that is shown for it counts on beyond a day."""
    found = _TIME.match(value)
    days, hours, minutes, seconds = map(int, found.groups("0")) if found else (0, 0, 0, 0)
    hours += 24 * days
    of_day = re.match(r"\D*(\d+)", text)
    if hours >= 24 and of_day and int(of_day[1][:9]) in (hours % 24, hours % 12):
        hours %= 24
    clock = f"{hours:02d}:{minutes:02d}"
    return f"{clock}:{seconds:02d}" if seconds or text.count(":") > 1 else clock


def _clock(clock: str, shown: str) -> str:
    """08:30, with the seconds if they were shown or are not zero."""
    minutes, seconds = clock[:5], clock[5:8]
    return minutes if seconds == ":00" and shown.count(":") < 2 else minutes + seconds

"""One sheet of an .xlsx workbook, read as a stream.

A million rows is twenty million cells, so rows that are written as those before them are taken
apart at once (`row_shapes`). Others go cell by cell through a regular expression, which is seven
times as fast as an XML parser; any row in another shape than Excel and its like write goes through
the parser, to the same effect.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from batchsend.lists.workbooks.archive import Archive, damaged, local, new_parser
from batchsend.lists.workbooks.number_formats import (
    Formatter,
    Shown,
    beyond_precision,
    number_text,
)
from batchsend.lists.workbooks.row_shapes import RowShapes, ValueCell
from batchsend.lists.workbooks.sheets import Fault, Merged, SheetRow

_COLUMNS = 16_384
_DIGITS = 15
"""Numbers of so many characters have no more digits than Excel keeps."""
_CELL = re.compile(
    r'<c r="([A-Z]{1,3})\d+"(?: s="(\d+)")?(?: t="(\w+)")?'
    r"(?:/>|>(<f(?: [^>]*)?(?:/>|>[^<]*</f>))?"
    r'(?:<v>([^<]*)</v>|<v/>|<is><t(?: xml:space="preserve")?>([^<]*)</t></is>)?</c>)'
)
_ROW_NUMBER = re.compile(r'\sr="(\d+)"')
_ROW_HIDDEN = re.compile(r'\s(?:hidden="(?:1|true)"|ht="0(?:\.0*)?")')
_NO_ROWS = re.compile(r"<sheetData(?:\s[^>]*)?/>")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(slots=True)
class _Row:
    """A row while it is being read."""

    number: int
    hidden: bool
    cells: list[tuple[int, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    shown: list[tuple[int, Shown]] = field(default_factory=list)


_Reader = tuple[int, Formatter | None, str, str]
"""A cell's column, what writes its number (None: it is none), its type and its style."""


class XlsxSheet:
    """An open sheet; `strings` and `formats` are the workbook's, by their numbers.

    `unreckoned`: whether a program wrote 0 as the result of every formula, for Excel to reckon.
    """

    def __init__(
        self,
        archive: Archive,
        part: str,
        strings: Sequence[str],
        formats: Sequence[Formatter | None],
        *,
        unreckoned: bool,
    ) -> None:
        self._unreckoned = unreckoned
        self._archive = archive
        self._part = part
        self._strings = strings
        self._formats = formats
        self._columns = _Columns()
        self._shapes = RowShapes(self._reader)
        self.hidden_columns, self._merged = _surroundings(archive, part)

    def rows(self) -> Iterator[SheetRow]:
        """The rows that hold anything, in order."""
        number = 0
        text = ""
        for text in self._archive.texts(self._part, "</row>"):
            for piece in text.split("</row>")[:-1]:
                start = piece.rfind("<row")
                attributes, _, body = piece[start + 4 :].partition(">")
                found = _ROW_NUMBER.search(attributes)
                number = int(found[1]) if found else number + 1 + piece.count("<row", 0, start)
                row = _Row(number, _ROW_HIDDEN.search(attributes) is not None)
                self._read(row, body, plain="<!" not in piece)
                merged = tuple(self._merged.get(number, ()))
                if row.cells or row.faults or merged:
                    yield SheetRow(
                        number, row.cells, row.hidden, tuple(row.faults), merged, tuple(row.shown)
                    )
        if "</sheetData" not in text and not _NO_ROWS.search(text):
            raise damaged(self._archive.path)

    def _read(self, row: _Row, body: str, *, plain: bool) -> None:
        """The cells of a row; `body` is the XML between its tags, `plain` without comments."""
        if known := self._shapes.take_apart(body, str(row.number)):
            self._take_at_once(row, known)
            return
        cells = _CELL.findall(body)
        if plain and len(cells) == body.count("<c"):
            self._take(row, cells)
            if not (self._unreckoned and "<f" in body):  # those are looked at one by one
                self._shapes.learn(body)
        else:
            self._parse(row, body)

    def _reader(self, cell: ValueCell) -> _Reader:
        style, kind = cell.style or "0", cell.type or "n"
        as_text = self._format(style) if kind == "n" else None
        return self._columns[cell.letters], as_text, kind, style

    def _take_at_once(self, row: _Row, cells: Iterable[tuple[_Reader, str]]) -> None:
        """The cells of a row whose shape was known."""
        strings, append = self._strings, row.cells.append
        for (column, as_text, kind, style), value in cells:
            if kind == "s":
                text = strings[int(value)]
            elif as_text is None or len(value) > _DIGITS:
                self._accept(row, column, kind, style, value)
                continue
            else:
                text = as_text(value)
                if type(text) is Shown:
                    row.shown.append((column, text))
            if text:
                append((column, text))

    def _take(self, row: _Row, cells: list[tuple[str, ...]]) -> None:
        """The cells of a row as the regular expression has found them."""
        for letters, style, kind, formula, value, inline in cells:
            if value or formula or inline:
                text = value or inline
                text = html.unescape(text) if "&" in text else text
                text = "" if formula and text == "0" and self._unreckoned else text
                self._accept(row, self._columns[letters], kind or "n", style or "0", text)

    def _format(self, style: str) -> Formatter:
        """What writes the numbers of a style."""
        known = self._formats[int(style)] if int(style) < len(self._formats) else None
        return known or number_text

    def _parse(self, row: _Row, body: str) -> None:
        """The cells of a row as an XML parser finds them."""
        text: list[str] = []
        inline: list[str] = []
        kind, style, column, formula = "n", "0", -1, False
        parser = new_parser()

        def start(tag: str, attributes: dict[str, str]) -> None:
            nonlocal kind, style, column, formula
            match local(tag):
                case "c":
                    letters = attributes.get("r", "").rstrip("0123456789")
                    column = self._columns[letters] if letters else column + 1
                    kind, style = attributes.get("t") or "n", attributes.get("s") or "0"
                    formula = False
                    text.clear()
                    inline.clear()
                case "v":
                    parser.CharacterDataHandler = text.append
                case "t":
                    parser.CharacterDataHandler = inline.append
                case "f":
                    formula = True
                case "rPh":  # how Japanese text is pronounced
                    parser.StartElementHandler = None

        def end(tag: str) -> None:
            match local(tag):
                case "v" | "t":
                    parser.CharacterDataHandler = None
                case "rPh":
                    parser.StartElementHandler = start
                case "c" if text or inline or formula:
                    # Where a cell has its text twice, its type says which is meant.
                    first, second = (inline, text) if kind == "inlineStr" else (text, inline)
                    value = "".join(first or second)
                    value = "" if formula and value == "0" and self._unreckoned else value
                    self._accept(row, column, kind, style, value)

        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.Parse(f"<row>{body}</row>", True)

    def _accept(self, row: _Row, column: int, kind: str, style: str, value: str) -> None:
        """Turn a stored value into text, as the type and the format of its cell say."""
        match kind:
            case "n" if not value:
                row.faults.append(Fault(column, "never calculated", ""))
            case "n":
                if len(value) > _DIGITS and beyond_precision(value):
                    row.faults.append(Fault(column, "digits lost", number_text(value)))
                value = self._format(style)(value)
                if type(value) is Shown:
                    row.shown.append((column, value))
            case "s":
                value = self._strings[int(value)] if value else ""
            case "b":
                value = "TRUE" if value in ("1", "true") else "FALSE"
            case "e":
                row.faults.append(Fault(column, "error value", value))
            case "d":
                value = value.replace("T", " ").removesuffix(".000").removesuffix(" 00:00:00")
            case _:
                value = unescaped(value)
        if value:
            row.cells.append((column, value))


class _Columns(dict[str, int]):
    """Column letters -> position, each worked out once."""

    def __missing__(self, letters: str) -> int:
        self[letters] = index = column_index(letters)
        return index


def column_index(letters: str) -> int:
    """`A` is 0, `XFD` is 16383. ValueError beyond that."""
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - 64
    if not 1 <= index <= _COLUMNS:
        raise ValueError(letters)
    return index - 1


def unescaped(text: str) -> str:
    """Text as it was typed: `_x000D_` stands for a character XML cannot hold."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
        # What is beyond the first 65,536 characters stands there in two halves.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def rich_text(item: str) -> str:
    """The text of an `<si>` or `<is>` element with runs of different looks."""
    text: list[str] = []
    parser = new_parser()

    def start(tag: str, _: dict[str, str]) -> None:
        match local(tag):
            case "t":
                parser.CharacterDataHandler = text.append
            case "rPh":
                parser.StartElementHandler = None

    def end(tag: str) -> None:
        match local(tag):
            case "t":
                parser.CharacterDataHandler = None
            case "rPh":
                parser.StartElementHandler = start

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.Parse(item, True)
    return unescaped("".join(text))


_HIDDEN_COLUMN = re.compile(r'<col\s(?=[^>]*\b(?:hidden="(?:1|true)"|width="0(?:\.0*)?"))([^>]*)>')
_MERGED = re.compile(r'<mergeCell\s[^>]*?\bref="\$?([A-Z]+)\$?(\d+):\$?([A-Z]+)\$?(\d+)"')


def _surroundings(archive: Archive, part: str) -> tuple[frozenset[int], dict[int, list[Merged]]]:
    """What stands before and after the rows of a sheet: its hidden columns, and its merged cells
    by their first row.
    """
    hidden: set[int] = set()
    merged: dict[int, list[Merged]] = {}
    rows_begun = rows_ended = False
    for text in archive.texts(part, ">"):
        if not rows_begun:
            for found in _HIDDEN_COLUMN.finditer(text):
                attributes = dict(re.findall(r'(\w+)="(\d+)"', found[1]))
                last = min(int(attributes["max"]), _COLUMNS)
                hidden.update(range(int(attributes["min"]) - 1, last))
            rows_begun = "<sheetData" in text
        rows_ended = rows_ended or "</sheetData" in text
        if rows_ended:
            for left, top, right, bottom in _MERGED.findall(text):
                reach = Merged(column_index(left), int(bottom), column_index(right))
                merged.setdefault(int(top), []).append(reach)
    return frozenset(hidden), merged

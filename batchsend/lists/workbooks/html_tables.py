"""Web pages with a table, which older systems export named .xls: Excel opens them as a sheet.

libxml2 reads them as a stream, whatever is wrong with their tags. It fetches nothing, and HTML has
no entities of a file's own. Cells are what the page shows.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from lxml import etree

from batchsend.errors import ListError
from batchsend.language import _
from batchsend.lists.encodings import find_encoding, gather_evidence
from batchsend.lists.workbooks.archive import damaged
from batchsend.lists.workbooks.html_ends import Ending, ending
from batchsend.lists.workbooks.sheets import Fault, Merged, Sheet, SheetEntry, SheetRow

_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE)
_BREAKS = ("br", "p", "div", "li", "tr", "table")
_UNSEEN = ("script", "style", "head", "title")
_MOST_ACROSS, _MOST_DOWN = 1_000, 65_534  # as HTML's standard has them
_COLUMNS = 16_384
_CHUNK = 1 << 16
_LONGEST_ROW = 4 << 20


class HtmlBook:
    """A page; its sheets are its tables, the longest first."""

    def __init__(self, path: Path) -> None:
        self._path, self._codec = path, _codec(path)
        self._ending = ending(path, self._codec)
        if self._ending is Ending.TORN:
            raise damaged(path)
        counts: list[int] = []
        inside: list[int] = []
        for event, element in _events(path, self._codec):
            if element.tag == "table":
                if event == "start":
                    inside.append(len(counts))
                    counts.append(0)
                elif inside:
                    inside.pop()
            elif event == "end" and inside:
                counts[inside[-1]] += 1
            if event == "end":
                _forget(element)
        if not any(counts):
            raise ListError(
                _(
                    "{name} is a web page (HTML) without a table, although its name says "
                    "otherwise.",
                    name=path.name,
                ),
                hint=_("Export the list again, as CSV or as an Excel workbook."),
            )
        order = sorted(range(len(counts)), key=lambda at: -counts[at])
        self._places = {f"Table {at + 1}": at for at in order}
        self.sheets = [SheetEntry(name, visible=True) for name in self._places]

    def open(self, name: str) -> Sheet:
        """The table of that name."""
        rows = _Table(self._path, self._codec, self._places[name])
        return _Unended(rows) if self._ending is Ending.AFTER_A_ROW else rows


class _Table:
    hidden_columns: frozenset[int] = frozenset()

    def __init__(self, path: Path, codec: str, wanted: int) -> None:
        self._path, self._codec, self._wanted = path, codec, wanted

    def rows(self) -> Iterator[SheetRow]:
        seen = -1
        inside: list[int] = []
        number = 0
        taken: dict[int, int] = {}
        """Columns that a cell above reaches into, and the last row it reaches."""
        for event, element in _events(self._path, self._codec):
            if element.tag == "table":
                if event == "start":
                    seen += 1
                    inside.append(seen)
                elif inside:
                    inside.pop()
            elif event == "end" and inside and inside[-1] == self._wanted:
                number += 1
                row = _row(element, number, taken)
                if row.cells or row.merged:
                    yield row
            if event == "end" and not (self._wanted in inside and inside[-1] != self._wanted):
                _forget(element)


class _Unended:
    """A table without an end: its last row says so."""

    def __init__(self, table: _Table) -> None:
        self._table, self.hidden_columns = table, table.hidden_columns

    def rows(self) -> Iterator[SheetRow]:
        last: SheetRow | None = None
        for row in self._table.rows():
            if last is not None:
                yield last
            last = row
        if last is not None:
            yield replace(last, faults=(*last.faults, Fault(0, "no end", "")))


def _row(element: etree._Element, number: int, taken: dict[int, int]) -> SheetRow:
    cells: list[tuple[int, str]] = []
    merged: list[Merged] = []
    column = 0
    for cell in element:
        if cell.tag not in ("td", "th") or _hidden(cell):
            continue
        while taken.get(column, 0) >= number:
            column += 1
        across = _span(cell.get("colspan"), _MOST_ACROSS)
        down = _span(cell.get("rowspan"), _MOST_DOWN)
        if column + across > _COLUMNS:
            raise ValueError(f"column {column + across}")
        if text := _text(cell):
            cells.append((column, text))
        if across * down > 1:
            merged.append(Merged(column, number + down - 1, column + across - 1))
            if down > 1:
                taken.update(dict.fromkeys(range(column, column + across), number + down - 1))
        column += across
    return SheetRow(number, cells, _hidden(element), (), tuple(merged))


def _hidden(element: etree._Element) -> bool:
    return "hidden" in element.attrib or bool(_HIDDEN.search(element.get("style", "")))


def _text(cell: etree._Element) -> str:
    """What is seen of a cell; blanks run together, as in a browser."""
    pieces: list[str] = []
    unseen = 0
    for event, element in etree.iterwalk(cell, events=("start", "end", "comment")):
        if event == "comment":
            pieces.append(_flat(element.tail) if element is not cell and not unseen else "")
        elif event == "start":
            unseen += _is_unseen(element)
            if not unseen:
                pieces.append("\n" if element.tag in _BREAKS else "")
                pieces.append(_flat(element.text))
        elif element is not cell:
            if not unseen:
                pieces.append("\n" if element.tag in ("p", "div", "li", "tr") else "")
            unseen -= _is_unseen(element)
            if not unseen:
                pieces.append(_flat(element.tail))
    lines = (" ".join(re.split(r"[ \t]+", line)).strip(" ") for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def _is_unseen(element: etree._Element) -> bool:
    return element.tag in _UNSEEN or _hidden(element)


def _flat(text: str | None) -> str:
    return re.sub(r"[ \t\r\n\f]+", " ", text or "")


def _span(value: str | None, most: int) -> int:
    digits = re.match(r"\s*(\d{1,9})", value or "1")
    return max(1, min(int(digits[1]) if digits else 1, most))


def _events(path: Path, codec: str) -> Iterator[tuple[str, etree._Element]]:
    """The beginnings and ends of tables and of rows."""
    parser = etree.HTMLPullParser(
        events=("start", "end"), tag=("table", "tr"), encoding="utf-8", huge_tree=False
    )
    decoder = codecs.getincrementaldecoder(codec)(errors="replace")
    in_row, since = False, 0
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                # Whatever it says of itself, it is UTF-8 now.
                parser.feed(decoder.decode(chunk).replace("\0", "").encode("utf-8", "replace"))
                since += len(chunk)
                for event, element in parser.read_events():
                    in_row, since = (event, element.tag) == ("start", "tr"), 0
                    yield event, element
                if in_row and since > _LONGEST_ROW:
                    raise damaged(path)
        parser.feed(decoder.decode(b"", final=True).encode("utf-8", "replace"))
        parser.close()
        yield from parser.read_events()
    except etree.LxmlError as error:
        raise ValueError(str(error)) from error
    # Whatever else is wrong with a page, only here does libxml2 stop before its end.
    if parser.feed_error_log.filter_from_fatals():
        raise ValueError("the page goes beyond what libxml2 reads")


def _forget(element: etree._Element) -> None:
    """Let go of what has been read, so that memory does not grow with the page."""
    if element.tag == "tr":
        element.clear(keep_tail=False)
        while element.getprevious() is not None and element.getparent() is not None:
            del element.getparent()[0]


def _codec(path: Path) -> str:
    evidence = gather_evidence(path)
    with path.open("rb") as file:
        declared = _CHARSET.search(file.read(4096))
    if evidence.bom:
        return evidence.bom
    codec = find_encoding(path, evidence, None).codec
    if declared and codec not in ("utf-8", "utf-16-le", "utf-16-be"):
        try:
            return find_encoding(path, evidence, declared[1].decode()).codec
        except Exception:
            return codec
    return codec

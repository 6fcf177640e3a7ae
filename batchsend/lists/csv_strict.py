"""One record out of the lines of a text file, as Excel reads it, and what to do with stray quotes.

Only lines that are not plainly right come here: those with open quotes, or with more or fewer cells
than the list has columns. Knows nothing of encodings, headings or row numbers.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass

from batchsend.language import _
from batchsend.lists.problems import Severity
from batchsend.text import INVISIBLE, blank

# Excel's own limit is 32,767 characters and some 250 line breaks in a cell. A quote that stays open
# longer than this is a stray one.
_LONGEST_CELL = 100_000
_MOST_LINES = 300
BLANKS = " \t\u00a0" + INVISIBLE
"""What may stand beside a quotation mark without being part of the cell."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a text file separates and quotes its cells."""

    separator: str
    """One character."""
    quote: str
    """One character, or "" where cells are never quoted."""


@dataclass(frozen=True, slots=True)
class Record:
    """The cells of one record and the number of lines it stands on."""

    cells: list[str]
    lines: int = 1
    complaint: str = ""
    """What is wrong with its quotation marks, in words."""
    column: int = 0
    """Where that is."""
    severity: Severity = "error"


def read_record(
    lines: Sequence[str], start: int, dialect: Dialect, *, width: int, complete: bool
) -> Record | None:
    """Read the record that begins at `lines[start]`.

    `width` is the number of columns, or 0 while that is not known. None means that a quote is still
    open at the end of `lines` and more lines are needed; never so if the file is `complete`.

    A quotation mark that cannot be right never takes in the lines after it: its line then stands
    alone, literally, with a complaint.
    """
    if not dialect.quote or dialect.quote not in lines[start]:
        return Record(lines[start].split(dialect.separator))
    ahead = (f"{lines[at]}\n" for at in range(start, min(len(lines), start + _MOST_LINES)))
    reader = csv.reader(ahead, delimiter=dialect.separator, quotechar=dialect.quote, strict=True)
    try:
        cells = next(reader)
    except csv.Error:
        return _read_leniently(lines, start, dialect, width, complete=complete)
    taken = lines[start : start + reader.line_num]
    if any(f" {dialect.quote}" in line or f"\t{dialect.quote}" in line for line in taken):
        return _read_leniently(lines, start, dialect, width, complete=complete)
    return _unless_swallowed(taken, cells, dialect, width)


def _read_leniently(
    lines: Sequence[str], start: int, dialect: Dialect, width: int, *, complete: bool
) -> Record | None:
    """As `read_record`, for quotes with blanks around them or not closed as they should be."""
    cells: list[str] = []
    line, position, used = lines[start], 0, 1
    while True:
        opening = _opening_quote(line, position, dialect)
        if opening is None:
            end = line.find(dialect.separator, position)
            cells.append(line[position:] if end < 0 else line[position:end])
            if end < 0:
                break
            position = end + 1
            continue
        closing = _closing_quote(line, opening + 1, dialect.quote)
        while closing is None:
            if start + used == len(lines) and not complete and used < _MOST_LINES:
                return None
            if start + used == len(lines) or used >= _MOST_LINES or len(line) > _LONGEST_CELL:
                return _alone(lines[start], len(cells), dialect, width)
            resume = len(line) + 1
            line = f"{line}\n{lines[start + used]}"
            used += 1
            closing = _closing_quote(line, resume, dialect.quote)
        cells.append(line[opening + 1 : closing].replace(dialect.quote * 2, dialect.quote))
        end = line.find(dialect.separator, closing + 1)
        trailing = line[closing + 1 :] if end < 0 else line[closing + 1 : end]
        if trailing.strip(BLANKS):
            return _alone(lines[start], len(cells) - 1, dialect, width)
        if end < 0:
            break
        position = end + 1
    return _unless_swallowed(lines[start : start + used], cells, dialect, width)


def _unless_swallowed(
    lines: Sequence[str], cells: list[str], dialect: Dialect, width: int
) -> Record:
    if _swallowed(lines, cells, dialect, width):
        return _alone(lines[0], 0, dialect, width)
    return Record(cells, len(lines))


def _opening_quote(line: str, position: int, dialect: Dialect) -> int | None:
    """Where the cell at `position` opens a quote, blanks before it allowed; None if it does not."""
    while position < len(line) and line[position] in BLANKS:
        if line[position] == dialect.separator:
            return None
        position += 1
    return position if line.startswith(dialect.quote, position) else None


def _closing_quote(line: str, position: int, quote: str) -> int | None:
    """Where the quote that is open at `position` is closed; doubled marks are part of the cell."""
    while (found := line.find(quote, position)) >= 0:
        if not line.startswith(quote, found + 1):
            return found
        position = found + 2
    return None


def _swallowed(lines: Sequence[str], cells: Sequence[str], dialect: Dialect, width: int) -> bool:
    """Whether a pair of stray quotes has made one cell of what were several cells or rows."""
    if width < 2:
        return False
    separators = width - 1
    if len(lines) == 1:
        return len(cells) < width and lines[0].count(dialect.separator) == separators
    if len(cells) > width:
        return True
    whole = [line.count(dialect.separator) == separators for line in lines if not blank(line)]
    if width == 2:
        return all(whole)
    return any(whole[1:-1]) or (whole[0] and whole[-1])


def _alone(line: str, column: int, dialect: Dialect, width: int) -> Record:
    """The line by itself, its doubtful quotation marks taken literally."""
    cells = line.split(dialect.separator)
    balanced = line.count(dialect.quote) % 2 == 0 and (not width or len(cells) == width)
    if balanced and _only_inside(cells, dialect.quote):
        return Record(
            [_unquoted(cell, dialect.quote) for cell in cells],
            complaint=_(
                "the quotation marks {quote} in this cell were taken as part of the text",
                quote=dialect.quote,
            ),
            column=column,
            severity="warning",
        )
    return Record(
        [_unquoted(cell, dialect.quote) for cell in cells],
        complaint=_(
            "a quotation mark {quote} is opened here but not closed as it should be, so it "
            "is not certain where the cell ends; remove it, or close it",
            quote=dialect.quote,
        ),
        column=column,
    )


def _only_inside(cells: Sequence[str], quote: str) -> bool:
    """Whether every cell has its quotation marks in pairs, so that none spans a separator."""
    return all(cell.count(quote) % 2 == 0 for cell in cells)


def _unquoted(cell: str, quote: str) -> str:
    bare = cell.strip(BLANKS)
    inner = bare[1:-1]
    if len(bare) > 1 and bare[0] == bare[-1] == quote and quote not in inner.replace(quote * 2, ""):
        return inner.replace(quote * 2, quote)
    return cell

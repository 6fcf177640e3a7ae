"""The rows of a sheet -> Parquet, as a person sees the sheet: hidden rows and columns left out,
merged cells filled. What was left out or is wrong is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import process_time

import polars as pl

from batchsend.errors import ListError
from batchsend.language import N_, _
from batchsend.lists.controls import cleaned
from batchsend.lists.parts import write_part
from batchsend.lists.problems import Problem, Severity
from batchsend.lists.workbooks.number_formats import Shown
from batchsend.lists.workbooks.sheets import Fault, Merged, Sheet, SheetRow
from batchsend.text import blank

_TOP = 50
_SECONDS = 50
"""Of work, for the first 100,000 rows and for as many again: a sheet of one million takes 60."""
_ROWS, _COLUMNS = 1_048_576, 16_384  # as many as a sheet can have
_CELLS_AT_ONCE = 1_000_000
_WIDEST_MERGED = 50  # wider than this it is a title across the sheet
_MESSAGES = {
    "error value": N_("the cell shows an error instead of a value; correct its formula"),
    "never calculated": N_(
        "the cell has a formula whose result is not in the file; open the workbook "
        "in Excel and save it"
    ),
    "digits lost": N_(
        "the number has more than the 15 digits that Excel keeps, so its last digits "
        "are not what was typed; format the cell as text and type it again"
    ),
    "no end": N_(
        "the file ends in this row, before its table does: if it is cut short, it is not whole, "
        "and rows may be missing"
    ),
}


@dataclass(slots=True)
class Grid:
    """A sheet that has been stored."""

    columns: list[int] = field(default_factory=list)
    """Columns that hold anything, by their position in the sheet."""
    top: list[tuple[int, dict[int, str]]] = field(default_factory=list)
    """The first rows, with their numbers; cells merged sideways are left as they are there."""
    gaps: list[tuple[int, int]] = field(default_factory=list)
    """Runs of blank rows between the others, first and last."""
    across: list[tuple[int, list[int]]] = field(default_factory=list)
    """Rows with cells merged sideways, and the columns that have their text from the left."""
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    """Those that hold anything."""
    problems: list[Problem] = field(default_factory=list)
    covered: list[int] = field(default_factory=list)
    """Rows with text below merged cells, which the sheet does not show."""
    formatted: list[int] = field(default_factory=list)
    """Columns with numbers whose formats show other texts than those that they are known by."""
    told: dict[int, list[str]] = field(default_factory=dict)
    """Of columns whose numbers are shown otherwise than they are stored, the first: as known, as
    shown; see `Shown.told`."""
    currencies: dict[int, dict[str, int]] = field(default_factory=dict)
    """Of columns whose numbers are shown in a currency: each, and the first row that has it."""

    def note(self, row: int, shown: Iterable[tuple[int, Shown]]) -> None:
        """Keep what people are to be told of numbers that are shown otherwise."""
        for column, text in shown:
            if text.told:
                self.told.setdefault(column, [text, text.as_shown])
            elif text.currency:
                self.currencies.setdefault(column, {}).setdefault(text.currency, row)


def store(sheet: Sheet, folder: Path, *, hidden: bool) -> Grid:
    """Write the rows to Parquet files in `folder`: `row`, a column `x7` per column 7 in use, and a
    column `s7` where its formats show other texts, null in other cells.

    `hidden`: whether hidden rows and columns are read like others. ValueError if the rows are not
    in order, or are more than a sheet can have.
    """
    grid = Grid()
    left_out = frozenset() if hidden else sheet.hidden_columns
    gone: set[int] = set()
    batch = _Batch(folder)
    seen = 0
    begun = process_time()
    for row, sideways in _filled(sheet, grid.covered):
        if all(blank(text) for _other, text in row.cells) and not row.faults:
            continue
        if not seen < row.number <= _ROWS:
            raise ValueError(f"row {row.number} after row {seen}")
        late = not row.number & 63 and process_time() - begun
        if late > _SECONDS + _SECONDS * seen / 100_000:
            raise ListError(
                _("The sheet takes longer to read than any list should."),
                hint=_("Save the sheet with the list alone, as .xlsx or as CSV."),
            )
        if row.number > seen + 1 and seen:
            grid.gaps.append((seen + 1, row.number - 1))
        seen = row.number
        if row.hidden and not hidden:
            grid.hidden_rows.append(row.number)
            continue
        cells = row.cells
        if left_out:
            gone.update(c for c, text in cells if c in left_out and not blank(text))
            cells = [(column, text) for column, text in cells if column not in left_out]
            if all(blank(text) for _other, text in cells):
                continue
        grid.across += [(row.number, sorted(sideways)[:_WIDEST_MERGED])] if sideways else []
        if len(grid.top) < _TOP:
            grid.top.append((row.number, {c: text for c, text in cells if c not in sideways}))
        grid.problems.extend(
            _problem(row.number, fault) for fault in row.faults if fault.column not in left_out
        )
        shown = [(c, text) for c, text in row.shown if c not in left_out] if row.shown else []
        grid.note(row.number, shown)
        texts = [(c, text.as_shown) for c, text in shown if not text.told and text.as_shown != text]
        batch.add(row.number, cells, texts)
    batch.flush()
    grid.columns = sorted(batch.used)
    grid.formatted = sorted(batch.formatted)
    if grid.columns and grid.columns[-1] >= _COLUMNS:
        raise ValueError(f"column {grid.columns[-1]}")
    grid.hidden_columns = sorted(gone)
    return grid


@dataclass(slots=True)
class _Batch:
    """Rows gathered until they are worth a file; columns exist as they come into use."""

    folder: Path
    rows: list[int] = field(default_factory=list)
    columns: dict[int, list[str]] = field(default_factory=dict)
    shown: dict[int, list[str | None]] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)
    formatted: set[int] = field(default_factory=set)
    files: int = 0

    def add(
        self, number: int, cells: list[tuple[int, str]], shown: Iterable[tuple[int, str]]
    ) -> None:
        height = len(self.rows)
        self.rows.append(number)
        for column, text in cells:
            texts = self.columns.get(column)
            if texts is None:
                texts = self.columns[column] = []
            if len(texts) < height:
                texts.extend([""] * (height - len(texts)))
            texts.append(text)
        for column, text in shown:
            seen = self.shown.setdefault(column, [])
            seen.extend([None] * (height - len(seen)))
            seen.append(text)
        if len(self.rows) * len(self.columns) > _CELLS_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        if not self.rows:
            return
        height = len(self.rows)
        for texts in self.columns.values():
            texts.extend([""] * (height - len(texts)))
        for seen in self.shown.values():
            seen.extend([None] * (height - len(seen)))
        frame = pl.DataFrame(
            {
                "row": self.rows,
                **{f"x{column}": texts for column, texts in self.columns.items()},
                **{f"s{column}": texts for column, texts in self.shown.items()},
            },
            schema_overrides={"row": pl.UInt32},
        )
        frame = cleaned(frame)
        write_part(frame, self.folder / f"{self.files:06d}.parquet")
        self.used.update(self.columns)
        self.formatted.update(self.shown)
        self.files += 1
        self.rows, self.columns, self.shown = [], {}, {}


def _filled(sheet: Sheet, covered: list[int]) -> Iterator[tuple[SheetRow, frozenset[int]]]:
    """The rows with the value of each merged range in all of its cells, and which cells of a row
    have theirs from the left rather than from above. Nobody sees what else is in those cells: it is
    left out, and its row added to `covered`.
    """
    reaching: list[tuple[Merged, str]] = []
    for row in sheet.rows():
        if reaching:
            reaching = [
                (merged, text) for merged, text in reaching if merged.last_row >= row.number
            ]
        above = len(reaching)
        if row.merged:
            texts = dict(row.cells)
            reaching += [(merged, texts.get(merged.first_column, "")) for merged in row.merged]
        if not reaching or not row.cells:
            yield row, frozenset()
            continue
        cells, shown = dict(row.cells), dict(row.shown)
        faults = {fault.column: fault for fault in row.faults}
        sideways: set[int] = set()
        unseen = False
        for at, (merged, text) in enumerate(reaching):
            first = merged.first_column if at < above else merged.first_column + 1
            for column in [c for c in cells if first <= c <= merged.last_column]:
                unseen |= not blank(cells[column]) and cells[column] != text
                del cells[column]
                shown.pop(column, None)
                faults.pop(column, None)
            last = min(merged.last_column, merged.first_column + _WIDEST_MERGED)
            filled = range(first, last + 1) if text else range(0)
            cells.update(dict.fromkeys(filled, text))
            if isinstance(text, Shown):
                shown.update(dict.fromkeys(filled, text))
            sideways.update(column for column in filled if column > merged.first_column)
        if unseen:
            covered.append(row.number)
        yield (
            replace(
                row,
                cells=sorted(cells.items()),
                shown=tuple(shown.items()),
                faults=tuple(faults.values()),
            ),
            frozenset(sideways),
        )


def _problem(row: int, fault: Fault) -> Problem:
    severity: Severity = "warning" if fault.kind in ("digits lost", "no end") else "error"
    return Problem(row, fault.column, fault.value, _(_MESSAGES[fault.kind]), severity)

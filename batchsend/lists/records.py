"""Lines of text -> numbered rows of exactly as many cells as the list has columns.

Lines that are plainly right are cut up many at a time, in `cutting`; the others go one by one
through `quoting`. What looks wrong is left in `ReadFindings`, by row.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import polars as pl

from batchsend.language import _
from batchsend.lists.controls import cleaned, may_hold_controls
from batchsend.lists.csv_fast import Cutter, without_text_formulas
from batchsend.lists.csv_lines import LineBatch
from batchsend.lists.csv_strict import Record, read_record
from batchsend.lists.parts import row_schema
from batchsend.lists.problems import Problem, ReadFindings
from batchsend.text import blank

_LOST = "\ufffd"  # what decoding makes of bytes that mean nothing


def _nothing(cell: str) -> bool:
    return blank(cell.strip("\x1a"))  # with which DOS ended files


def _maybe_lost(text: bytes) -> bool:
    lost = _LOST.encode()
    return lost[:1] in text and lost in text  # one byte is looked for much faster than three


@dataclass(slots=True)
class _Numbering:
    """Which row each line of a batch belongs to: a quoted line break does not begin a new one."""

    before: int
    """Rows before this batch."""
    read: int
    """Lines of the batch that have been read; a record may go on in the next batch."""
    continued: list[int] = field(default_factory=list)
    """Positions of lines that continue the record begun above them."""

    def row(self, position: int) -> int:
        return self.before + position + 1 - bisect_right(self.continued, position)

    def rows(self) -> pl.Series:
        """The row of every line that has been read."""
        positions = pl.int_range(1, self.read + 1, dtype=pl.UInt32, eager=True)
        if self.continued:
            goes_on = pl.Series([0], dtype=pl.UInt32).new_from_index(0, self.read)
            goes_on = goes_on.scatter(self.continued, 1)
            positions = positions - goes_on.cum_sum()
        return (positions + self.before).cast(pl.UInt32).alias("row")


@dataclass(slots=True)
class RecordReader:
    """Reads the records of one file, in order."""

    cutter: Cutter
    after: int
    """The row of the headings: rows up to it are numbered, but not handed on."""
    usual: int = 0
    """How many cells most rows have, blank ones beyond the last heading counted."""
    doubt: str = ""
    """What to say of a row that is not in the file's main encoding."""
    sightings: ReadFindings = field(default_factory=ReadFindings)

    def frames(self, batches: Iterable[LineBatch]) -> Iterator[pl.DataFrame]:
        """The rows below the headings, blank ones left out, as frames of `row, c0, c1, …`."""
        waiting: LineBatch | None = None
        rows = 0
        for more in batches:
            batch = more if waiting is None else waiting + more
            waiting = None
            controls = may_hold_controls(batch.text)
            cells = self._at_once(batch) if rows >= self.after and not controls else None
            if cells is not None:
                yield cells.insert_column(0, _Numbering(rows, batch.count).rows())
                rows += batch.count
                continue
            plain = self.cutter.plain(batch.lines)
            numbering, odd = self._read_odd(batch, plain, rows)
            frame = self._frame(batch, plain, numbering, odd)
            self._sight(batch, numbering, frame)
            yield cleaned(frame) if controls else frame
            if numbering.read < batch.count:
                waiting = batch.following(numbering.read)
            rows += numbering.read - len(numbering.continued)

    def _at_once(self, batch: LineBatch) -> pl.DataFrame | None:
        """The cells of a batch that there is nothing to be said of, as nearly all are."""
        if not batch.count or batch.nul or batch.doubtful or _maybe_lost(batch.text):
            return None
        return self.cutter.all_at_once(batch)

    def _read_odd(
        self, batch: LineBatch, plain: pl.Series, rows: int
    ) -> tuple[_Numbering, list[tuple[int, list[str]]]]:
        """Read the lines that are not plain, and those their quotes take in, one record a time."""
        numbering = _Numbering(rows, batch.count)
        odd: list[tuple[int, list[str]]] = []
        if plain.all():
            return numbering, odd
        lines = batch.lines.to_list()
        next_line = 0
        for at in (~plain).arg_true().to_list():
            if at < next_line:
                continue
            record = read_record(
                lines,
                at,
                self.cutter.dialect,
                width=self.cutter.width,
                complete=batch.complete,
            )
            if record is None:
                numbering.read = at
                break
            row = numbering.row(at)
            next_line = at + record.lines
            numbering.continued.extend(range(at + 1, next_line))
            if row > self.after and self._sound(row, record):
                cells = record.cells[: self.cutter.width]
                odd.append((row, cells + [""] * (self.cutter.width - len(cells))))
        return numbering, odd

    def _sound(self, row: int, record: Record) -> bool:
        """Note what is wrong with a record; False if it is blank and to be left out."""
        width = self.cutter.width
        if record.lines == 1 and self.cutter.only_draws(record.cells):
            self.sightings.rulers.append(row)
            return False
        if all(map(_nothing, record.cells)):
            self.sightings.blank.append(row)
            return False
        if record.complaint:
            value = record.cells[record.column] if record.column < len(record.cells) else ""
            # Of more or fewer cells it is not known under which headings they belong.
            column = record.column if len(record.cells) == width else None
            self.sightings.problems.append(
                Problem(row, column, value, record.complaint, record.severity)
            )
        elif not all(map(blank, record.cells[width:])) or self._shifted(record.cells):
            self.sightings.problems.append(Problem(row, None, "", self._too_long(record)))
        elif len(record.cells) < width:
            self.sightings.short.add(row, len(record.cells))
        return True

    def _shifted(self, cells: list[str]) -> bool:
        """Whether a row with blank cells beyond the last column may have one cell cut in two.

        Without the cut it would have two cells at least, as other rows have; and most rows do not
        go on beyond the last column.
        """
        surplus = len(cells) - max(self.cutter.width, self.usual)
        return surplus > 0 and sum(not blank(cell) for cell in cells) - surplus > 1

    def _too_long(self, record: Record) -> str:
        separator = self.cutter.dialect.separator
        named = "a tab" if separator == "\t" else separator
        return _(
            "the row has {number} cells, but the list has {width} columns; a cell that "
            "contains {named} must be in quotation marks, and blank cells beyond the last "
            "column must not be there in some rows only",
            number=len(record.cells),
            width=self.cutter.width,
            named=named,
        )

    def _frame(
        self,
        batch: LineBatch,
        plain: pl.Series,
        numbering: _Numbering,
        odd: list[tuple[int, list[str]]],
    ) -> pl.DataFrame:
        """The rows of the lines that have been read, plain and odd."""
        rows = numbering.rows()
        plain = plain.head(numbering.read)
        if numbering.continued:
            plain = plain.scatter(numbering.continued, False)
        if self.after > numbering.before:
            plain = plain & (rows > self.after)
        frame = self.cutter.cells(batch.lines.head(numbering.read).filter(plain))
        frame = frame.insert_column(0, rows.filter(plain))
        if odd:
            schema = row_schema(self.cutter.width)
            strays = pl.DataFrame([(row, *cells) for row, cells in odd], schema, orient="row")
            frame = pl.concat([frame, without_text_formulas(strays)]).sort("row")
        return frame

    def _sight(self, batch: LineBatch, numbering: _Numbering, frame: pl.DataFrame) -> None:
        """Note, by row, where the bytes of the file were not what they should be."""
        present = set(frame["row"]) if batch.nul or batch.doubtful else set()
        nul = {numbering.row(at) for at in batch.nul if at < numbering.read} & present
        self.sightings.nul.extend(sorted(nul))
        if batch.lines.str.contains(_LOST, literal=True).any():
            lost = self._lost(frame)
            self.sightings.problems.extend(lost)
            present -= {problem.row for problem in lost}
        doubtful = {numbering.row(at) for at in batch.doubtful if at < numbering.read} & present
        self.sightings.problems.extend(
            Problem(row, None, "", self.doubt, "warning") for row in sorted(doubtful)
        )

    def _lost(self, frame: pl.DataFrame) -> list[Problem]:
        cells = (
            frame.unpivot(index="row")
            .filter(pl.col("value").str.contains(_LOST, literal=True))
            .sort("row")
        )
        message = _(
            "a character could not be read and stands as {lost}; type it again, or set "
            "`encoding` under [list] if many rows have it",
            lost=_LOST,
        )
        return [
            Problem(row, int(key[1:]), value, message)
            for row, key, value in cells.sort("row").rows()
        ]

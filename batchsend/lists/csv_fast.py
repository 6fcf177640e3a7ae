"""Cutting many lines into cells at once, where each line is by itself a record without a flaw.

Nearly all lines of nearly all files are. What is not is told apart here, and read elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO

import polars as pl

from batchsend.lists.csv_lines import LineBatch
from batchsend.lists.csv_strict import BLANKS as BESIDE_QUOTES
from batchsend.lists.csv_strict import Dialect
from batchsend.lists.parts import row_schema
from batchsend.lists.rulers import RULER, without_rulers
from batchsend.text import BLANKS, INVISIBLE

_TEXT_FORMULA = '="'  # ="0150" is how exports keep Excel from reading a number
_WIDEST_PATTERN = 500  # the pattern of a quoted line grows with the columns; beyond, it is slow


@dataclass(frozen=True, slots=True)
class Cutter:
    """Cuts lines of one dialect into `width` cells."""

    dialect: Dialect
    width: int

    def all_at_once(self, batch: LineBatch) -> pl.DataFrame | None:
        """The cells of a batch in which every line is plain; None where that is not sure."""
        quotes = {b'"', self.dialect.quote.encode()} - {b""}
        if any(quote in batch.text for quote in quotes):
            return None
        if batch.text.count(self.dialect.separator.encode()) != (self.width - 1) * batch.count:
            return None
        try:
            cells = self._cells(batch.text, quoted=False)
        except pl.exceptions.PolarsError:  # a line has too many cells, so another has too few
            return None
        return cells if cells.height == batch.count and not _some_blank(cells) else None

    def plain(self, lines: pl.Series) -> pl.Series:
        """Which lines are, each by itself, a record of the right width and not blank."""
        separator, quote = self.dialect.separator, self.dialect.quote
        plain = lines.str.count_matches(separator, literal=True) == self.width - 1
        if quote and (quoted := lines.str.contains(quote, literal=True)).any():
            plain &= ~quoted | ~lines.str.contains(self._opens_a_quote())
            if self.width <= _WIDEST_PATTERN:
                plain |= quoted & lines.str.contains(self._encloses_whole_cells())
        blanks = f"^[{re.escape(separator + quote + INVISIBLE)}\\s\\x1a]*$"
        plain &= ~lines.str.contains(blanks)
        drawn = plain & lines.str.contains("---|===|___|───")
        return plain & ~lines.str.contains(RULER) if drawn.any() else plain

    def only_draws(self, cells: list[str]) -> bool:
        """Whether the cells of a line are nothing but a part of the table's frame."""
        return without_rulers([self.dialect.separator.join(cells)]) == [""] != cells

    def cells(self, lines: pl.Series) -> pl.DataFrame:
        """The cells of lines that are all plain, as columns c0, c1, …."""
        quote = self.dialect.quote
        quoted = lines.str.contains(quote, literal=True) if quote else None
        if quoted is None or not quoted.any():
            return self._cut(lines, quoted=False)
        # Where no cell opens with one, quotation marks are inches or the like.
        inches = quoted & ~lines.str.contains(self._opens_a_quote())
        if not inches.any():
            return self._cut(lines, quoted=True)
        parts = [
            self._cut(lines.filter(chosen), quoted=quoted).insert_column(
                0, chosen.arg_true().alias("position")
            )
            for chosen, quoted in ((~inches, True), (inches, False))
        ]
        return pl.concat(parts).sort("position").drop("position")

    def _cut(self, lines: pl.Series, *, quoted: bool) -> pl.DataFrame:
        if lines.is_empty():
            return pl.DataFrame(schema=self._schema)
        frame = self._cells(lines.str.join("\n").cast(pl.Binary).item(), quoted=quoted)
        if frame.height != len(lines):
            raise AssertionError(f"{len(lines)} lines were cut into {frame.height} rows")
        has_formulas = lines.str.contains(_TEXT_FORMULA, literal=True).any()
        return without_text_formulas(frame) if has_formulas else frame

    def _cells(self, text: bytes, *, quoted: bool) -> pl.DataFrame:
        return pl.read_csv(
            BytesIO(text),
            has_header=False,
            schema=self._schema,
            separator=self.dialect.separator,
            quote_char=self.dialect.quote if quoted else None,
            empty_string_is_null=False,
        )

    @property
    def _schema(self) -> dict[str, pl.DataType]:
        return {name: kind for name, kind in row_schema(self.width).items() if name != "row"}

    def _opens_a_quote(self) -> str:
        separator, quote = re.escape(self.dialect.separator), re.escape(self.dialect.quote)
        return f"(?:^|{separator})[{re.escape(BESIDE_QUOTES)}]*{quote}"

    def _encloses_whole_cells(self) -> str:
        """A line whose quotation marks enclose whole cells, of which there are `width`."""
        separator, quote = re.escape(self.dialect.separator), re.escape(self.dialect.quote)
        cell = f"(?:{quote}[^{quote}]*(?:{quote}{quote}[^{quote}]*)*{quote}|[^{quote}{separator}]*)"
        return f"^{cell}(?:{separator}{cell}){{{self.width - 1}}}$"


def _some_blank(cells: pl.DataFrame) -> bool:
    """Whether there is a row in which a reader would see nothing."""
    for name in cells.columns:
        cells = cells.filter(pl.col(name).str.strip_chars_start(BLANKS) == "")
        if cells.is_empty():
            return False
    return True


def without_text_formulas(frame: pl.DataFrame) -> pl.DataFrame:
    """The text of cells written as formulas: ="0150" is 0150."""
    return frame.with_columns(pl.col(pl.String).str.replace('^="([^"]*)"$', "${1}"))

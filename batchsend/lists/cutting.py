"""Cutting many lines into cells at once, where each line is by itself a record without a flaw.

Nearly all lines of nearly all files are. What is not is told apart here, and read elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO

import polars as pl

from batchsend.lists.headings import INVISIBLE
from batchsend.lists.parts import row_schema
from batchsend.lists.quoting import BLANKS, Dialect

__all__ = ["Cutter", "without_text_formulas"]

_TEXT_FORMULA = '="'  # ="0150" is how exports keep Excel from reading a number
_WIDEST_PATTERN = 500  # the pattern of a quoted line grows with the columns; beyond, it is slow


@dataclass(frozen=True, slots=True)
class Cutter:
    """Cuts lines of one dialect into `width` cells."""

    dialect: Dialect
    width: int

    def plain(self, lines: pl.Series) -> pl.Series:
        """Which lines are, each by itself, a record of the right width and not blank."""
        separator, quote = self.dialect.separator, self.dialect.quote
        plain = lines.str.count_matches(separator, literal=True) == self.width - 1
        if quote and (quoted := lines.str.contains(quote, literal=True)).any():
            plain &= ~quoted | ~lines.str.contains(self._opens_a_quote())
            if self.width <= _WIDEST_PATTERN:
                plain |= quoted & lines.str.contains(self._encloses_whole_cells())
        blanks = f"^[{re.escape(separator + quote + INVISIBLE)}\\s]*$"
        return plain & ~lines.str.contains(blanks)

    def cells(self, lines: list[str]) -> pl.DataFrame:
        """The cells of lines that are all plain, as columns c0, c1, …."""
        quote = self.dialect.quote
        if not quote or not any(quote in line for line in lines):
            return self._cut(lines, quoted=False)
        text = pl.Series("line", lines, dtype=pl.String)
        # Where no cell opens with one, quotation marks are inches or the like.
        inches = text.str.contains(quote, literal=True) & ~text.str.contains(self._opens_a_quote())
        if not inches.any():
            return self._cut(lines, quoted=True)
        parts = [
            self._cut(text.filter(chosen).to_list(), quoted=quoted).insert_column(
                0, chosen.arg_true().alias("position")
            )
            for chosen, quoted in ((~inches, True), (inches, False))
        ]
        return pl.concat(parts).sort("position").drop("position")

    def _cut(self, lines: list[str], *, quoted: bool) -> pl.DataFrame:
        schema = row_schema(self.width)
        del schema["row"]
        if not lines:
            return pl.DataFrame(schema=schema)
        text = "\n".join(lines)
        frame = pl.read_csv(
            BytesIO(text.encode("utf-8", "replace")),
            has_header=False,
            schema=schema,
            separator=self.dialect.separator,
            quote_char=self.dialect.quote if quoted else None,
            empty_string_is_null=False,
        )
        if frame.height != len(lines):
            raise AssertionError(f"{len(lines)} lines were cut into {frame.height} rows")
        return without_text_formulas(frame) if _TEXT_FORMULA in text else frame

    def _opens_a_quote(self) -> str:
        separator, quote = re.escape(self.dialect.separator), re.escape(self.dialect.quote)
        return f"(?:^|{separator})[{re.escape(BLANKS)}]*{quote}"

    def _encloses_whole_cells(self) -> str:
        """A line whose quotation marks enclose whole cells, of which there are `width`."""
        separator, quote = re.escape(self.dialect.separator), re.escape(self.dialect.quote)
        cell = f"(?:{quote}[^{quote}]*(?:{quote}{quote}[^{quote}]*)*{quote}|[^{quote}{separator}]*)"
        return f"^{cell}(?:{separator}{cell}){{{self.width - 1}}}$"


def without_text_formulas(frame: pl.DataFrame) -> pl.DataFrame:
    """The text of cells written as formulas: ="0150" is 0150."""
    return frame.with_columns(pl.col(pl.String).str.replace('^="([^"]*)"$', "${1}"))

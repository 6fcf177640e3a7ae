"""RecipientList: what a reader hands over, whatever kind of file it read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

PROBLEMS = pl.Schema(
    [
        ("row", pl.UInt32()),  # as the spreadsheet numbers it
        ("column", pl.String()),  # the heading as typed; empty where the whole row is meant
        ("value", pl.String()),  # masked where it is sensitive
        ("message", pl.String()),
        ("severity", pl.Enum(["error", "warning"])),
    ]
)
"""The shape of every table of problems, from reading, checking or rendering."""
LEFT_OUT = pl.Schema([("row", pl.UInt32()), ("reason", pl.String())])
"""Rows that were taken for no recipients, and why; their cells stand beside it by their columns'
keys, empty where they were not read."""
SHORT = pl.Schema([("row", pl.UInt32()), ("cells", pl.UInt32())])
"""Rows with fewer cells than the list has columns, and how many columns they have cells for."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list."""

    index: int
    """Position in the list, from 0, hidden columns not counted."""
    heading: str
    """As typed; empty where the list has none."""
    name: str
    """As templates and mappings write it: "E-post" is `e_post`."""
    formatted: bool = False
    """Whether formats of the sheet show other texts for some of its numbers (see Figure)."""
    currencies: tuple[tuple[str, int], ...] = ()
    """In which currencies formats of the sheet show its numbers, such as `€` and `KR`: each with
    the first row that has it."""

    @property
    def key(self) -> str:
        """The column's name in frames: unique even where headings are repeated or empty."""
        return f"c{self.index}"

    @property
    def shown_key(self) -> str:
        """Of a formatted column: the name in frames of what is shown, null where that is all."""
        return f"s{self.index}"

    @property
    def shown(self) -> pl.Expr:
        """The text that a person sees in the list."""
        plain = pl.col(self.key)
        return pl.coalesce(pl.col(self.shown_key), plain) if self.formatted else plain


class Figure(str):
    """A number as the sheet shows it, such as `96.91`, which knows the number it is of.

    What is known by a number keeps it as it was stored, and so does what is reckoned with it.
    """

    __slots__ = ("stored",)

    stored: str
    """The number in full, `96.9109400479616`."""

    def __new__(cls, shown: str, stored: str) -> Figure:
        """`shown` is the text itself."""
        made = super().__new__(cls, shown)
        made.stored = stored
        return made

    def __reduce__(self) -> tuple[type[Figure], tuple[str, str]]:
        """How it is made again in another process."""
        return (Figure, (str(self), self.stored))

    def strip(self, chars: str | None = None, /) -> str:
        """Itself, unless there is something to strip."""
        bare = super().strip(chars)
        return self if bare == self else bare


@dataclass(frozen=True, slots=True)
class Row:
    """One record of the list. `cells` holds the text of each column, in order, never None."""

    number: int
    cells: tuple[str, ...]


def texts_of(frame: pl.DataFrame, columns: Iterable[Column]) -> Iterator[tuple[str, ...]]:
    """The cells of each row of a frame; a number that is shown otherwise is a `Figure`."""
    return zip(*(_texts(frame, column) for column in columns), strict=True)


def _texts(frame: pl.DataFrame, column: Column) -> list[str]:
    known: list[str] = frame[column.key].to_list()
    if not column.formatted:
        return known
    seen = frame[column.shown_key].to_list()
    return [
        stored if shown is None else Figure(shown, stored)
        for stored, shown in zip(known, seen, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class RecipientList:
    """A list that has been read to its end once, ready to be streamed.

    `rows` has the column `row` (UInt32, as the spreadsheet numbers it, ascending, gaps where blank
    or hidden rows were) and one String column per `columns` entry, named by its `key`; cells are
    the text as it stands in the list, empty rather than null. Formatted columns have another, of
    what the sheet shows.
    """

    path: Path
    columns: tuple[Column, ...]
    rows: pl.LazyFrame
    problems: pl.DataFrame
    """What was wrong with single rows (see PROBLEMS); their rows are in `rows` all the same.

    An error of a whole row says that its cells may not be those of their columns."""
    findings: dict[str, str]
    """How the file was read, for `inspect`: kind, encoding, separator, sheet, header row."""
    notes: tuple[str, ...]
    """What was left out or done by itself, in sentences, to be said aloud."""
    digest: str
    """SHA-256 of the file's bytes, hexadecimal."""
    left_out: pl.DataFrame = field(default_factory=LEFT_OUT.to_frame)
    """Rows that are not in `rows`, by row (see LEFT_OUT): hidden ones, and a footer's."""
    short: pl.DataFrame = field(default_factory=SHORT.to_frame)
    """Rows that end before the list does (see SHORT), which alone is nothing wrong."""
    sheets: tuple[str, ...] = ()
    """The visible sheets of the workbook, that which was read first."""

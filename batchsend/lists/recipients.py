"""RecipientList: what a reader hands over, whatever kind of file it read."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

__all__ = ["LEFT_OUT", "PROBLEMS", "SHORT", "Column", "RecipientList", "Row"]

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

    @property
    def key(self) -> str:
        """The column's name in frames: unique even where headings are repeated or empty."""
        return f"c{self.index}"


@dataclass(frozen=True, slots=True)
class Row:
    """One record of the list. `cells` holds the text of each column, in order, never None."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecipientList:
    """A list that has been read to its end once, ready to be streamed.

    `rows` has the column `row` (UInt32, as the spreadsheet numbers it, ascending, gaps where blank
    or hidden rows were) and one String column per `columns` entry, named by its `key`; cells are
    the text as it stands in the list, empty rather than null.
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

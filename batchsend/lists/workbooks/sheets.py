"""What every workbook reader hands over: sheets of rows of cells that are text already.

Knows nothing of lists; a sheet may be anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

from batchsend.lists.workbooks.number_formats import Shown

ERROR_VALUES = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
"""The codes of error cells in the binary formats."""


FaultKind = Literal["error value", "never calculated", "digits lost", "no end"]


class Fault(NamedTuple):
    """Something about one cell that its row must answer for."""

    column: int
    kind: FaultKind
    value: str


class Merged(NamedTuple):
    """A range of merged cells, its last row and column included; rows from 1, columns from 0."""

    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row; empty cells are left out."""

    number: int
    """As the spreadsheet numbers it."""
    cells: list[tuple[int, str]]
    """Column, from 0, and text, in the order of the columns."""
    hidden: bool = False
    faults: tuple[Fault, ...] = ()
    merged: tuple[Merged, ...] = ()
    """Ranges of merged cells that begin in this row."""
    shown: tuple[tuple[int, Shown], ...] = ()
    """Those of the cells whose formats show another text than the one they are known by."""


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """A sheet as the workbook lists it."""

    name: str
    visible: bool


class Sheet(Protocol):
    """An open sheet."""

    hidden_columns: frozenset[int]

    def rows(self) -> Iterator[SheetRow]:
        """The rows that hold anything, in order. May be called once."""


class Book(Protocol):
    """An open workbook."""

    sheets: list[SheetEntry]

    def open(self, name: str) -> Sheet:
        """The sheet of that name."""

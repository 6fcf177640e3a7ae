"""What was found wrong with single rows, collected while reading."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import polars as pl

from batchsend.language import _, joined, ngettext
from batchsend.lists.recipients import PROBLEMS, Column
from batchsend.lists.short_rows import ShortRows

# The last five digits of eleven, in whichever column they stand.
_NATIONAL_ID = re.compile(r"(?<!\d)(\d{6}[ -]?)\d{5}(?!\d)")
_WITH_HYPHEN = re.compile(r"(?<!\d)((?:\d\d)?\d{6}[-+A-FU-Y])\d{3}[\dA-Y](?![^\W_])")

Severity = Literal["error", "warning"]


class Problem(NamedTuple):
    """One thing wrong with one row, before the columns have their names."""

    row: int
    column: int | None
    """Position of the cell, from 0; None where the whole row is meant."""
    value: str
    message: str
    severity: Severity = "error"


@dataclass(slots=True)
class ReadFindings:
    """What a reader saw on its way through the file, by row number."""

    problems: list[Problem] = field(default_factory=list)
    blank: list[int] = field(default_factory=list)
    short: ShortRows = field(default_factory=ShortRows)
    nul: list[int] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    """Hidden rows that hold anything and were not read."""
    across: dict[int, list[int]] = field(default_factory=dict)
    """Of rows with cells merged sideways: the positions that have their text from the left."""
    rulers: list[int] = field(default_factory=list)


def problem_frame(problems: Sequence[Problem], columns: Sequence[Column]) -> pl.DataFrame:
    """The problems in the shape everybody shares, by row."""
    headings: dict[int | None, str] = {c.index: c.heading or c.name for c in columns}
    return pl.DataFrame(
        [
            (p.row, headings.get(p.column, ""), _masked(p.value), *p[3:])
            for p in sorted(problems, key=lambda p: p.row)
        ],
        schema=PROBLEMS,
        orient="row",
    )


def _masked(value: str) -> str:
    return _WITH_HYPHEN.sub(r"\1****", _NATIONAL_ID.sub(r"\1*****", value))


def rows_in_words(rows: Sequence[int], most: int = 8) -> str:
    """`[4]` is "row 4", `[4, 5, 6, 9]` is "rows 4-6 and 9"; long lists are cut short.

    >>> rows_in_words([4, 5, 6, 9])
    'rows 4-6 and 9'
    """
    spans: list[list[int]] = []
    for row in rows:
        if spans and row == spans[-1][1] + 1:
            spans[-1][1] = row
        else:
            spans.append([row, row])
    words = [str(first) if first == last else f"{first}-{last}" for first, last in spans[:most]]
    if len(spans) > most:
        return _(
            "rows {words} and others, {number:,} in all", words=", ".join(words), number=len(rows)
        )
    return ngettext("row {rows}", "rows {rows}", len(rows), rows=joined(words))

"""Which row holds the headings, by the first rows of any kind of list."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from batchsend.lists.aliases import known_heading
from batchsend.lists.recipients import Column
from batchsend.text import blank, column_name

SEARCHED = 50
"""How many rows from the top are searched for the headings."""

_VALUE = re.compile(
    r"""\s*(?:
        [+-]?[\d\s.,:/-]*\d[\d\s.,:/%-]*      # number, date, time, phone, postcode, national id
      | [^\s@]+@[^\s@]+\.[^\s@]+              # e-mail
    )\s*""",
    re.VERBOSE,
)
_LONGEST_VALUE = 100  # the pattern would take long over a longer one
_YEAR = re.compile(r"\s*(?:19|20)\d\d\s*")


@dataclass(frozen=True, slots=True)
class Header:
    """Where the headings are."""

    row: int
    """As the spreadsheet numbers it; 0 if the list has none."""
    headings: tuple[str, ...]


def find_header(rows: Sequence[tuple[int, Sequence[str]]]) -> Header:
    """Find the headings among the first rows, given with their numbers.

    They are the first row about as wide as the rows below it; title rows above are narrower. A row
    that holds values rather than words is the first recipient of a list without headings.
    """
    filled = [(row, cells) for row, cells in rows if not all(map(blank, cells))]
    if not filled:
        return Header(0, ())
    known = [sum(map(known_heading, cells)) for _, cells in filled]
    # Several headings that we know settle it, wherever they stand.
    best = max(range(len(filled)), key=lambda at: known[at])
    if known[best] < 2:
        best = _first_wide([cells for _, cells in filled])
        row, cells = filled[best]
        words = known[best] or _counts_up(cells)
        if not words and _is_recipient(cells, [c for _, c in filled[best + 1 :]]):
            return Header(0, ())
    row, cells = filled[best]
    return Header(row, tuple(cells))


def is_value(cell: str) -> bool:
    """Whether a cell is a number, a date, an address of mail or their like, and no word."""
    return len(cell) <= _LONGEST_VALUE and _VALUE.fullmatch(cell) is not None


def _first_wide(rows: Sequence[Sequence[str]]) -> int:
    """The first row with about as many filled cells as most rows have."""
    widths = [sum(not blank(cell) for cell in cells) for cells in rows]
    usual = Counter(widths).most_common(1)[0][0] if len(widths) > 2 else max(widths)
    needed = 1 if usual < 2 else max(2, round(usual * 0.6))
    wide = [at for at, width in enumerate(widths) if width >= needed]
    # A narrower row with a value in it is a title ("Per", "01.11.2026") if one below is all words.
    for at in wide:
        if widths[at] >= usual or not any(map(is_value, rows[at])):
            return at
    return wide[0] if wide else 0


def _is_recipient(cells: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether a row holds values, in most of the columns that hold them in the rows below."""
    if not below:
        return any(map(is_value, cells))
    valued = [at for at in range(len(cells)) if _values(at, below) > 0.7 * len(below)]
    alike = [at for at in valued if is_value(cells[at]) and not _year_heading(at, cells, below)]
    return bool(alike) and 2 * len(alike) > len(valued)


def _counts_up(cells: Sequence[str]) -> bool:
    """Whether a row has whole numbers that count up, such as the hours 0 to 23 or the days."""
    numbers = [int(cell) for cell in cells if re.fullmatch(r"\s*\d{1,4}\s*", cell)]
    steps = [after - before for before, after in pairwise(numbers)]
    return len(steps) > 1 and len(set(steps)) == 1 and steps[0] > 0


def _values(at: int, rows: Sequence[Sequence[str]]) -> int:
    """How many rows have a value in that column."""
    return sum(1 for cells in rows if at < len(cells) and is_value(cells[at]))


def _year_heading(at: int, cells: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether a cell is a year above a column of other numbers."""
    if not _YEAR.fullmatch(cells[at]):
        return False
    return not all(_YEAR.fullmatch(row[at]) for row in below if at < len(row))


def columns_from(headings: Sequence[str]) -> tuple[Column, ...]:
    """One `Column` per heading; one without a heading is called `column_7` by its position."""
    return tuple(
        Column(index, heading, column_name(heading) or f"column_{index + 1}")
        for index, heading in enumerate(headings)
    )


_LOOKED_AT = 3
"""Columns whose cells may give such a row away."""
_MOST = 0.6
_NUMBER = re.compile(r"[\W\d]*")


def heading_rows(rows: pl.LazyFrame, headings: Sequence[str]) -> list[tuple[int, bool]]:
    """The rows whose cells are headings for the most part, and whether in the same order.

    `rows` has `row, c0, c1, …`, a column for each of `headings`.
    """
    named = {
        f"c{at}": _key(text)
        for at, text in enumerate(headings)
        if not blank(text) and not _NUMBER.fullmatch(text)  # which cells may have, too
    }
    if not named:
        return []
    known = sorted(set(named.values()))
    # Nearly always typed like this; no more is asked of every row, since that would take its time.
    as_typed = {heading.strip() for heading in headings} - {""}
    typed = sorted({way(text) for text in as_typed for way in (str, str.upper, str.lower)})
    first = [pl.col(key) for key in list(named)[:_LOOKED_AT]]
    suspect = pl.any_horizontal(cell.str.strip_chars().is_in(typed) for cell in first)
    counted = (
        rows.filter(suspect)
        .select(
            "row",
            filled=pl.sum_horizontal(_cell(key) != "" for key in named),
            known=pl.sum_horizontal(_cell(key).is_in(known) for key in named),
            same=pl.sum_horizontal(_cell(key) == heading for key, heading in named.items()),
        )
        .filter(
            pl.col("known") >= _MOST * pl.col("filled"), pl.col("known") >= min(2, len(headings))
        )
    )
    found = counted.select("row", same=pl.col("same") >= _MOST * pl.col("filled"))
    return found.collect(engine="streaming").rows()


def _cell(key: str) -> pl.Expr:
    return pl.col(key).str.strip_chars().str.to_lowercase()


def _key(heading: str) -> str:
    return heading.strip().lower()

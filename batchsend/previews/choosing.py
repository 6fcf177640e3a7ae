"""Choosing the letters worth looking at: those in which something is likely to go wrong.

A few queries over the snapshot, so that it stays quick however long the list is. Renders nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import polars as pl

from batchsend.language import _
from batchsend.letters import Snapshot

NAME = "Invoicee.Name"
LINES = ("Invoicee.Address1", "Invoicee.Address2", "Invoicee.Address3")
TOWN = ("Invoicee.PostCode", "Invoicee.City")


def worth_seeing(snapshot: Snapshot) -> dict[int, tuple[str, ...]]:
    """The rows at which these letters begin, in list order, and why each of them was chosen.

    The first; those with the longest name, the longest address line, the most address lines, and
    the most to say; the first in each channel and each language. Fourteen at most, as a rule half
    as many. Empty where no letter can be sent.
    """
    reasons: dict[int, list[str]] = defaultdict(list)
    for row, reason in _chosen(snapshot):
        reasons[row].append(reason)
    return {row: tuple(reasons[row]) for row in sorted(reasons)}


def _chosen(snapshot: Snapshot) -> Iterator[tuple[int, str]]:
    letters = snapshot.texts(NAME, *LINES, *TOWN)
    first = letters.select(pl.min("row")).collect(engine="streaming").item()
    if first is None:
        return
    yield first, _("the first letter")
    yield from _first_of_each(letters, "channel", _("the first by {name}"))
    yield from _first_of_each(letters, "language", _("the first in {name}"))
    yield from _longest_in_address(letters)
    yield from _longest_letter(snapshot)


def _first_of_each(letters: pl.LazyFrame, column: str, reason: str) -> Iterator[tuple[int, str]]:
    """The first letter of each kind; not worth saying where all are of one kind."""
    kinds = letters.group_by(column).agg(pl.min("row")).sort("row").collect(engine="streaming")
    if kinds.height > 1:
        for kind, row in kinds.iter_rows():
            yield row, reason.format(name=kind)


def _longest_in_address(letters: pl.LazyFrame) -> Iterator[tuple[int, str]]:
    lines = [*(pl.col(path) for path in LINES), pl.concat_str(TOWN, separator=" ")]
    row, length = _most(letters, pl.col(NAME).str.len_chars())
    yield row, _("the longest name ({length} characters)", length=length)
    row, length = _most(letters, pl.max_horizontal(line.str.len_chars() for line in lines))
    yield row, _("the longest address line ({length} characters)", length=length)
    filled = (line.str.strip_chars() != "" for line in lines)
    row, count = _most(letters, pl.sum_horizontal(line.cast(pl.UInt8) for line in filled))
    yield row, _("the most address lines ({count})", count=count)


def _longest_letter(snapshot: Snapshot) -> Iterator[tuple[int, str]]:
    """What probably has the most pages: the most rows, or where each has one, the most text."""
    cells = [pl.col(column.key).str.len_bytes().cast(pl.UInt64) for column in snapshot.columns]
    rows = snapshot.frame.filter(~pl.col("held"))
    letters = rows.group_by(row="letter").agg(
        rows=pl.len(), text=pl.sum_horizontal(cells).sum() if cells else pl.lit(0)
    )
    row, count = _most(letters, pl.col("rows"))
    if count > 1:
        yield row, _("the most rows in one letter ({count})", count=count)
    else:
        row, _other = _most(letters, pl.col("text"))
        yield row, _("the most text in its row")


def _most(letters: pl.LazyFrame, measure: pl.Expr) -> tuple[int, int]:
    """The first letter that has the most of something, and how much."""
    measured = letters.select("row", measure=measure)
    most = measured.select(
        row=pl.col("row").filter(pl.col("measure") == pl.max("measure")).min(),
        most=pl.max("measure"),
    )
    row, number = most.collect(engine="streaming").row(0)
    return int(row), int(number)

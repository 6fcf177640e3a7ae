"""A report in a handful of numbers, for the terminal and the head of a page; and what needs
attention: the rows that somebody must do something about, by what is wrong."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import polars as pl

from batchsend.reports.rows import RowsReport
from batchsend.reports.statuses import LEFT_OUT, NEEDS_ATTENTION, STATUSES

_VARIES = r"[“«][^”»]*[”»]|\d+|…"
_ANY = "…"
COMPARED = 50
"""So many different reasons of one cause are looked at for what they have in common."""

cause = pl.col("reason").fill_null("").str.replace_all(_VARIES, _ANY).alias("cause")


def as_one(reasons: Sequence[str]) -> str:
    """Reasons of one cause as one sentence, with what differs left open.

    >>> as_one(["A postcode has 4 digits: perhaps 0581.", "A postcode has 4 digits: perhaps 0655."])
    'A postcode has 4 digits: perhaps ….'
    """
    parts = [re.split(f"({_VARIES})", reason) for reason in reasons]
    places = zip(*parts, strict=True)
    return "".join(texts[0] if len(set(texts)) == 1 else _ANY for texts in places)


CONCERNS_SHOWN = 40
ROWS_SHOWN = 20
CELLS_SHOWN = 3
"""The list's first columns: in nearly every list they tell whom a row is about."""

_urgent = pl.col("status").cast(pl.String).is_in(NEEDS_ATTENTION)


@dataclass(frozen=True, slots=True)
class Concern:
    """Rows that have one status for one cause, and so one cure."""

    status: str
    reason: str
    """With what differs between the rows left open."""
    rows: int
    first: tuple[tuple[str, ...], ...]
    """Of the first few: run, row, identifier and the list's first cells."""
    reasons: tuple[str, ...] = ()
    """Those of the same rows in full; empty where they are all the same."""


@dataclass(frozen=True, slots=True)
class Attention:
    """What needs attention, the most urgent first, the most frequent first among those."""

    rows: int
    concerns: tuple[Concern, ...]
    headings: tuple[str, ...]
    """Of the cells of a row, after run, row and identifier."""
    left_out: int
    """Concerns beyond the first CONCERNS_SHOWN."""

    @property
    def by_status(self) -> list[tuple[str, list[Concern]]]:
        """The concerns of each status, in their order."""
        groups = groupby(self.concerns, key=lambda concern: concern.status)
        return [(status, list(concerns)) for status, concerns in groups]


def only_attention(report: RowsReport) -> RowsReport:
    """The report of those rows alone."""
    return replace(
        report, frame=report.frame.filter(_urgent), letters=report.letters.filter(_urgent)
    )


def attention(report: RowsReport) -> Attention:
    """Find what needs attention, and group it by cause."""
    columns = report.columns[:CELLS_SHOWN]
    shown = ("run", "row", "identifier", *(column.key for column in columns))
    row = pl.struct(pl.col(name).cast(pl.String).fill_null("") for name in shown)
    groups = (
        report.frame.filter(_urgent)
        .group_by("status", cause)
        .agg(
            pl.col("reason").fill_null("").unique(maintain_order=True).head(COMPARED),
            pl.len().alias("rows"),
            row.sort_by("run", "row").head(ROWS_SHOWN).alias("first"),
            pl.col("reason").fill_null("").sort_by("run", "row").head(ROWS_SHOWN).alias("each"),
        )
        .sort("rows", "cause", descending=[True, False])
        .collect(engine="streaming")
    )
    concerns = [
        Concern(
            status,
            as_one(reasons),
            rows,
            tuple(tuple(line.values()) for line in first),
            tuple(each) if len(reasons) > 1 else (),
        )
        for status, _cause, reasons, rows, first, each in groups.iter_rows()
    ]
    concerns.sort(key=lambda concern: NEEDS_ATTENTION.index(concern.status))
    return Attention(
        rows=sum(concern.rows for concern in concerns),
        concerns=tuple(concerns[:CONCERNS_SHOWN]),
        headings=report.typed[:CELLS_SHOWN],
        left_out=max(0, len(concerns) - CONCERNS_SHOWN),
    )


@dataclass(frozen=True, slots=True)
class Reason:
    """Why rows have the status they have, where it is not `accepted`."""

    status: str
    reason: str
    """With what differs between the rows left open."""
    rows: int
    first_rows: tuple[int, ...]
    """The first few row numbers, as the spreadsheet shows them."""


@dataclass(frozen=True, slots=True)
class Summary:
    """How many rows ended how; `by_status` adds up to `rows`."""

    rows: int
    letters: int
    """Fewer where several rows make one letter."""
    by_status: Mapping[str, int]
    """In the order of STATUSES; only those that occur."""
    letters_by_status: Mapping[str, int]
    """How many letters ended how; adds up to `letters`."""
    by_reason: tuple[Reason, ...]
    """The most frequent first."""

    @property
    def all_accepted(self) -> bool:
        """Whether the letter of every recipient was accepted."""
        return self.by_status.get("accepted", 0) + self.by_status.get(LEFT_OUT, 0) == self.rows


def summarise(report: RowsReport, *, first_rows: int = 5) -> Summary:
    """Count the report's rows by status and by reason."""
    groups = (
        report.frame.group_by("status", cause)
        .agg(
            pl.col("reason").fill_null("").unique(maintain_order=True).head(COMPARED),
            pl.len().alias("rows"),
            pl.col("row").sort().head(first_rows).alias("first"),
        )
        .sort("rows", "status", "cause", descending=[True, False, False])
        .collect(engine="streaming")
    )
    reasons = [
        Reason(status, as_one(reasons), rows, tuple(first))
        for status, _cause, reasons, rows, first in groups.iter_rows()
    ]
    counts: Counter[str] = Counter()
    for group in reasons:
        counts[group.status] += group.rows
    letters = dict(report.letters.group_by("status").len().collect(engine="streaming").iter_rows())
    return Summary(
        rows=counts.total(),
        letters=sum(letters.values()),
        by_status={status: counts[status] for status in STATUSES if counts[status]},
        letters_by_status={status: letters[status] for status in STATUSES if status in letters},
        by_reason=tuple(group for group in reasons if group.status != "accepted"),
    )

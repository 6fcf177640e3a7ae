"""Summary: a report in a handful of numbers, for the terminal and the head of a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from batchsend.reports.attention import COMPARED, as_one, cause
from batchsend.reports.rows import RowsReport
from batchsend.reports.statuses import LEFT_OUT, STATUSES


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

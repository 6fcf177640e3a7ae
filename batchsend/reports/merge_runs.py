"""together: the reports of several runs as one, in which every letter has its say once.

Of a letter that several runs had in their lists, the newest tells; but what the API has, or may
have, is never hidden by a later row that was not sent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

import polars as pl

from batchsend.lists import Column
from batchsend.reports.rows import SYSTEM_COLUMNS, RowsReport
from batchsend.reports.statuses import LEFT_OUT, MAY_HAVE_GONE, NOT_SENT, ROW_STATUS


def from_ledger(standing: pl.DataFrame, *, destination: str, run: int) -> RowsReport:
    """What the ledger alone says of the letters that a run was the last to touch.

    For a run whose list is gone; `standing` is the ledger's, of its destination.
    """
    state = pl.col("state").cast(pl.String)
    lines = (
        standing.lazy()
        .filter(pl.col("run") == run)
        .sort("row")
        .with_columns(
            status=pl.when(state == "sending")
            .then(pl.lit("unknown"))
            .otherwise(state)
            .cast(ROW_STATUS),
            channel=pl.col("channel").cast(pl.String),
            engine=pl.col("engine").cast(pl.String),
            destination=pl.lit(destination),
        )
        .select(SYSTEM_COLUMNS)
    )
    return RowsReport(frame=lines, columns=(), letters=lines)


def together(reports: Sequence[RowsReport]) -> RowsReport:
    """One report of several, which are given oldest first and stay in that order."""
    if len(reports) == 1:
        return reports[0]
    newer: dict[str, _Told] = {}
    kept: list[RowsReport] = []
    left_out: set[tuple[int, str]] = set()
    for report in reversed(reports):
        known = _told(report)
        here = _left_out_of(report)
        kept.insert(0, _without(report, newer, here & left_out))
        left_out |= here
        for destination, told in known.items():
            newer[destination] = newer.get(destination, _Told()).and_also(told)
    columns, keys = _columns(kept)
    return RowsReport(
        frame=pl.concat(
            [_aligned(each, columns, named) for each, named in zip(kept, keys, strict=True)]
        ),
        columns=tuple(columns),
        letters=pl.concat([_alike(each.letters) for each in kept]),
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """Identifiers that a newer run tells about."""

    of_letters: AbstractSet[str] = field(default_factory=frozenset)
    of_rows_not_sent: AbstractSet[str] = field(default_factory=frozenset)

    def and_also(self, other: _Told) -> _Told:
        return _Told(
            self.of_letters | other.of_letters, self.of_rows_not_sent | other.of_rows_not_sent
        )


def _told(report: RowsReport) -> dict[str, _Told]:
    lines = (
        report.letters.filter(pl.col("identifier").is_not_null(), pl.col("identifier") != "")
        .select(
            "destination",
            "identifier",
            sent=~pl.col("status").cast(pl.String).is_in(NOT_SENT),
        )
        .collect(engine="streaming")
    )
    return {
        str(destination): _Told(
            frozenset(of_one.filter("sent")["identifier"]),
            frozenset(of_one.filter(~pl.col("sent"))["identifier"]),
        )
        for (destination,), of_one in lines.group_by("destination")
    }


def _left_out_of(report: RowsReport) -> set[tuple[int, str]]:
    """The rows that are no recipients, with their reasons."""
    lines = report.frame.filter(pl.col("status").cast(pl.String) == LEFT_OUT)
    return set(lines.select("row", "reason").collect(engine="streaming").rows())


def _without(
    report: RowsReport, newer: dict[str, _Told], known: set[tuple[int, str]]
) -> RowsReport:
    """The report without the rows of letters that newer runs tell about, and without those left
    out that are `known` from there."""
    rows = pl.Series([row for row, _ in known], dtype=pl.UInt32)
    is_left_out = pl.col("status").cast(pl.String) == LEFT_OUT
    stays = ~(is_left_out & pl.col("row").is_in(rows.implode()))
    for destination, told in newer.items():
        here = pl.col("destination") == destination
        gone = pl.col("status").cast(pl.String).is_in(MAY_HAVE_GONE)
        stays = stays & ~(here & _among(told.of_letters))
        stays = stays & ~(here & ~gone & _among(told.of_rows_not_sent))
    return RowsReport(report.frame.filter(stays), report.columns, report.letters.filter(stays))


def _among(identifiers: AbstractSet[str]) -> pl.Expr:
    known = pl.Series(sorted(identifiers), dtype=pl.String)
    return pl.col("identifier").is_in(known.implode()).fill_null(value=False)


def _columns(reports: Sequence[RowsReport]) -> tuple[list[Column], list[dict[str, str]]]:
    """All lists' columns, and for each report the keys that its own have among them.

    A heading is the same column in every list; one that is repeated, as often as it is.
    """
    columns: dict[tuple[str, int], Column] = {}
    keys: list[dict[str, str]] = []
    for report in reports:
        times: Counter[str] = Counter()
        keys.append({})
        for column in report.columns:
            times[column.heading] += 1
            same = (column.heading, times[column.heading])
            found = columns.setdefault(same, replace(column, index=len(columns)))
            keys[-1][found.key] = column.key
    return list(columns.values()), keys


def _aligned(
    report: RowsReport, columns: Sequence[Column], keys: Mapping[str, str]
) -> pl.LazyFrame:
    cells = (
        (pl.col(keys[column.key]) if column.key in keys else pl.lit("")).alias(column.key)
        for column in columns
    )
    return _alike(report.frame).select(*SYSTEM_COLUMNS, *cells)


def _alike(lines: pl.LazyFrame) -> pl.LazyFrame:
    return lines.with_columns(pl.col("row").cast(pl.UInt32), pl.col("channel").cast(pl.String))

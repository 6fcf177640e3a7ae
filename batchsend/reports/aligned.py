"""Reports of several lists as one: a heading is the same column in each of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from batchsend.lists import Column
from batchsend.reports.rows import SYSTEM_COLUMNS, RowsReport
from batchsend.reports.statuses import ROW_STATUS


def from_ledger(standing: pl.DataFrame, *, destination: str) -> RowsReport:
    """What the ledger alone says of letters (ledger.STANDING) whose checked list is gone."""
    state = pl.col("state").cast(pl.String)
    lines = (
        standing.lazy()
        .sort("run", "row")
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


def beneath(reports: Sequence[RowsReport]) -> RowsReport:
    """The rows of several reports beneath each other, which have no letter in common."""
    if len(reports) == 1:
        return reports[0]
    columns, keys = _columns(reports)
    return RowsReport(
        frame=pl.concat(
            [_aligned(each, columns, named) for each, named in zip(reports, keys, strict=True)]
        ),
        columns=tuple(columns),
        letters=pl.concat([_alike(each.letters) for each in reports]),
    )


def _columns(reports: Sequence[RowsReport]) -> tuple[list[Column], list[dict[str, str]]]:
    """All lists' columns, and for each report the keys that its own have among them.

    A heading that is repeated is as many columns.
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

"""rows_report: the fate of every row of the list, once, for whatever kind of report is wanted.

Lazy from end to end: a million rows pass through in pieces. National ids are masked here, so that
no report has to remember to. Knows nothing of files.

Several lists come as one: a heading is the same column in each of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Protocol

import polars as pl

from batchsend.ledger import REHEARSAL
from batchsend.letters import REPEATS, RowSet
from batchsend.lists import Column
from batchsend.masking import ID_IN_TEXT, masked, masked_where_valid
from batchsend.reports.row_status import (
    left_out_lines,
    left_out_on_purpose,
    status_told,
    went_later,
)
from batchsend.reports.statuses import LEFT_OUT, ROW_STATUS

_POSITION = "position in the frame"


def beside(frame: pl.LazyFrame, known: pl.DataFrame, *, on: str) -> pl.LazyFrame:
    """`frame` with the columns that `known` has for its `on`, null where it has none.

    `known` has each value of `on` once.
    """
    places = (
        frame.select(on)
        .join(
            known.lazy().select(on).with_row_index("place"),
            on=on,
            how="left",
            maintain_order="left",
            build_side="force_right",
        )
        .select("place")
        .collect(engine="streaming")
        .to_series()
    )
    facts = known.drop(on)

    def with_facts(batch: pl.DataFrame) -> pl.DataFrame:
        found = facts.select(pl.all().gather(places.gather(batch[_POSITION])))
        return batch.drop(_POSITION).hstack(found)

    return frame.with_row_index(_POSITION).map_batches(
        with_facts, schema={**frame.collect_schema(), **facts.schema}, streamable=True
    )


SYSTEM_COLUMNS = (
    "row",
    "identifier",
    "status",
    "reason",
    "request_id",
    "http_status",
    "attempts",
    "channel",
    "pages",
    "submitted_at",
    "engine",
    "delivery",
    "destination",
    "run",
)
"""The report's own columns, in this order for ever; new ones are added at the end."""


class CheckedRows(Protocol):
    """The list as it was checked: what a report needs of `letters.Snapshot`."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """The list's columns."""

    @property
    def sensitive(self) -> AbstractSet[str]:
        """Keys of the columns that hold national ids."""

    @property
    def left_out(self) -> pl.DataFrame:
        """`row`, `reason`, the cells by their keys and perhaps the `identifier` of each row that is
        no recipient."""

    @property
    def frame(self) -> pl.LazyFrame:
        """`row`, `letter` (the row its letter begins with), a String column per `columns` key,
        `identifier`, `channel`, `content`, `held`, `reasons`; in list order."""


@dataclass(frozen=True, slots=True)
class RowsReport:
    """One line for every row of the list, in list order."""

    frame: pl.LazyFrame
    """SYSTEM_COLUMNS, then the list's own columns by their keys."""
    columns: tuple[Column, ...]
    letters: pl.LazyFrame
    """SYSTEM_COLUMNS of each letter once, by its first row."""

    def count(self) -> int:
        """How many rows it has."""
        number: int = self.frame.select(pl.len()).collect(engine="streaming").item()
        return number

    @property
    def headings(self) -> tuple[str, ...]:
        """The heading of each column of `frame`: the list's own as typed, marked where they would
        be taken for one of the report's."""
        return SYSTEM_COLUMNS + tuple(
            f"{heading} (list)" if heading in SYSTEM_COLUMNS else heading for heading in self.typed
        )

    @property
    def typed(self) -> tuple[str, ...]:
        """The list's headings as typed, but for national ids: a list without headings may have been
        read with somebody's row in their place."""
        return tuple(masked_where_valid(column.heading) for column in self.columns)


def rows_report(  # noqa: PLR0913 - what is known of a run beside its list, each by its name
    checked: CheckedRows,
    standing: pl.DataFrame,
    *,
    complete: bool,
    asked: RowSet | None = None,
    destination: str = "",
    run: int | None = None,
    later: Collection[int] = (),
    repeats: pl.DataFrame | None = None,
) -> RowsReport:
    """Join the list as it was checked with how its letters stand in the ledger.

    `complete` says that the run went through all it was asked to send, so that what is not in the
    ledger was left out on purpose (`skipped`); otherwise it is still to come (`pending`), unless
    it is none of the letters that begin with a row of `asked`, where the run was for those only.
    `destination` stands in every line, so that nobody takes a rehearsal's report for a real one,
    and `run`, the number of the run that the list is of. A row that did not go as it is in it, and
    whose letter one of the `later` runs of the same mailing had accepted, went there: corrected, if
    it was wrong, or changed. `repeats` (REPEATS) are the letters that the run held as such.
    """
    told = (
        beside(
            checked.frame,
            _known(standing, REPEATS.to_frame() if repeats is None else repeats),
            on="identifier",
        )
        .with_columns(went_later=went_later(checked.frame, later))
        .with_columns(status_told(left_out_on_purpose(complete, asked)))
        .with_columns(_by_the_channel_that_took_it())
        .with_columns(_only_if_sent("request_id", "http_status", "attempts", "pages"))
        .with_columns(_only_if_sent("submitted_at", "engine", "delivery"))
        .with_columns(destination=pl.lit(destination), run=pl.lit(run, pl.UInt32))
    )
    cells = [
        _masked(column.key) if column.key in checked.sensitive else _masked_within(column.key)
        for column in checked.columns
    ]
    lines = told.select(*SYSTEM_COLUMNS, *cells)
    is_a_letter = (pl.col("row") == pl.col("letter")) & (pl.col("status") != LEFT_OUT)
    letters = told.filter(is_a_letter).select(SYSTEM_COLUMNS)
    if checked.left_out.height:
        real = standing.clear() if destination == REHEARSAL else standing
        schema = lines.collect_schema()
        dropped, doubtful = (
            _in_shape(each, schema)
            .with_columns(cells)
            .with_columns(destination=pl.lit(destination), run=pl.lit(run, pl.UInt32))
            for each in left_out_lines(checked.left_out, real, checked.frame)
        )
        lines = lines.merge_sorted(dropped, key="row")
        letters = letters.merge_sorted(doubtful.select(SYSTEM_COLUMNS), key="row")
    return RowsReport(frame=lines, columns=checked.columns, letters=letters)


def _in_shape(rows: pl.DataFrame, schema: pl.Schema) -> pl.LazyFrame:
    return rows.lazy().select(
        (pl.col(name) if name in rows.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in schema.items()
    )


def _known(standing: pl.DataFrame, repeats: pl.DataFrame) -> pl.DataFrame:
    known = standing.select(
        "identifier",
        pl.col("state").cast(pl.String),
        pl.col("reason").alias("said"),
        pl.col("content").alias("sent_content"),
        "request_id",
        "http_status",
        "attempts",
        "pages",
        "submitted_at",
        pl.col("engine").cast(pl.String),
        "delivery",
        pl.col("run").alias("sent_run"),
        pl.col("channel").cast(pl.String).alias("sent_channel"),
    )
    held = repeats.select("identifier", repeats="why")
    return known.join(held, on="identifier", how="full", coalesce=True)


def _by_the_channel_that_took_it() -> pl.Expr:
    """The channel that a letter went by last, which need not be the list's."""
    went = pl.col("sent") & pl.col("sent_channel").is_not_null()
    return pl.when(went).then("sent_channel").otherwise("channel").alias("channel")


def _only_if_sent(*names: str) -> list[pl.Expr]:
    return [pl.when("sent").then(pl.col(name)).alias(name) for name in names]


def _masked(key: str) -> pl.Expr:
    return pl.col(key).map_elements(masked, return_dtype=pl.String)


def _masked_within(key: str) -> pl.Expr:
    """A remark may name somebody's national id, in a column that is none of ids."""
    return pl.col(key).map_batches(_without_ids, return_dtype=pl.String)


def _without_ids(cells: pl.Series) -> pl.Series:
    places = cells.str.contains(ID_IN_TEXT).arg_true()
    if places.is_empty():
        return cells
    shown = [masked_where_valid(text) for text in cells.gather(places).to_list()]
    return cells.scatter(places, shown)


_UNSEEN = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]"
"""Control characters, and those that turn the direction of what is around them."""


def visible(cell: pl.Expr) -> pl.Expr:
    """The cells' text without control characters; `cell` may stand for several columns."""
    return cell.cast(pl.String).str.replace_all(_UNSEEN, "\ufffd")


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

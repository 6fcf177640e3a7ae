"""rows_report: the fate of every row of the list, once, for whatever kind of report is wanted.

Lazy from end to end: a million rows pass through in pieces. National ids are masked here, so that
no report has to remember to. Knows nothing of files.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import polars as pl

from batchsend.language import _, filled
from batchsend.ledger import MAY_BE_THERE, REHEARSAL, verdict
from batchsend.letters import FORGOTTEN, REPEATS, RowSet
from batchsend.lists import Column
from batchsend.masking import ID_IN_TEXT, masked, masked_where_valid
from batchsend.reports.left_join import beside
from batchsend.reports.left_out import left_out_lines
from batchsend.reports.statuses import LEFT_OUT, ROW_STATUS

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


_NOT_GONE = ("rejected", "failed", "invalid")
"""States of letters that can be sent again once they have changed."""


class CheckedList(Protocol):
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
    checked: CheckedList,
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
        .with_columns(went_later=_went_later(checked, later))
        .with_columns(_told(_left_out(complete, asked)))
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


def _left_out(complete: bool, asked: RowSet | None) -> pl.Expr:
    """Whether a letter that the ledger does not know was left out on purpose."""
    if complete or asked is None:
        return pl.lit(complete)
    return ~asked.contains(pl.col("letter"))


def _went_later(checked: CheckedList, later: Collection[int]) -> pl.Expr:
    """Whether a later run's letter has taken the place of a row that did not go as it is here."""
    if not later:
        return pl.lit(False)
    # Of rows that claim one identifier nobody can tell which of them was sent.
    claimed = (
        checked.frame.filter("held")
        .group_by("identifier")
        .agg(pl.col("letter").n_unique().alias("letters"))
        .filter(pl.col("letters") > 1)
        .select("identifier")
        .collect(engine="streaming")
        .to_series()
    )
    accepted_later = (pl.col("state") == "accepted") & pl.col("sent_run").is_in(list(later))
    only_one = ~pl.col("identifier").is_in(claimed.implode())
    stands_here = ~pl.col("held") & _same()
    return (accepted_later & only_one & ~stands_here).fill_null(value=False)


def _same() -> pl.Expr:
    """Whether the letter that the ledger knows says what this row does."""
    return (pl.col("content") == pl.col("sent_content")).fill_null(value=False)


def _told(left_out: pl.Expr) -> list[pl.Expr]:
    """`status`, `reason`, and whether the ledger's entry is about this very letter (`sent`)."""
    state = pl.col("state")
    held, went_later, same = pl.col("held"), pl.col("went_later"), _same()
    found = verdict(state, same)
    conflict = found == "conflict"
    may_be_there = state.is_in(list(MAY_BE_THERE)).fill_null(value=False)
    fate_known = same & (state != "pending")
    repeat = pl.col("repeats").is_not_null() & ~may_be_there
    forgotten = (pl.col("reasons") == FORGOTTEN) & ~may_be_there
    # Whether it is the same letter nobody can tell any more: no correction helps.
    of_forgotten = may_be_there & (pl.col("sent_content") == "") & (held | conflict)

    of_another = pl.when(may_be_there & (held | conflict)).then("submitted_at")
    when = of_another.map_elements(_day_here, return_dtype=pl.String)
    earlier = (
        pl.when(state == "accepted")
        .then(filled(_("A letter with this identifier was accepted on {day}."), day=when))
        .otherwise(
            filled(_("A letter with this identifier may have been taken on {day}."), day=when)
        )
    )
    status = (
        pl.when(went_later)
        .then(pl.lit("accepted"))
        .when(forgotten)
        .then(pl.lit(LEFT_OUT))
        .when(of_forgotten)
        .then(pl.lit("conflict"))
        .when(held)
        .then(pl.lit("invalid"))
        .when(conflict)
        .then(pl.lit("conflict"))
        .when(repeat)
        .then(pl.lit("repeat"))
        .when(found != "to_send")
        .then(found)
        .when(fate_known | (state == "pending"))
        .then(state)
        .otherwise(pl.when(left_out).then(pl.lit("skipped")).otherwise(pl.lit("pending")))
    )
    reason = (
        pl.when(went_later & held)
        .then(
            filled(
                _("Wrong in this list; corrected, its letter went in run {sent_run}."),
                sent_run="sent_run",
            )
        )
        .when(went_later)
        .then(
            filled(
                _("Changed since this list; its letter went in run {sent_run}."),
                sent_run="sent_run",
            )
        )
        .when(forgotten)
        .then(pl.lit(_(FORGOTTEN)))
        .when(of_forgotten)
        .then(
            filled(
                _(
                    "{earlier} What it said is forgotten, by batchsend purge --identifier, so "
                    "nobody can tell whether it is this one. This one was not sent."
                ),
                earlier=earlier,
            )
        )
        .when(held & may_be_there)
        .then(pl.format("{} {}", pl.col("reasons"), earlier))
        .when(held)
        .then(pl.col("reasons"))
        .when(conflict)
        .then(
            filled(_("{earlier} This one says something else and was not sent."), earlier=earlier)
        )
        .when(repeat)
        .then("repeats")
        .when(fate_known & (state == "sending"))
        .then(pl.lit(_("On its way, or its run ended before the answer was noted.")))
        .when(fate_known)
        .then(pl.col("said"))
        .when(state.is_in(_NOT_GONE))
        .then(
            filled(
                _("Before it was changed, it was {state}: {said}"),
                state=state.cast(pl.String).replace({each: _(each) for each in _NOT_GONE}),
                said="said",
            )
        )
        .otherwise(pl.lit(""))
    )
    return [
        status.cast(ROW_STATUS).alias("status"),
        reason.alias("reason"),
        (went_later | (~held & ~repeat & fate_known)).fill_null(value=False).alias("sent"),
    ]


def _day_here(moment: datetime) -> str:
    """The day by the clock of whoever reads it, as all times that people read."""
    return f"{moment.astimezone():%Y-%m-%d}"


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

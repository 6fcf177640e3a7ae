"""The status of each row, and why: by the check, by the ledger, and by what later runs sent.

Rows that are left out are no recipients, unless a letter of theirs is in doubt.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

import polars as pl

from batchsend.language import _, filled
from batchsend.ledger import IN_DOUBT, MAY_BE_THERE, verdict
from batchsend.letters import FORGOTTEN, RowSet
from batchsend.reports.statuses import LEFT_OUT, ROW_STATUS

_NOT_GONE = ("rejected", "failed", "invalid")
"""States of letters that can be sent again once they have changed."""


class _Case(NamedTuple):
    """Rows of which the same is told."""

    where: pl.Expr
    status: pl.Expr
    reason: pl.Expr


def status_told(left_out: pl.Expr) -> list[pl.Expr]:
    """`status`, `reason`, and whether the ledger's entry is about this very letter (`sent`)."""
    state, held, went_later = pl.col("state"), pl.col("held"), pl.col("went_later")
    may_be_there = state.is_in(list(MAY_BE_THERE)).fill_null(value=False)
    fate_known = _same() & (state != "pending")
    repeat = pl.col("repeats").is_not_null() & ~may_be_there
    cases = _cases(left_out, may_be_there, fate_known, repeat)
    return [
        _of_the_first(cases, "status").cast(ROW_STATUS).alias("status"),
        _of_the_first(cases, "reason").alias("reason"),
        (went_later | (~held & ~repeat & fate_known)).fill_null(value=False).alias("sent"),
    ]


def _of_the_first(cases: Sequence[_Case], what: Literal["status", "reason"]) -> pl.Expr:
    """What the first case says that a row is of; the last is of all that are left."""
    *others, told = [(case.where, getattr(case, what)) for case in cases]
    said: pl.Expr = told[1]
    for where, each in reversed(others):
        said = pl.when(where).then(each).otherwise(said)
    return said


def _cases(
    left_out: pl.Expr, may_be_there: pl.Expr, fate_known: pl.Expr, repeat: pl.Expr
) -> tuple[_Case, ...]:
    """Each kind of row with its status and reason; a row that is of several takes the first."""
    state, held, went_later = pl.col("state"), pl.col("held"), pl.col("went_later")
    found = verdict(state, _same())
    conflict = found == "conflict"
    forgotten = (pl.col("reasons") == FORGOTTEN) & ~may_be_there
    # Whether it is the same letter nobody can tell any more: no correction helps.
    of_forgotten = may_be_there & (pl.col("sent_content") == "") & (held | conflict)
    earlier = _earlier(of_another=may_be_there & (held | conflict))
    to_come = pl.when(left_out).then(pl.lit("skipped")).otherwise(pl.lit("pending"))
    by_ledger = (
        pl.when(found != "to_send")
        .then(found)
        .when(fate_known | (state == "pending"))
        .then(state)
        .otherwise(to_come)
    )
    return (
        _Case(
            went_later & held,
            pl.lit("accepted"),
            filled(
                _("Wrong in this list; corrected, its letter went in run {sent_run}."),
                sent_run="sent_run",
            ),
        ),
        _Case(
            went_later,
            pl.lit("accepted"),
            filled(
                _("Changed since this list; its letter went in run {sent_run}."),
                sent_run="sent_run",
            ),
        ),
        _Case(forgotten, pl.lit(LEFT_OUT), pl.lit(_(FORGOTTEN))),
        _Case(
            of_forgotten,
            pl.lit("conflict"),
            filled(
                _(
                    "{earlier} What it said is forgotten, by batchsend purge --identifier, so "
                    "nobody can tell whether it is this one. This one was not sent."
                ),
                earlier=earlier,
            ),
        ),
        _Case(
            held & may_be_there, pl.lit("invalid"), pl.format("{} {}", pl.col("reasons"), earlier)
        ),
        _Case(held, pl.lit("invalid"), pl.col("reasons")),
        _Case(
            conflict,
            pl.lit("conflict"),
            filled(_("{earlier} This one says something else and was not sent."), earlier=earlier),
        ),
        _Case(repeat, pl.lit("repeat"), pl.col("repeats")),
        _Case(
            fate_known & (state == "sending"),
            by_ledger,
            pl.lit(_("On its way, or its run ended before the answer was noted.")),
        ),
        _Case(fate_known, by_ledger, pl.col("said")),
        _Case(
            state.is_in(_NOT_GONE),
            by_ledger,
            filled(
                _("Before it was changed, it was {state}: {said}"),
                state=state.cast(pl.String).replace({each: _(each) for each in _NOT_GONE}),
                said="said",
            ),
        ),
        _Case(pl.lit(value=True), by_ledger, pl.lit("")),
    )


def _earlier(of_another: pl.Expr) -> pl.Expr:
    """When the letter went that has the identifier of one that is `of_another`."""
    submitted = pl.when(of_another).then("submitted_at")
    when = submitted.map_elements(day_here, return_dtype=pl.String)
    return (
        pl.when(pl.col("state") == "accepted")
        .then(filled(_("A letter with this identifier was accepted on {day}."), day=when))
        .otherwise(
            filled(_("A letter with this identifier may have been taken on {day}."), day=when)
        )
    )


def went_later(frame: pl.LazyFrame, later: Collection[int]) -> pl.Expr:
    """Whether a later run's letter has taken the place of a row that did not go as it is here."""
    if not later:
        return pl.lit(False)
    # Of rows that claim one identifier nobody can tell which of them was sent.
    claimed = (
        frame.filter("held")
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


def left_out_on_purpose(complete: bool, asked: RowSet | None) -> pl.Expr:
    """Whether a letter that the ledger does not know was left out on purpose."""
    if complete or asked is None:
        return pl.lit(complete)
    return ~asked.contains(pl.col("letter"))


def _same() -> pl.Expr:
    """Whether the letter that the ledger knows says what this row does."""
    return (pl.col("content") == pl.col("sent_content")).fill_null(value=False)


def day_here(moment: datetime) -> str:
    """The day by the clock of whoever reads it, as all times that people read."""
    return f"{moment.astimezone():%Y-%m-%d}"


def left_out_lines(
    rows: pl.DataFrame, known: pl.DataFrame, listed: pl.LazyFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`rows`, each with its `status` and `reason`; and of letters in doubt each one's first row.

    `known` is the ledger's standing. Where other rows have the identifier of a letter (of `listed`,
    `identifier`), the report says it in their lines.
    """
    if "identifier" not in rows.columns:
        rows = rows.with_columns(identifier=pl.lit("", pl.String))
    doubt = known.filter(pl.col("state").cast(pl.String).is_in(list(IN_DOUBT))).select(
        "identifier",
        "request_id",
        "http_status",
        "attempts",
        "channel",
        "pages",
        "submitted_at",
        pl.col("engine").cast(pl.String),
        "delivery",
        went_in="run",
    )
    wanted = rows.select("identifier").filter(pl.col("identifier") != "")
    here = listed.join(wanted.lazy(), on="identifier", how="semi").select("identifier").unique()
    doubt = doubt.join(here.collect(engine="streaming"), on="identifier", how="anti")
    told = rows.join(doubt, on="identifier", how="left", maintain_order="left")
    is_known = pl.col("went_in").is_not_null()
    said = _(
        "{reason} But before it was left out, its letter may have been taken in run {run}: "
        "ask the provider, then settle it with batchsend settle."
    )
    told = told.with_columns(
        status=pl.when(is_known).then(pl.lit("unknown")).otherwise(pl.lit(LEFT_OUT)),
        reason=pl.when(is_known)
        .then(filled(said, reason="reason", run=pl.col("went_in").cast(pl.String)))
        .otherwise("reason"),
        identifier=pl.when(is_known).then("identifier"),
    )
    letters = told.filter(is_known).unique("identifier", keep="first", maintain_order=True)
    return told.drop("went_in"), letters.drop("went_in")

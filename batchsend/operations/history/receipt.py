"""The account of a mailing's period, or of one run: every row's fate, and all that a report says
beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from batchsend.command_line import command_line
from batchsend.errors import ReportError
from batchsend.language import _
from batchsend.ledger import ATTEMPTS, MAY_BE_THERE, REHEARSAL, Ledger, Place, Run, Server
from batchsend.letters import Snapshot
from batchsend.mailing import Mailing
from batchsend.operations.history.runs import (
    is_of_a_part,
    last_here,
    of_period,
    open_ledger,
    period_of,
    rows_chosen,
    run_numbered,
    runs_of,
    runs_of_period,
)
from batchsend.reports import About, Account, RowsReport, beneath, from_ledger, rows_report


def account(mailing: Mailing, *, run: int | None = None, ledger: Place | None = None) -> Account:
    """What became of every row of the mailing's period, over all its runs; or of the list of the
    run with this number.

    Where the mailing has no period, of its last run's. Where nothing of it went to an API, of the
    last rehearsal. Of a list that is gone the ledger alone tells, and a note says so.

    Raises LedgerError where it was never sent, SettingsError where it has no such run, ReportError
    where the list of a single run is gone.
    """
    with open_ledger(mailing, ledger) as book:
        if run is not None:
            return account_of_run(mailing, book, run_numbered(mailing, book, run))
        return receipt(mailing, book, runs_of_period(mailing, book))


def account_of_run(mailing: Mailing, book: Ledger, run: Run) -> Account:
    """The account of one run, from its checked list. Raises ReportError where that is gone."""
    standing = book.standing(run.facts.destination)
    snapshot_to_report(run, mailing, book)
    rows = _of_run(run, book, standing, _after(run, runs_of(mailing, book)))
    return _account(mailing, book, [run], rows, standing)


def receipt(mailing: Mailing, book: Ledger, of_period: Sequence[Run]) -> Account:
    """The account of a period, of whose runs there is one at least, oldest first.

    It has every row of the newest list, and beneath them the letters of earlier lists that the API
    has, or may have, and that the newest list no longer names.
    """
    runs, notes = _of_one_destination(of_period, book)
    standing = book.standing(runs[-1].facts.destination)
    newest, *others = _newest_list_first(runs, book)
    reports = [_as_known(newest, book, standing, runs, notes)]
    told = _identifiers(reports[0]) if others else pl.DataFrame()
    for run in others:
        letters = standing.filter(pl.col("run") == run.number)
        gone = letters.filter(_may_be_there).join(told, on="identifier", how="anti")
        part = is_of_a_part(run, book)
        if gone.is_empty() and not part:
            continue
        rows = _as_known(run, book, standing, runs, notes)
        rows = _without(rows, told) if part else _only(rows, gone)
        reports.append(rows)
        told = pl.concat([told, _identifiers(rows)])
    return _account(mailing, book, runs, beneath(reports), standing, notes)


def receipt_runs(of_period: Sequence[Run], book: Ledger) -> list[Run]:
    """Those of a period's runs that its receipt is of: the real ones to the API that it went to
    last; where nothing was real, the last rehearsal."""
    return _of_one_destination(of_period, book)[0]


def newest_list(runs: Sequence[Run], book: Ledger) -> Run:
    """The run, of those of a receipt, whose list is the whole and newest one."""
    return next(_newest_list_first(runs, book))


def _of_one_destination(of_period: Sequence[Run], book: Ledger) -> tuple[list[Run], list[str]]:
    """The same, with what is to be said of the others."""
    real = [run for run in of_period if run.facts.destination != REHEARSAL]
    if not real:
        return [last_here(book, of_period)], []
    to = last_here(book, real).facts.destination
    others = sorted({run.facts.destination for run in real} - {to})
    notes = [
        _(
            "Runs to {other} are not in this report; batchsend report --run shows them one by one.",
            other=other,
        )
        for other in others
    ]
    return [run for run in real if run.facts.destination == to], notes


def _newest_list_first(runs: Sequence[Run], book: Ledger) -> Iterator[Run]:
    """The runs, first the one of the whole newest list."""
    whole = [run for run in runs if not is_of_a_part(run, book)]
    first = last_here(book, whole or runs)
    yield first
    yield from (run for run in reversed(runs) if run.number != first.number)


def _as_known(
    run: Run, book: Ledger, standing: pl.DataFrame, runs: Sequence[Run], notes: list[str]
) -> RowsReport:
    """A run's list; where it is gone what the ledger says of its letters, and a note."""
    try:
        return _of_run(run, book, standing, _after(run, runs))
    except ReportError:
        notes.append(
            _(
                "The checked list of run {number} is gone, by batchsend purge or by hand: "
                "of its letters there is only what the ledger keeps, without the list’s "
                "columns.",
                number=run.number,
            )
        )
        letters = standing.filter(pl.col("run") == run.number)
        return from_ledger(letters, destination=run.facts.destination)


_may_be_there = pl.col("state").cast(pl.String).is_in(list(MAY_BE_THERE))


def _identifiers(rows: RowsReport) -> pl.DataFrame:
    known = rows.letters.select(pl.col("identifier").cast(pl.String))
    return known.drop_nulls().collect(engine="streaming")


def _only(rows: RowsReport, letters: pl.DataFrame) -> RowsReport:
    wanted = letters.lazy().select("identifier")
    return RowsReport(
        rows.frame.join(wanted, on="identifier", how="semi"),
        rows.columns,
        rows.letters.join(wanted, on="identifier", how="semi"),
    )


def _without(rows: RowsReport, told: pl.DataFrame) -> RowsReport:
    """Rows of a part but for those that are told. One without an identifier is a row of the whole
    list, which has it."""
    known = pl.col("identifier").is_not_null()
    return RowsReport(
        rows.frame.filter(known).join(told.lazy(), on="identifier", how="anti"),
        rows.columns,
        rows.letters.filter(known).join(told.lazy(), on="identifier", how="anti"),
    )


def _after(run: Run, runs: Sequence[Run]) -> list[int]:
    """The numbers of the runs of the same period after this one."""
    same = of_period(runs, period_of(run))
    return [each.number for each in same if each.number > run.number]


def _account(  # noqa: PLR0913, PLR0917 - an account has so many sources
    mailing: Mailing,
    book: Ledger,
    runs: Sequence[Run],
    rows: RowsReport,
    standing: pl.DataFrame,
    notes: Sequence[str] = (),
) -> Account:
    return Account(
        rows=rows,
        about=About(
            mailing=mailing.name,
            period=period_of(runs[-1]),
            runs=tuple(runs),
            template=_template(mailing),
            made=datetime.now(UTC),
            prices=mailing.prices,
            separator=mailing.csv_separator,
            notes=tuple(notes),
        ),
        requests=_requests(book, runs[-1].facts.destination, standing),
    )


def checked_lists(book: Ledger) -> list[Path]:
    """The checked lists that its runs name, the last run's first; some may be gone. Those of
    another folder, which this one was copied from, are none of its own: they may go any moment."""
    named = dict.fromkeys(book.list_of(run) for run in reversed(book.runs()))
    return [path for path in named if path.parent == book.snapshots]


def snapshot_of(run: Run, book: Ledger) -> Path:
    """Where the checked list of a run lies. Raises ReportError where it is gone."""
    found = book.list_of(run)
    if not found.exists():
        raise ReportError(
            _(
                "The checked list of run {number} is gone, by `batchsend purge` or by hand, "
                "or on another machine (the run was {process}).",
                number=run.number,
                process=run.process,
            )
            if isinstance(book.place, Server)
            else _(
                "The checked list of run {number} is gone, by `batchsend purge` or by hand.",
                number=run.number,
            ),
        )
    return found


def snapshot_to_report(run: Run, mailing: Mailing, book: Ledger) -> Path:
    """The same for a report of it. Raises ReportError that says what is left."""
    try:
        return snapshot_of(run, book)
    except ReportError as error:
        period = period_of(run)
        of_period = () if period is None else ("--period", period)
        usual = book.place in {mailing.ledger_place, _resolved(mailing.ledger_place)}
        place = () if usual or not isinstance(book.place, Path) else ("--ledger", book.place)
        table = command_line("report", mailing.path, *of_period, *place, "--table")
        raise ReportError(
            error.message,
            hint=_(
                "What the ledger still knows of it: {table}\n"
                "Sending again writes a whole report, and nothing that was accepted goes again.",
                table=table,
            ),
        ) from None


def _resolved(place: Place) -> Place:
    return place.resolve() if isinstance(place, Path) else place


def _of_run(run: Run, book: Ledger, standing: pl.DataFrame, later: Sequence[int]) -> RowsReport:
    snapshot = Snapshot.open(snapshot_of(run, book))
    chosen = rows_chosen(run)
    return rows_report(
        snapshot,
        standing,
        complete=run.end == "complete",
        asked=snapshot.beginnings(chosen) if chosen else None,
        destination=run.facts.destination,
        run=run.number,
        later=later,
        repeats=snapshot.repeats(run.number),
    )


def _requests(book: Ledger, destination: str, standing: pl.DataFrame) -> pl.DataFrame:
    """The requests to a destination; of a letter rehearsed again, those of the last time."""
    requests = book.attempts(destination)
    if destination == REHEARSAL:
        requests = requests.join(standing, on=["identifier", "run"], how="semi")
    return pl.concat([ATTEMPTS.to_frame(), requests])


def _template(mailing: Mailing) -> str:
    if mailing.template is None:
        return ""
    path = mailing.template.path
    if isinstance(path, dict):
        return ", ".join(f"{language}: {each}" for language, each in path.items())
    return str(path)

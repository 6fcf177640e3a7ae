"""The account of one run or several: every row's fate, and all that a report says beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import polars as pl

from batchsend.errors import ReportError
from batchsend.language import _
from batchsend.ledger import ATTEMPTS, REHEARSAL, Ledger, Place, Run, Server
from batchsend.letters import Snapshot
from batchsend.mailing import Mailing
from batchsend.operations.runs import last_run, open_ledger, rows_chosen, runs_numbered, runs_of
from batchsend.reports import About, Account, RowsReport, from_ledger, rows_report, together


def account(
    mailing: Mailing,
    *,
    runs: Sequence[int] | Literal["last", "all"] = "last",
    ledger: Place | None = None,
) -> Account:
    """What became of every row of the last run's list, of the lists of the runs with these numbers,
    or of everything that was ever sent of the mailing.

    Raises LedgerError where it was never sent, SettingsError where it has no such run, ReportError
    where the list of a single run is gone.
    """
    with open_ledger(mailing, ledger) as book:
        if runs == "all":
            return account_of_runs(mailing, book, runs_of(mailing, book))
        if runs == "last":
            return account_of_run(mailing, book, last_run(mailing, book))
        chosen = runs_numbered(mailing, book, [int(number) for number in runs])
        if len(chosen) == 1:
            return account_of_run(mailing, book, chosen[0])
        return account_of_runs(mailing, book, chosen)


def account_of_run(mailing: Mailing, book: Ledger, run: Run) -> Account:
    """The account of one run, from its checked list. Raises ReportError where that is gone."""
    standing = book.standing(run.facts.destination)
    rows = _of_run(run, book, standing, runs_of(mailing, book))
    return _account(mailing, book, [run], rows, {run.facts.destination: standing})


def account_of_runs(mailing: Mailing, book: Ledger, runs: Sequence[Run]) -> Account:
    """The account of several runs, oldest first.

    Of a run whose checked list is gone the ledger alone tells, and a note says so.
    """
    standing = {to: book.standing(to) for to in {run.facts.destination for run in runs}}
    every = runs_of(mailing, book)
    reports: list[RowsReport] = []
    notes: list[str] = []
    for run in runs:
        destination = run.facts.destination
        try:
            reports.append(_of_run(run, book, standing[destination], every))
        except ReportError:
            known = standing[destination]
            reports.append(from_ledger(known, destination=destination, run=run.number))
            notes.append(
                _(
                    "The checked list of run {number} is gone, by batchsend purge or by "
                    "hand: of its letters there is only what the ledger keeps, without the "
                    "list’s columns.",
                    number=run.number,
                )
            )
    return _account(mailing, book, runs, together(reports), standing, tuple(notes))


def _account(  # noqa: PLR0913, PLR0917 - an account has so many sources
    mailing: Mailing,
    book: Ledger,
    runs: Sequence[Run],
    rows: RowsReport,
    standing: dict[str, pl.DataFrame],
    notes: tuple[str, ...] = (),
) -> Account:
    return Account(
        rows=rows,
        about=About(
            mailing=mailing.name,
            runs=tuple(runs),
            template=_template(mailing),
            made=datetime.now(UTC),
            prices=mailing.prices,
            separator=mailing.csv_separator,
            notes=notes,
        ),
        requests=_requests(book, standing),
    )


def snapshot_of(run: Run, book: Ledger) -> Path:
    """Where the checked list of a run lies. Raises ReportError where it is gone."""
    noted = run.facts.snapshot
    # The ledger's folder may have been moved since.
    found = noted if noted.exists() else book.snapshots / noted.name
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
            hint=_(
                "Run `batchsend send` again: what was accepted is not sent again, and the "
                "report is written again. What the ledger still knows: `batchsend report "
                "MAILING --all`."
            ),
        )
    return found


def _of_run(
    run: Run, book: Ledger, standing: pl.DataFrame, of_mailing: Sequence[Run]
) -> RowsReport:
    snapshot = Snapshot.open(snapshot_of(run, book))
    chosen = rows_chosen(run)
    return rows_report(
        snapshot,
        standing,
        complete=run.end == "complete",
        asked=snapshot.beginnings(chosen) if chosen else None,
        destination=run.facts.destination,
        run=run.number,
        later=[each.number for each in of_mailing if each.number > run.number],
        repeats=snapshot.repeats(run.number),
    )


def _requests(book: Ledger, standing: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """The requests to these destinations; of a letter rehearsed again, those of the last time."""
    made = [ATTEMPTS.to_frame()]
    for destination, letters in standing.items():
        requests = book.attempts(destination)
        if destination == REHEARSAL:
            requests = requests.join(letters, on=["identifier", "run"], how="semi")
        made.append(requests)
    return pl.concat(made)


def _template(mailing: Mailing) -> str:
    if mailing.template is None:
        return ""
    path = mailing.template.path
    if isinstance(path, dict):
        return ", ".join(f"{language}: {each}" for language, each in path.items())
    return str(path)

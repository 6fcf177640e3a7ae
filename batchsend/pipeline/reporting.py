"""ledger -> report: what became of every row, as of now."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from batchsend.errors import LedgerError, ReportError, UnreportedError
from batchsend.ledger import REHEARSAL, Ledger, Run
from batchsend.letters import RowSet, Snapshot
from batchsend.mailing import Mailing
from batchsend.pipeline.correcting import ToCorrect, write_beside
from batchsend.reports import RowsReport, Summary, rows_report, summarise, write_csv

__all__ = [
    "Report",
    "last_run",
    "letters_of",
    "mailing_key",
    "open_ledger",
    "report",
    "report_real",
    "runs_to_apis",
    "write_report",
]


@dataclass(frozen=True, slots=True)
class Report:
    """A report and what it says, in numbers."""

    path: Path
    summary: Summary
    """Of the whole list."""
    selected: Summary
    """Of the rows that the run was about."""
    not_written: str
    """Why the file could not be written, in a sentence; empty when it was."""
    to_correct: ToCorrect
    """The rows that somebody must correct."""


def report(mailing: Mailing, *, ledger: Path | None = None, report: Path | None = None) -> Report:
    """Write the report of the mailing's last run again, as its letters stand now.

    And beside it what is to be corrected, but never over a workbook that somebody has saved.

    Raises LedgerError where it was never sent, ReportError where the file cannot be written.
    """
    with open_ledger(mailing, ledger) as book:
        return _report_again(mailing, book, last_run(mailing, book), report)


def report_real(mailing: Mailing, *, ledger: Path | None = None) -> Report:
    """As `report`, of the last run that was no rehearsal, after something new was noted.

    Raises UnreportedError where the file cannot be written.
    """
    with open_ledger(mailing, ledger) as book:
        run = runs_to_apis(mailing, book)[-1]
        try:
            return _report_again(mailing, book, run, None)
        except ReportError as error:
            raise UnreportedError(
                f"What the API said is in the ledger, but not in the report: {error.message}",
                hint=error.hint,
            ) from error


def _report_again(mailing: Mailing, book: Ledger, run: Run, path: Path | None) -> Report:
    other_list = run.facts.options.get("other_list")
    sent = mailing.of_list(Path(str(other_list))) if other_list else mailing
    written = write_report(path or sent.report, sent, book, run)
    if written.not_written:
        raise ReportError(written.not_written)
    return written


def write_report(path: Path, mailing: Mailing, book: Ledger, run: Run) -> Report:
    """Write the report of a run, finished or not, and what is to be corrected beside it."""
    snapshot = Snapshot.open(_snapshot_of(run, book))
    standing = book.standing(run.facts.destination)
    rows = rows_report(
        snapshot,
        standing,
        complete=run.end == "complete",
        destination=run.facts.destination,
        run=run.number,
    )
    summary = summarise(rows)
    chosen = run.facts.options.get("rows")
    selected = summary if chosen is None else summarise(_only(rows, RowSet.parse(str(chosen))))
    not_written = ""
    try:
        write_csv(path, rows)
    except ReportError as error:
        not_written = str(error)
    to_correct = write_beside(path, mailing, snapshot, rows)
    return Report(path, summary, selected, not_written, to_correct)


def _only(rows: RowsReport, chosen: RowSet) -> RowsReport:
    return replace(rows, frame=rows.frame.filter(chosen.contains(pl.col("row"))))


def _snapshot_of(run: Run, book: Ledger) -> Path:
    noted = run.facts.snapshot
    # The ledger's folder may have been moved since.
    found = noted if noted.exists() else book.snapshots / noted.name
    if not found.exists():
        raise ReportError(
            "The checked list of the last run is gone, by `batchsend purge` or by hand.",
            hint="Run `batchsend send` again: what was accepted is not sent again, and the report "
            "is written anew.",
        )
    return found


def mailing_key(mailing: Mailing) -> str:
    """What a run notes of its mailing: several may share a ledger."""
    return str(mailing.path.resolve())


def open_ledger(mailing: Mailing, ledger: Path | None) -> Ledger:
    """The ledger of a mailing that was sent before. Raises LedgerError where there is none."""
    path = ledger or mailing.ledger
    if not path.exists():
        raise _never_sent(mailing, path)
    return Ledger.open(path)


def last_run(mailing: Mailing, book: Ledger) -> Run:
    """The mailing's last run, to whatever destination. Raises LedgerError where there is none."""
    return _runs_of(mailing, book)[-1]


def runs_to_apis(mailing: Mailing, book: Ledger) -> list[Run]:
    """The mailing's runs but for rehearsals, oldest first.

    Raises LedgerError where there is none.
    """
    runs = [run for run in _runs_of(mailing, book) if run.facts.destination != REHEARSAL]
    if not runs:
        raise LedgerError(
            f"{mailing.name} was only rehearsed in the sandbox: no letter of it went to an API.",
            hint="Send it to an API first.",
        )
    return runs


def letters_of(mailing: Mailing, book: Ledger, destination: str) -> pl.DataFrame:
    """How the letters stand at a destination (ledger.STANDING) that this mailing was the last to
    send; those of its neighbours in the ledger are not among them."""
    ours = [run.number for run in _runs_of(mailing, book)]
    return book.standing(destination).filter(pl.col("run").is_in(ours))


def _runs_of(mailing: Mailing, book: Ledger) -> list[Run]:
    place = _seen_from(book.path.parent, mailing_key(mailing))
    runs = [run for run in book.runs() if _place_then(run) == place]
    if not runs:
        raise _never_sent(mailing, book.path)
    return runs


def _place_then(run: Run) -> str:
    """Where the run's mailing lay as seen from its ledger; both may have been moved since."""
    folder_of_ledger = run.facts.snapshot.parent.parent
    return _seen_from(folder_of_ledger, str(run.facts.options.get("mailing")))


def _seen_from(folder: Path, mailing: str) -> str:
    try:
        return os.path.relpath(mailing, folder)
    except ValueError:  # on another drive of a Windows computer
        return mailing


def _never_sent(mailing: Mailing, ledger: Path) -> LedgerError:
    return LedgerError(
        f"{mailing.name} was never sent: the ledger {ledger} knows nothing of it.",
        hint="If the ledger lies elsewhere, name it with --ledger. If the mailing was moved "
        "without its ledger, or its file renamed, undo that.",
    )

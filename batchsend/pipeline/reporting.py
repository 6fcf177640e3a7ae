"""ledger -> report: what became of every row, as of now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from batchsend.errors import LedgerError, ReportError
from batchsend.ledger import Ledger, Run
from batchsend.letters import RowSet, Snapshot
from batchsend.mailing import Mailing
from batchsend.reports import RowsReport, Summary, rows_report, summarise, write_csv

__all__ = ["Report", "last_run", "mailing_key", "open_ledger", "report", "write_report"]


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


def report(mailing: Mailing, *, ledger: Path | None = None, report: Path | None = None) -> Report:
    """Write the report of the mailing's last run again, as its letters stand now.

    Raises LedgerError where it was never sent, ReportError where the file cannot be written.
    """
    with open_ledger(mailing, ledger) as book:
        run = last_run(mailing, book)
        other_list = run.facts.options.get("other_list")
        sent = mailing.of_list(Path(str(other_list))) if other_list else mailing
        written = write_report(report or sent.report, book, run)
    if written.not_written:
        raise ReportError(written.not_written)
    return written


def write_report(path: Path, book: Ledger, run: Run) -> Report:
    """Write the report of a run, finished or not."""
    snapshot = Snapshot.open(_snapshot_of(run, book))
    standing = book.standing(run.facts.destination)
    rows = rows_report(snapshot, standing, complete=run.end == "complete")
    summary = summarise(rows)
    chosen = run.facts.options.get("rows")
    selected = summary if chosen is None else summarise(_only(rows, RowSet.parse(str(chosen))))
    try:
        write_csv(path, rows)
    except ReportError as error:
        return Report(path, summary, selected, str(error))
    return Report(path, summary, selected, "")


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
    """By which name the ledger knows the runs of a mailing: several may share a ledger."""
    return str(mailing.path.resolve())


def open_ledger(mailing: Mailing, ledger: Path | None) -> Ledger:
    """The ledger of a mailing that was sent before. Raises LedgerError where there is none."""
    path = ledger or mailing.ledger
    if not path.exists():
        raise _never_sent(mailing, path)
    return Ledger.open(path)


def last_run(mailing: Mailing, book: Ledger) -> Run:
    """The mailing's last run, to whatever destination. Raises LedgerError where there is none."""
    key = mailing_key(mailing)
    runs = [run for run in book.runs() if run.facts.options.get("mailing") == key]
    if not runs:
        raise _never_sent(mailing, book.path)
    return runs[-1]


def _never_sent(mailing: Mailing, ledger: Path) -> LedgerError:
    return LedgerError(
        f"{mailing.name} was never sent: the ledger {ledger} knows nothing of it.",
        hint="If the ledger lies elsewhere, name it with --ledger.",
    )

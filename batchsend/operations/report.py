"""ledger -> report: what became of every row, as of now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from batchsend.errors import ReportError, UnreportedError
from batchsend.language import _
from batchsend.ledger import Ledger, Place, Run
from batchsend.letters import RowSet, Snapshot
from batchsend.mailing import Mailing
from batchsend.operations.account import account_of_run, snapshot_of
from batchsend.operations.correcting import ToCorrect, write_beside
from batchsend.operations.runs import last_run, open_ledger, rows_chosen, runs_to_apis
from batchsend.reports import (
    Account,
    RowsReport,
    Summary,
    must_be_writable,
    summarise,
    write_file,
)


@dataclass(frozen=True, slots=True)
class Report:
    """A report and what it says, in numbers."""

    path: Path
    """Where it is, or was to be: the first of its files."""
    files: tuple[Path, ...]
    """All that were written."""
    summary: Summary
    """Of the whole list."""
    selected: Summary
    """Of the rows that the run was about."""
    not_written: str
    """Why a file could not be written, in a sentence; empty when all were."""
    to_correct: ToCorrect
    """The rows that somebody must correct."""


def report(mailing: Mailing, *, ledger: Place | None = None, files: Sequence[Path] = ()) -> Report:
    """Write the report of the mailing's last run again, as its letters stand now.

    To `files`, whose names say of what kind each is, or to the usual ones. And beside it what is to
    be corrected, but never over a workbook that somebody has saved.

    Raises LedgerError where it was never sent, ReportError where a file cannot be written.
    """
    with open_ledger(mailing, ledger) as book:
        return _report_again(mailing, book, last_run(mailing, book), files)


def report_real(mailing: Mailing, *, ledger: Place | None = None) -> Report:
    """As `report`, of the last run that was no rehearsal, after something new was noted.

    Raises UnreportedError where a file cannot be written.
    """
    with open_ledger(mailing, ledger) as book:
        run = runs_to_apis(mailing, book)[-1]
        try:
            return _report_again(mailing, book, run, ())
        except ReportError as error:
            raise UnreportedError(
                _(
                    "What the API said is in the ledger, but not in the report: {message}",
                    message=error.message,
                ),
                hint=error.hint,
            ) from error


def _report_again(mailing: Mailing, book: Ledger, run: Run, files: Sequence[Path]) -> Report:
    other_list = run.facts.options.get("other_list")
    sent = mailing.of_list(Path(str(other_list))) if other_list else mailing
    for path in files:
        must_be_writable(path)
    written = write_report(files, sent, book, run)
    if written.not_written:
        raise ReportError(written.not_written)
    return written


def write_report(files: Sequence[Path], mailing: Mailing, book: Ledger, run: Run) -> Report:
    """Write the report of a run, finished or not, and what is to be corrected beside it.

    To the usual files where none is named.
    """
    account = account_of_run(mailing, book, run)
    rows = account.rows
    summary = summarise(rows)
    chosen = rows_chosen(run)
    selected = summary if chosen is None else summarise(_only(rows, chosen))
    wanted = tuple(files) or mailing.report_files(summary.rows)
    written, not_written = write_account(account, wanted)
    snapshot = Snapshot.open(snapshot_of(run, book))
    to_correct = write_beside(wanted[0], mailing, snapshot, rows)
    return Report(wanted[0], written, summary, selected, not_written, to_correct)


def write_account(account: Account, files: Sequence[Path]) -> tuple[tuple[Path, ...], str]:
    """Write an account to files; those that were written, and why the others were not."""
    written: list[Path] = []
    problems: list[str] = []
    for path in files:
        try:
            write_file(path, account)
            written.append(path)
        except ReportError as error:
            problems.append(str(error))
    return tuple(written), "\n".join(problems)


def _only(rows: RowsReport, chosen: RowSet) -> RowsReport:
    return replace(rows, frame=rows.frame.filter(chosen.contains(pl.col("row"))))

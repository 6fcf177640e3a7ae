"""ledger -> report: what became of every row of a period, as of now, in its place on disk; and
which files of a mailing runs wrote for people: its reports, and the rows to be corrected."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import polars as pl

from batchsend.errors import ReportError, UnreportedError
from batchsend.language import _
from batchsend.ledger import REHEARSAL, Ledger, Place, Run
from batchsend.letters import RowSet, Snapshot
from batchsend.mailing import Mailing
from batchsend.operations.history.receipt import (
    newest_list,
    receipt,
    receipt_runs,
    snapshot_to_report,
)
from batchsend.operations.history.runs import (
    open_ledger,
    period_of,
    real_runs_of_period,
    runs_if_any,
    runs_of_period,
    runs_to_apis,
)
from batchsend.operations.needs_attention import ToCorrect, write_open
from batchsend.operations.periods import by_period, place_of_report
from batchsend.reports import (
    REPORT_KINDS,
    Account,
    RowsReport,
    Summary,
    in_words,
    is_report,
    must_be_writable,
    summarise,
    take_place_of,
    write_file,
)


def report_files(mailing: Mailing) -> list[Path]:
    """Its reports, beside it and under `reports/`; those of other mailings there are not."""
    found = [path for path in _ours(mailing) if path.stat().st_size and is_report(path)]
    return sorted(found)


def workbooks(mailing: Mailing) -> list[Path]:
    """Its needs-attention workbooks, whoever saved them last."""
    stem = Path(mailing.needs_attention).stem
    named = re.compile(rf"{re.escape(stem)}(-new)?(-\d+)?\.xlsx")
    return sorted(path for path in _ours(mailing) if named.fullmatch(path.name))


def _ours(mailing: Mailing) -> list[Path]:
    folder = mailing.folder
    neighbours = {f"{path.stem}." for path in folder.glob("*.toml")} - {"mailing."}
    own = f"{mailing.path.stem}."
    found = [*folder.iterdir(), *(folder / "reports").rglob("*")]
    return [
        path
        for path in found
        if not any(path.name.startswith(each) for each in neighbours - {own})
        and (own == "mailing." or path.name.startswith(own))
        and path.is_file()
    ]


@dataclass(frozen=True, slots=True)
class Report:
    """A report and what it says, in numbers."""

    path: Path
    """Where it is, or was to be: the first of its files."""
    files: tuple[Path, ...]
    """All that were written."""
    summary: Summary
    """Of the whole newest list. What went of earlier ones that it no longer names is in the
    files."""
    selected: Summary
    """Of the rows that the run was about."""
    not_written: str
    """Why a file could not be written, in a sentence; empty when all were."""
    to_correct: ToCorrect
    """The rows that somebody must correct."""
    moved: tuple[Path, ...] = ()
    """The report of an older period, which lay in its place and lies here now."""


def report(mailing: Mailing, *, ledger: Place | None = None, files: Sequence[Path] = ()) -> Report:
    """Write the receipt of the mailing's period again, as its letters stand now: every row of it,
    over all its runs. Where the mailing has no period, of its last run's.

    To `files`, whose names say of what kind each is, or to the usual ones. And beside it what is to
    be corrected, but never over a workbook that somebody has saved.

    Raises LedgerError where it was never sent, ReportError where a file cannot be written.
    """
    with open_ledger(mailing, ledger) as book:
        for path in files:
            must_be_writable(path)
        written = write_receipt(files, mailing, book, runs_of_period(mailing, book))
        if written.not_written:
            raise ReportError(written.not_written)
        return written


def report_real(
    mailing: Mailing, *, ledger: Place | None = None, period: str | None = None
) -> Report:
    """As `report`, of a period in which the mailing was no rehearsal, or of the last such one,
    after something new was noted.

    Raises UnreportedError where a file cannot be written.
    """
    with open_ledger(mailing, ledger) as book:
        runs = real_runs_of_period(mailing, book, period)
        written = write_receipt((), mailing, book, runs)
        if written.not_written:
            raise UnreportedError(
                _(
                    "What the API said is in the ledger, but not in the report: {not_written}",
                    not_written=written.not_written,
                ),
                hint=_("`batchsend report` writes it again."),
            )
        return written


def write_receipt(
    files: Sequence[Path],
    mailing: Mailing,
    book: Ledger,
    of_period: Sequence[Run],
    rows: RowSet | None = None,
) -> Report:
    """Write the receipt of a period by its runs, and what is to be corrected beside it.

    To the usual files where none is named: those of the newest period and of a rehearsal lie
    beside the mailing, and what lies there of an older period makes room first. `rows` are those
    that somebody is asking about, if not all.

    Raises ReportError where the newest list is gone.
    """
    told = receipt_runs(of_period, book)
    newest = newest_list(told, book)
    snapshot = Snapshot.open(snapshot_to_report(newest, mailing, book))
    account = receipt(mailing, book, of_period)
    listed = _listed(account.rows, newest.number)
    summary = summarise(listed)
    selected = summary if rows is None else summarise(_only(listed, rows))
    place, moved, not_moved = _usual_place(mailing, book, newest)
    wanted = tuple(files) or mailing.kinds_of(place, summary.rows)
    written, not_written = ((), not_moved) if not_moved else write_account(account, wanted)
    to_correct = write_open(mailing, snapshot, listed)
    return Report(
        wanted[0], written, summary, selected, not_written, to_correct, () if files else moved
    )


def _usual_place(mailing: Mailing, book: Ledger, run: Run) -> tuple[Path, tuple[Path, ...], str]:
    """Where the receipt goes, the older reports that made room for it, and why they could not."""
    if run.facts.destination == REHEARSAL:
        real = any(each.facts.destination != REHEARSAL for each in runs_if_any(mailing, book))
        return (mailing.rehearsal_report if real else mailing.report), (), ""
    began = by_period(runs_to_apis(mailing, book))
    place = place_of_report(mailing, [run], began)
    if place != mailing.report:
        _folder_for(place)
        return place, (), ""
    *older, newest = began
    if not older:
        return mailing.report, (), ""
    try:
        return mailing.report, _made_room(mailing, older[-1], newest[0].started), ""
    except ReportError as error:
        return mailing.report, (), str(error)


def _made_room(mailing: Mailing, older: Sequence[Run], since: datetime) -> tuple[Path, ...]:
    """Move the report that was written before the newest period began to a folder of its period;
    where its files are now. What another program has open stays, and is copied there.

    Raises ReportError.
    """
    moved: list[Path] = []
    for kind in REPORT_KINDS:
        old = mailing.report.with_suffix(f".{kind}")
        new = mailing.report_of(period_of(older[-1])).with_suffix(f".{kind}")
        try:
            if old.exists() and old.stat().st_mtime < since.timestamp():
                _folder_for(new)
                take_place_of(new, old)
                moved.append(new)
        except OSError as error:
            raise in_words(old, error) from error
    return tuple(moved)


def _folder_for(report: Path) -> None:
    """The folder of an older period's report, which nobody but its owner sees."""
    try:
        report.parent.parent.mkdir(mode=0o700, exist_ok=True)
        report.parent.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise in_words(report, error) from error


def write_account(account: Account, files: Sequence[Path]) -> tuple[tuple[Path, ...], str]:
    """Write an account to files; those that were written, and why the others were not."""
    written: list[Path] = []
    problems: list[str] = []
    for path in files:
        try:
            written.append(write_file(path, account))
        except ReportError as error:
            problems.append(str(error))
    return tuple(written), "\n".join(problems)


def _listed(rows: RowsReport, run: int) -> RowsReport:
    """The rows of the newest list, which is that of a run."""
    here = pl.col("run") == run
    return replace(rows, frame=rows.frame.filter(here), letters=rows.letters.filter(here))


def _only(rows: RowsReport, chosen: RowSet) -> RowsReport:
    return replace(rows, frame=rows.frame.filter(chosen.contains(pl.col("row"))))

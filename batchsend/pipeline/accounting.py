"""The account of one run or several: every row's fate, and all that a report says beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import polars as pl

from batchsend.errors import ReportError
from batchsend.ledger import ATTEMPTS, REHEARSAL, Ledger, Run
from batchsend.letters import Snapshot
from batchsend.mailing import Mailing
from batchsend.reports import (
    About,
    Figures,
    RowsReport,
    figures,
    from_ledger,
    only_attention,
    rows_report,
    together,
    write_file,
)

__all__ = ["Account", "account", "accounts"]


@dataclass(frozen=True)
class Account:
    """What became of every row of a run's list, or of several runs' lists, as of now."""

    rows: RowsReport
    whole: RowsReport
    """`rows`, or more than those where only a part is asked for."""
    about: About
    requests: pl.DataFrame
    """Those made for its letters, as ledger.ATTEMPTS."""
    of: str = ""
    """Which part of the rows it has, in words; empty where it has all."""

    @cached_property
    def figures(self) -> Figures:
        """The whole of it in numbers."""
        return figures(self.whole, self.requests, self.about.prices)

    def only_attention(self) -> Account:
        """The same with those rows alone that somebody must do something about."""
        return replace(self, rows=only_attention(self.rows), of="the rows that need attention")

    def write(self, path: Path) -> None:
        """Write it as the kind of file that `path` asks for. Raises ReportError."""
        write_file(path, self.rows, self.about, self.figures, of=self.of)


def account(mailing: Mailing, book: Ledger, run: Run) -> Account:
    """The account of one run, from its checked list. Raises ReportError where that is gone."""
    standing = book.standing(run.facts.destination)
    rows = _of_run(run, book, standing)
    return _account(mailing, book, [run], rows, {run.facts.destination: standing})


def accounts(mailing: Mailing, book: Ledger, runs: Sequence[Run]) -> Account:
    """The account of several runs, oldest first.

    Of a run whose checked list is gone the ledger alone tells, and a note says so.
    """
    standing = {to: book.standing(to) for to in {run.facts.destination for run in runs}}
    reports: list[RowsReport] = []
    notes: list[str] = []
    for run in runs:
        destination = run.facts.destination
        try:
            reports.append(_of_run(run, book, standing[destination]))
        except ReportError:
            known = standing[destination]
            reports.append(from_ledger(known, destination=destination, run=run.number))
            notes.append(
                f"The checked list of run {run.number} is gone, by batchsend purge or by hand: of "
                "its letters there is only what the ledger keeps, without the list’s columns."
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
        whole=rows,
        about=About(
            mailing=mailing.name,
            runs=tuple(runs),
            template=_template(mailing),
            made=datetime.now(UTC),
            prices=mailing.prices,
            notes=notes,
        ),
        requests=_requests(book, standing),
    )


def _snapshot_of(run: Run, book: Ledger) -> Path:
    """Where the checked list of a run lies. Raises ReportError where it is gone."""
    noted = run.facts.snapshot
    # The ledger's folder may have been moved since.
    found = noted if noted.exists() else book.snapshots / noted.name
    if not found.exists():
        raise ReportError(
            f"The checked list of run {run.number} is gone, by `batchsend purge` or by hand.",
            hint="Run `batchsend send` again: what was accepted is not sent again, and the report "
            "is written anew. What the ledger still knows: `batchsend report --all`.",
        )
    return found


def _of_run(run: Run, book: Ledger, standing: pl.DataFrame) -> RowsReport:
    return rows_report(
        Snapshot.open(_snapshot_of(run, book)),
        standing,
        complete=run.end == "complete",
        destination=run.facts.destination,
        run=run.number,
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

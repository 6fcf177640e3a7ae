"""The periods of a mailing: which it was sent in, how they stand, and how a new one begins.

And the list of another period, taken once more: perhaps by mistake, where nobody named a new one.
And what of a mailing was chosen, its period and list, as options: for commands that somebody is to
type.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from batchsend.command_line import typed
from batchsend.errors import SettingsError
from batchsend.language import _
from batchsend.ledger import REHEARSAL, Ledger, Place, Run
from batchsend.letters import Checked, Snapshot
from batchsend.mailing import STDIN, Mailing
from batchsend.masking import masked_where_valid
from batchsend.operations.history.receipt import newest_list, receipt, receipt_runs
from batchsend.operations.history.runs import (
    is_written_like,
    ledger_of,
    of_period,
    open_ledger,
    period_of,
    runs_if_any,
)
from batchsend.reports import NEEDS_ATTENTION, Summary, summarise


@dataclass(frozen=True, slots=True)
class PeriodSent:
    """A period that a mailing was sent in, or rehearsed."""

    name: str | None
    """None where the mailing had no period."""
    list_path: Path
    """The newest list of it."""
    last_run: datetime
    """When its last run began, UTC."""
    runs: int
    """But for rehearsals, where there were others."""
    only_rehearsed: bool
    report: Path
    """Where its report lies, if it is still there; files of other kinds lie beside it."""
    summary: Summary
    """Every row of it, as its receipt has them."""

    @property
    def sent(self) -> int:
        """Letters that the API has."""
        return self.summary.letters_by_status.get("accepted", 0)

    @property
    def open(self) -> int:
        """Rows that somebody must do something about."""
        return sum(self.summary.by_status.get(status, 0) for status in NEEDS_ATTENTION)


def periods(mailing: Mailing, *, ledger: Place | None = None) -> tuple[PeriodSent, ...]:
    """The periods of a mailing, the newest last; none where it was never sent.

    Raises LedgerError where its ledger cannot be read.
    """
    return _sent(mailing, ledger, lambda _: True)


def other_periods(mailing: Mailing, period: str | None) -> tuple[PeriodSent, ...]:
    """The same, but for one of them, which is not counted once more."""
    return _sent(mailing, None, lambda name: name != period)


def _sent(
    mailing: Mailing, ledger: Place | None, is_wanted: Callable[[str | None], bool]
) -> tuple[PeriodSent, ...]:
    place = ledger or mailing.ledger_place
    if isinstance(place, Path) and not place.exists():
        return ()
    with open_ledger(mailing, place) as book:
        every = by_period(runs_if_any(mailing, book))
        return tuple(
            _period_sent(mailing, book, runs, place_of_report(mailing, runs, every))
            for runs in every
            if is_wanted(period_of(runs[-1]))
        )


def by_period(runs: Sequence[Run]) -> list[list[Run]]:
    """Runs by their periods, those that began first to be real first; then the others."""
    found: dict[str | None, list[Run]] = {}
    for run in runs:
        found.setdefault(period_of(run), []).append(run)
    return sorted(found.values(), key=_begun)


def report_of_period(mailing: Mailing, period: str | None) -> Path:
    """Where the report of a period that the mailing was sent in lies. Raises LedgerError."""
    with open_ledger(mailing, None) as book:
        every = by_period(runs_if_any(mailing, book))
    runs = next(each for each in every if period_of(each[-1]) == period)
    return place_of_report(mailing, runs, every)


def place_of_report(mailing: Mailing, runs: Sequence[Run], every: Sequence[Sequence[Run]]) -> Path:
    """Where the report of a period lies, by its runs and those of every period, as `by_period` has
    them: beside the mailing for the newest of those that were real, or of the others where none
    was, of which each rehearsal writes it; for an older one in a folder of its own."""
    real = [each for each in every if not _begun(each)[0]]
    newest = real[-1] if real else max(every, key=lambda runs: runs[-1].number)
    period = period_of(runs[-1])
    return mailing.report if period == period_of(newest[-1]) else mailing.report_of(period)


def _begun(runs: Sequence[Run]) -> tuple[bool, int]:
    real = [run.number for run in runs if run.facts.destination != REHEARSAL]
    return (not real, min(real or [run.number for run in runs]))


def _period_sent(mailing: Mailing, book: Ledger, runs: Sequence[Run], report: Path) -> PeriodSent:
    told = receipt_runs(runs, book)
    return PeriodSent(
        name=period_of(runs[-1]),
        list_path=newest_list(told, book).facts.list_path,
        last_run=told[-1].started,
        runs=len(told),
        only_rehearsed=told[-1].facts.destination == REHEARSAL,
        report=report,
        summary=summarise(receipt(mailing, book, runs).rows),
    )


def in_period(
    mailing: Mailing, period: str, list_path: Path | None = None, *, ledger: Place | None = None
) -> Mailing:
    """The mailing in a period, which may be a new one, with the list at `list_path` (relative to
    the working directory). Without that, with the list that was sent last in the period, or with
    the mailing's own where nothing was.

    Raises SettingsError where the name cannot be a period's, or that list is no longer there.
    """
    chosen = mailing.of_period(period)
    if list_path is not None:
        return chosen.of_list(list_path)
    place = ledger or mailing.ledger_place
    if isinstance(place, Path) and not place.exists():
        return chosen
    with ledger_of(mailing, place) as book:
        runs = of_period(runs_if_any(mailing, book), period)
    if not runs:
        return chosen
    path = Path(str(runs[-1].facts.options["list"]))
    if path in {STDIN, mailing.list.path}:
        return chosen
    there = mailing.folder / path
    if not there.exists():
        raise SettingsError(
            _(
                "The last list of the period {period} is no longer at {there}.",
                period=period,
                there=there,
            ),
            hint=_("Name the list with --list."),
        )
    return chosen.of_list(there)


def list_noted(mailing: Mailing) -> str:
    """The list's path as a run notes it: from the mailing's folder where it lies in it, so that
    both may be moved."""
    path = mailing.list.path
    if path == STDIN or not path.is_absolute():
        return str(path)
    inside = path.resolve().is_relative_to(mailing.folder.resolve())
    return os.path.relpath(path.resolve(), mailing.folder.resolve()) if inside else str(path)


def must_be_its_own_letters(mailing: Mailing, book: Ledger, snapshot: Snapshot) -> None:
    """Raise SettingsError where the mailing's period is one that went before, written another way,
    or where any of its letters has an identifier that went in another period: it would count as
    sent, and somebody would be missed.
    """
    if mailing.period is None:
        return
    others = [
        run
        for run in runs_if_any(mailing, book)
        if period_of(run) not in {None, mailing.period} and run.facts.destination != REHEARSAL
    ]
    known = sorted({str(period_of(run)) for run in others})
    for like in sorted(is_written_like(mailing.period, known) - {mailing.period}):
        raise SettingsError(
            _(
                "The period {period} is written like {like}, in which this mailing went.",
                period=mailing.period,
                like=like,
            ),
            hint=_(
                "If it is that period: --period {like}. If it is another, write it in another way.",
                like=like,
            ),
        )
    numbers = [run.number for run in others]
    listed = snapshot.identities().select("row", "identifier").collect(engine="streaming")
    for destination in sorted({run.facts.destination for run in others}):
        before = book.outline(destination).filter(pl.col("run").is_in(numbers))
        both = listed.join(before.select("identifier", "run"), on="identifier").sort("row")
        if both.height:
            row, identifier, number = both.row(0)
            period = next(period_of(run) for run in others if run.number == number)
            raise SettingsError(
                _(
                    "Row {row}: the identifier {masked_where_valid} went in the period "
                    "{period}, so nothing would be sent for it in the period "
                    "{mailing_period}. Letters of which this is true: {both:,}.",
                    row=row,
                    masked_where_valid=masked_where_valid(identifier),
                    period=period,
                    mailing_period=mailing.period,
                    both=both.height,
                ),
                hint=_(
                    "Let the identifier use the period: under [payload.Letter], Identifier "
                    '= "{{ period }}-…" and a column that is different in every row.'
                ),
            )


def without_period(
    mailing: Mailing, letters: pl.DataFrame, outline: pl.DataFrame, book: Ledger
) -> int:
    """Of some letters (`identifier`) of a mailing with a period, how many went while it had none;
    `outline` is the ledger's of their destination."""
    if mailing.period is None or letters.is_empty():
        return 0
    before = [run.number for run in of_period(runs_if_any(mailing, book), None)]
    went = outline.filter(pl.col("run").is_in(before))
    return letters.join(went, on="identifier", how="semi").height


def period_of_list(mailing: Mailing, checked: Checked, book: Ledger) -> str | None:
    """The last other period that the very same list was sent in, byte by byte; None where there is
    none, or where this period was sent from it already and goes on."""
    runs = [
        run
        for run in runs_if_any(mailing, book)
        if run.facts.destination != REHEARSAL and run.facts.list_digest == checked.list_digest
    ]
    found = [period_of(run) for run in runs]
    if mailing.period is None or mailing.period in found:
        return None
    return next((period for period in reversed(found) if period is not None), None)


def as_chosen(mailing: Mailing) -> tuple[str | Path, ...]:
    """The options that choose the mailing's period and list, where mailing.toml says others."""
    other = ("--list", mailing.list.path) if mailing.other_list else ()
    return (*period_chosen(mailing), *other)


def period_chosen(mailing: Mailing) -> tuple[str, ...]:
    """The option that chooses the mailing's period, where mailing.toml says another."""
    return ("--period", str(mailing.period)) if mailing.other_period else ()


def whose_corrections(mailing: Mailing) -> tuple[Path | str, ...]:
    """The mailing as `correct` takes it for a needs-attention workbook: one that was named as the
    list is none, so the mailing's own list is meant."""
    name = Path(mailing.needs_attention).stem
    is_workbook = mailing.other_list and mailing.list.path.name.startswith(name)
    return (mailing.path, *(period_chosen(mailing) if is_workbook else as_chosen(mailing)))


def typed_mailing(mailing: Mailing) -> str:
    """The mailing with those options, as they stand behind a command's name."""
    return typed(mailing.path, *as_chosen(mailing))

"""Copies of what is sent: kept beside the sending, found again by identifier or row.

A copy is written once the ledger has the API's answer, so that none is there of a letter that was
not taken. A killed run may lack the last ones.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import polars as pl

from batchsend.copies import About, Copies, Copy, Keeper, Seal
from batchsend.errors import BatchsendError, LedgerError, ReportError, in_short
from batchsend.language import _
from batchsend.ledger import MAY_BE_THERE, Ledger, Place, Run, taken_from
from batchsend.letters import RowSet, Snapshot
from batchsend.mailing import Environment, Mailing
from batchsend.operations.planned import Plan
from batchsend.operations.progress import Notice, silent
from batchsend.operations.runs import letters_of, open_ledger, runs_to_apis
from batchsend.outcome import Attempt, Entry, Journal, Outcome


def copies_of(mailing: Mailing) -> Copies:
    """The folder of a mailing's copies, which need not be there."""
    return Copies(mailing.folder / "copies")


def seal_of(mailing: Mailing) -> Seal | None:
    """What encrypts and decrypts its copies; None without BATCHSEND_COPIES_KEY.

    Raises SettingsError where what is needed for that is not installed.
    """
    key = Environment.load(mailing.folder).copies_key
    return Seal(key) if key is not None else None


class Copying:
    """A run's copies. A context manager around the sending; where none are kept it does nothing."""

    def __init__(self, keeper: Keeper | None, about: Callable[[Entry, datetime], About] | None,
                 notice: Notice = silent) -> None:  # fmt: skip
        self._keeper, self._about, self._notice = keeper, about, notice
        self._under_way: dict[str, tuple[Entry, bytes]] = {}
        self._told = False

    @staticmethod
    def must_be_possible(plan: Plan) -> None:
        """Raise SettingsError before anything is sent where copies cannot be encrypted."""
        if plan.mailing.copies.days is not None and not plan.target.is_sandbox:
            seal_of(plan.mailing)

    @classmethod
    def of(cls, plan: Plan, book: Ledger, run: Run, notice: Notice) -> Self:
        """Of a run that begins: of a rehearsal, and without `[copies] days`, none are kept. Copies
        whose days are over go; what cannot go is told."""
        mailing = plan.mailing
        days = mailing.copies.days
        if plan.target.is_sandbox:
            return cls(None, None)
        if trouble := remove_run_out(mailing):
            notice(trouble)
        if days is None:
            return cls(None, None)

        def about(entry: Entry, answered: datetime) -> About:
            return About(
                destination=run.facts.destination,
                identifier=entry.identifier,
                run=run.number,
                ledger=book.identity,
                row=entry.row,
                channel=entry.channel,
                answered=answered,
            )

        return cls(Keeper(copies_of(mailing), seal_of(mailing), days), about, notice)

    def __enter__(self) -> Self:
        if self._keeper is not None:
            self._keeper.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._keeper is not None:
            self._keeper.__exit__(kind, error, trace)
            self._tell()

    def announce(self, entry: Entry, body: bytes) -> None:
        """Give the request of a letter that is going to leave."""
        if self._keeper is not None:
            self._under_way[entry.identifier] = entry, body

    def beside(self, journal: Journal) -> Journal:
        """A journal that keeps copies of what it notes as accepted, or as perhaps taken."""
        return journal if self._keeper is None else _KeepingJournal(journal, self)

    def forget(self, identifier: str) -> None:
        """A letter was not sent after all."""
        self._under_way.pop(identifier, None)

    async def keep(self, outcome: Outcome) -> None:
        """Keep a letter that the API has, or may have; waits only where the disk is slow."""
        announced = self._under_way.pop(outcome.identifier, None)
        if announced is None or outcome.state not in MAY_BE_THERE:
            return
        entry, body = announced
        if _was_there(entry, outcome):
            return
        assert self._keeper is not None  # noqa: S101 - as `beside` has made sure
        assert self._about is not None  # noqa: S101 - which comes with it
        about = self._about(entry, outcome.ended)
        if self._keeper.is_full:
            await asyncio.to_thread(self._keeper.keep, about, body)
        else:
            self._keeper.keep(about, body)
        self._tell()

    def _tell(self) -> None:
        if self._keeper is not None and self._keeper.trouble and not self._told:
            self._told = True
            self._notice(self._keeper.trouble)


class _KeepingJournal:
    """A journal that has each letter kept once its answer is on disk."""

    def __init__(self, journal: Journal, copying: Copying) -> None:
        self._journal = journal
        self._copying = copying

    async def queued(self, identifier: str) -> None:
        """Pass it on."""
        try:
            await self._journal.queued(identifier)
        except BaseException:
            self._copying.forget(identifier)
            raise

    async def before_write(self, identifier: str) -> None:
        """Pass it on."""
        await self._journal.before_write(identifier)

    async def attempted(self, attempt: Attempt) -> None:
        """Pass it on."""
        await self._journal.attempted(attempt)

    async def finished(self, outcome: Outcome) -> None:
        """Pass it on, and keep the letter."""
        await self._journal.finished(outcome)
        await self._copying.keep(outcome)


def _was_there(entry: Entry, outcome: Outcome) -> bool:
    """Whether the API only said that it has the letter of an earlier run."""
    return entry.found == "unknown" and outcome.http_status == HTTPStatus.CONFLICT


def remove_run_out(mailing: Mailing) -> str:
    """Remove copies whose days are over; why some could not go, in a sentence, or empty."""
    for path in copies_of(mailing).run_out(mailing.copies.days, datetime.now(UTC)):
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            return _(
                "The copies in {path} are past their days, and stay: {reason}.",
                path=path,
                reason=in_short(error),
            )
    return ""


@dataclass(frozen=True, slots=True)
class SentLetter:
    """A letter as it was sent."""

    copy: Copy
    pdf: bytes
    accepted: bool
    """Whether the API has it; else it may have it."""


def sent_letter(
    mailing: Mailing,
    identifier: str | None = None,
    *,
    row: int | None = None,
    ledger: Place | None = None,
) -> SentLetter:
    """The copy of a letter, by its identifier or by a row of the list that was sent last.

    Raises LedgerError where no such letter was sent, or no copy of it is there; ReportError where
    the copy cannot be read.
    """
    with open_ledger(mailing, ledger) as book:
        runs = runs_to_apis(mailing, book)
        if identifier is None:
            assert row is not None  # noqa: S101 - one of them is given
            identifier = _identifier_of(row, runs[-1], mailing, book)
        places = dict.fromkeys(run.facts.destination for run in reversed(runs))
        found = [
            (place, standing)
            for place in places
            for standing in letters_of(mailing, book, place)
            .filter(identifier=identifier)
            .iter_rows(named=True)
        ]
        went = [(place, each) for place, each in found if each["state"] in MAY_BE_THERE]
        kept = copies_of(mailing).of(lambda copy: copy.about.identifier == identifier)
        for place, each in went:
            copy = _as_sent(kept, place, each, book, runs)
            if copy is not None:
                pdf = copy.read(seal_of(mailing))
                return SentLetter(copy, pdf, accepted=each["state"] == "accepted")
    raise _no_copy(mailing, identifier, found=bool(found), went=bool(went))


def _identifier_of(row: int, run: Run, mailing: Mailing, book: Ledger) -> str:
    """Of the letter that a row of a run's list went into."""
    first = row
    try:
        snapshot = Snapshot.open(book.snapshots / run.facts.snapshot.name)
        begin = snapshot.beginnings(RowSet.parse(str(row)))
        first = begin.ranges[0][0] if begin.ranges else row
    except BatchsendError:
        pass  # it was purged: the ledger still knows the row that a letter begins with
    letters = letters_of(mailing, book, run.facts.destination).filter(pl.col("row") == first)
    if letters.is_empty():
        raise LedgerError(
            _("No letter of row {row} was sent.", row=row),
            hint=_(
                "Rows are those of the list that was sent last. Name the letter's "
                "identifier instead; the report has it."
            ),
        )
    newest = letters.sort("run", descending=True)
    return str(newest.item(0, "identifier"))


def _as_sent(
    kept: Sequence[Copy], place: str, standing: Mapping[str, Any], book: Ledger, runs: list[Run]
) -> Copy | None:
    """Among the copies of a letter that of the run which was the last to send it. Where the API
    only said then that it has the letter, that of the run before, if there is but one."""
    # The entries of a file are taken along into a database, which has its own numbers for runs.
    taken = {taken_from(run): run.number for run in runs}
    numbered = [
        (
            copy.about.run
            if copy.about.ledger == book.identity
            else taken.get((copy.about.ledger, copy.about.run)),
            copy,
        )
        for copy in kept
        if copy.about.destination == place
    ]
    last = standing["run"]
    found = [copy for run, copy in numbered if run == last]
    if not found and standing["http_status"] == HTTPStatus.CONFLICT:
        before = [copy for run, copy in numbered if run is not None and run < last]
        found = before if len(before) == 1 else []
    return found[-1] if found else None


def _no_copy(mailing: Mailing, identifier: str, *, found: bool, went: bool) -> LedgerError:
    if not found:
        return LedgerError(
            _(
                "{mailing} has sent no letter {identifier}.",
                mailing=mailing.name,
                identifier=identifier,
            ),
            hint=_("The report has the identifier of each letter."),
        )
    if not went:
        return LedgerError(
            _(
                "The letter {identifier} was not accepted, so there is no copy of it.",
                identifier=identifier,
            )
        )
    why = (
        _("Copies are not kept: set days under [copies] for the letters to come.")
        if mailing.copies.days is None
        else _(
            "Its days are over, it was purged, it was sent before copies were kept, or its run "
            "was killed before the copy was written."
        )
    )
    return LedgerError(
        _("There is no copy of the letter {identifier}.", identifier=identifier), hint=why
    )


def write_letter(letter: SentLetter, path: Path) -> None:
    """Write the PDF to a file that only its owner can read, and never over another.

    Raises ReportError.
    """
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
            file.write(letter.pdf)
    except FileExistsError:
        raise ReportError(
            _("{path} is there already, and is not changed.", path=path),
            hint=_("Name another file with --to."),
        ) from None
    except OSError as error:
        raise ReportError(
            _("{path} cannot be written: {reason}.", path=path, reason=in_short(error))
        ) from error

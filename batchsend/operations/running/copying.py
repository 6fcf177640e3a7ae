"""Copies of what is sent, kept beside the sending.

A copy is written once the ledger has the API's answer, so that none is there of a letter that was
not taken. A killed run may lack the last ones.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Self

from batchsend.copies import About, Copies, Keeper, Seal
from batchsend.errors import in_short
from batchsend.language import _
from batchsend.ledger import MAY_BE_THERE, Ledger, Run
from batchsend.mailing import Environment, Mailing
from batchsend.operations.planning.planned import Plan
from batchsend.operations.progress import Notice, silent
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

    def __exit__(self, *error: object) -> None:
        if self._keeper is not None:
            self._keeper.__exit__(*error)
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

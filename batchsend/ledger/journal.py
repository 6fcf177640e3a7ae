"""LedgerJournal: what sending tells, on disk before it goes on, many letters to one fsync.

One thread writes. While it waits for the disk, what comes in gathers, and all of it goes out with
the next commit: the busier the sender, the bigger the groups. Knows nothing of HTTP.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import threading
import time
from contextvars import copy_context
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from batchsend.errors import LedgerError
from batchsend.language import _
from batchsend.ledger.entries import Run
from batchsend.ledger.ledger import Ledger
from batchsend.ledger.states import RefusedError
from batchsend.ledger.writes import (
    Note,
    attempt_made,
    ended_letter,
    letter_ended,
    letter_entered,
    still_ours,
)
from batchsend.outcome import AlreadyTakenError, Attempt, Entry, Outcome

GATHERING = 0.004
"""Seconds that a group waits for others to join, once letters come close together: a commit costs
the CPU as much as twenty notes."""

ANOTHER_TRY = 1.0
"""Seconds between two attempts to reach a ledger that does not answer."""

CERTAIN = 5.0
"""Seconds for which a commit makes certain that this run still counts as alive, and its letters as
its own: a server misses a machine that sleeps or is cut off after a minute."""

LAZINESS = 0.1
"""Seconds that a note which nobody waits for may lie before it is committed."""


class LedgerJournal:
    """The `sending.Journal` of one run. Use it as a context manager around the sending.

    `leaving` and `ended` return when what they were told is on disk. `attempted` and `invalid` do
    not wait: no promise hangs on them, and they are on disk within LAZINESS or with the next
    commit. If the ledger cannot be written, every call from then on raises LedgerError, so that
    nothing more leaves; what did happen is kept and tried again at the end, for as long as the
    ledger may come back by itself. What found no place even then is in `in_doubt`.

    `leaving` raises AlreadyTakenError where another run has taken the letter since the plan, and
    `departing` LedgerError where one has after `leaving`, or where that cannot be known.
    """

    def __init__(self, ledger: Ledger, run: Run) -> None:
        self._ledger = ledger
        self._run = run
        self._writes = ledger.note_writer()
        self._announced: dict[str, Entry] = {}
        self._notes: list[Note] = []
        self._work = threading.Condition()
        self._closing = False
        self._known_alive = _Moment.long_ago()
        self._failure: LedgerError | None = None
        self._unwritten: list[Note] = []
        self.in_doubt: tuple[str, ...] = ()
        """Letters whose answers could not be noted: the next run finds them in doubt."""
        self._writer = threading.Thread(
            target=copy_context().run, args=(self._write,), name="ledger", daemon=True
        )

    def __enter__(self) -> Self:
        self._writer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._work:
            self._closing = True
            self._work.notify()
        self._writer.join()
        self._save_unwritten()
        if self._failure is not None and error is None:
            raise _again(self._failure)

    def announce(self, entry: Entry) -> None:
        """Give the facts of a letter that is going to leave."""
        self._announced[entry.identifier] = entry

    async def queued(self, identifier: str) -> None:
        """The first request of an announced letter is about to leave."""
        entry = self._announced.pop(identifier)
        await self._safe(letter_entered(self._run, entry, "sending", submitted_at=_now()))

    async def before_write(self, identifier: str) -> None:
        """A request of an entered letter is about to leave, perhaps long after `leaving`."""
        try:
            while self._known_alive.age() > CERTAIN:
                await self._safe(still_ours(self._run, identifier))
        except AlreadyTakenError:
            raise LedgerError(
                _(
                    "This run was away for so long, asleep or cut off, that another has "
                    "taken over its letters."
                ),
                hint=_("Run the same command again, once the other has ended."),
            ) from None

    async def attempted(self, attempt: Attempt) -> None:
        """A request ended."""
        self._leave(attempt_made(self._run, attempt))

    async def finished(self, outcome: Outcome) -> None:
        """No further request for this letter in this run."""
        await self._safe(letter_ended(self._run, outcome))

    async def invalid(self, entry: Entry, reason: str) -> None:
        """A letter that could not be rendered, and will not leave."""
        self._leave(letter_entered(self._run, entry, "invalid", reason=reason))

    async def _safe(self, note: Note) -> None:
        """Hand a note to the writer and wait until it is on disk."""
        note.written = asyncio.get_running_loop().create_future()
        self._leave(note)
        await note.written

    def _leave(self, note: Note) -> None:
        """Hand a note to the writer."""
        with self._work:
            if self._failure is None:
                self._notes.append(note)
                if note.written is not None:
                    self._work.notify()
                return
            if not note.before_request:
                self._unwritten.append(note)
            raise _again(self._failure)

    def _write(self) -> None:
        """The writer thread: group after group, until closed or unable to write."""
        busy = False
        while True:
            with self._work:
                if not self._closing and all(note.written is None for note in self._notes):
                    self._work.wait(LAZINESS)
                closing = self._closing
            if busy and not closing:
                time.sleep(GATHERING)
            with self._work:
                group, self._notes = self._notes, []
            busy = sum(note.written is not None for note in group) > 1
            if group:
                self._commit(group)
            elif closing:
                return

    def _commit(self, group: list[Note]) -> None:
        begun = _Moment.now()
        try:
            with self._ledger.writing() as connection:
                too_late = self._writes.write(connection, group)
        except RefusedError as error:
            self._find_the_refused(group, error)
        except LedgerError as error:
            self._give_up(group, error)
        except Exception as error:  # whatever it is, nobody may wait for ever
            self._give_up(
                group, LedgerError(_("The ledger could not be written: {error!r}", error=error))
            )
        else:
            self._known_alive = begun
            _answer([note for note in group if note not in too_late], None)
            _answer(too_late, AlreadyTakenError())

    def _find_the_refused(self, group: list[Note], error: RefusedError) -> None:
        """One note breaks a rule; the others are none the worse for it."""
        if len(group) > 1:
            for note in group:
                self._commit([note])
        elif group[0].written is not None:
            _answer(group, error)
        else:
            self._give_up(group, error)

    def _give_up(self, group: list[Note], error: LedgerError) -> None:
        with self._work:
            self._failure = error
            group, self._notes = group + self._notes, []
            self._unwritten += [note for note in group if not note.before_request]
        _answer(group, error)

    def _save_unwritten(self) -> None:
        """Try again to note what did happen: there may be room on the disk by now, or the server
        may be back."""
        deadline = time.monotonic() + self._ledger.patience
        # First of all, so that they are known even if somebody does not want to wait.
        self.in_doubt = tuple(sorted(filter(None, map(ended_letter, self._unwritten))))
        while self._unwritten:
            try:
                self._write_again()
            except LedgerError:
                if time.monotonic() > deadline:
                    return
                time.sleep(ANOTHER_TRY)
        self.in_doubt = ()

    def _write_again(self) -> None:
        """What was refused is there already, its commit having gone through unheard, or is in the
        hands of another run."""
        while self._unwritten:
            with contextlib.suppress(RefusedError), self._ledger.writing() as connection:
                self._writes.write(connection, self._unwritten[:1])
            self._unwritten.pop(0)


@dataclass(frozen=True, slots=True)
class _Moment:
    """A moment by two clocks: one stands still while a computer sleeps, the other can be set."""

    running: float
    wall: float

    @classmethod
    def now(cls) -> Self:
        return cls(time.monotonic(), time.time())

    @classmethod
    def long_ago(cls) -> Self:
        return cls(-math.inf, -math.inf)

    def age(self) -> float:
        """Seconds since then, by the clock that says more."""
        return max(time.monotonic() - self.running, time.time() - self.wall)


def _answer(group: list[Note], error: Exception | None) -> None:
    """Let those go on who wait for a note of this group, all in one call to their loop."""
    waiting = [note.written for note in group if note.written is not None]
    if not waiting:
        return
    with contextlib.suppress(RuntimeError):  # the loop was closed: nobody waits any more
        waiting[0].get_loop().call_soon_threadsafe(_resolve, waiting, error)


def _resolve(waiting: list[asyncio.Future[None]], error: Exception | None) -> None:
    for future in waiting:
        if future.done():  # its task was cancelled
            continue
        if error is None:
            future.set_result(None)
        else:
            future.set_exception(_again(error))


def _again(error: Exception) -> Exception:
    """The same for another task: a raised exception gathers the traces of all who raise it."""
    return copy(error)


def _now() -> datetime:
    return datetime.now(UTC)

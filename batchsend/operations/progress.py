"""Progress: how the letters of a run stand while it goes on; and Stopping: how another thread asks
it to end after the letters that are under way."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from batchsend.language import N_, _
from batchsend.outcome import AlreadyTakenError, Attempt, Journal, Outcome


@dataclass(frozen=True, slots=True)
class ProgressReport:
    """Letters done so far in a run, by what became of them."""

    total: int
    counts: dict[str, int]
    stopping: bool

    @property
    def done(self) -> int:
        """Letters that need no further work in this run."""
        return sum(self.counts.values())


_log = logging.getLogger(__name__)

Progress = Callable[[ProgressReport], None]
"""Called after every letter, from the event loop; it must be quick."""

Notice = Callable[[str], None]
"""Called with a sentence when something happens that a person would want to know, as a pause."""


def silent(_: object) -> None:
    """Tell nobody."""


def _in_words(attempt: Attempt) -> str:
    took = (attempt.ended - attempt.started).total_seconds() * 1000
    answer = (
        _("had no answer")
        if attempt.http_status is None
        else _("was answered with HTTP {http_status}", http_status=attempt.http_status)
    )
    said = f": {attempt.message}" if attempt.message else ""
    return _(
        "{identifier}: request {number} {answer} after {took:.0f} ms{said}",
        identifier=attempt.identifier,
        number=attempt.number,
        answer=answer,
        took=took,
        said=said,
    )


class CountingJournal:
    """A journal that counts outcomes on their way to the ledger's."""

    def __init__(self, journal: Journal, total: int, progress: Progress) -> None:
        self._journal = journal
        self._total = total
        self._progress = progress
        self.counts: dict[str, int] = {}
        self.begun = 0
        self.ended: Callable[[str], None] = silent
        """Called with the identifier of each letter that has ended."""
        self._stopping = False

    @property
    def done(self) -> int:
        """Letters that need no further work in this run."""
        return sum(self.counts.values())

    async def queued(self, identifier: str) -> None:
        """Pass it on, and count the letter among those that may be there from now on."""
        try:
            await self._journal.queued(identifier)
        except AlreadyTakenError:
            self.count(N_("by another run"))
            raise
        self.begun += 1

    async def before_write(self, identifier: str) -> None:
        """Pass it on."""
        await self._journal.before_write(identifier)

    async def attempted(self, attempt: Attempt) -> None:
        """Pass it on, and note it for those who want to know."""
        if _log.isEnabledFor(logging.DEBUG):
            _log.debug("%s", _in_words(attempt))
        await self._journal.attempted(attempt)

    async def finished(self, outcome: Outcome) -> None:
        """Pass it on, and count it once it is safe."""
        await self._journal.finished(outcome)
        self.ended(outcome.identifier)
        self.count(outcome.state)

    async def refused(self, outcome: Outcome) -> None:
        """Pass on that a letter was refused which goes on in another way: it is not done."""
        await self._journal.finished(outcome)
        self.begun -= 1

    def count(self, state: str) -> None:
        """Count one more letter as done."""
        self.counts[state] = self.counts.get(state, 0) + 1
        self.show()

    def stops(self) -> None:
        """From now on only the letters under way are finished."""
        self._stopping = True
        self.show()

    def show(self) -> None:
        """Tell how things stand."""
        self._progress(ProgressReport(self._total, dict(self.counts), self._stopping))


class Stopping:
    """Asked once, heard whenever the run is far enough to hear it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked = False
        self._hear: Callable[[], None] | None = None

    @property
    def asked(self) -> bool:
        """Whether the run is to end."""
        return self._asked

    def ask(self) -> None:
        """Ask the run to end; from any thread."""
        with self._lock:
            self._asked = True
            if self._hear is not None:
                self._hear()

    @contextmanager
    def heard_by(self, hear: Callable[[], None]) -> Iterator[None]:
        """Within the block `hear` is called when it is asked, at once if it was before."""
        with self._lock:
            self._hear = hear
            if self._asked:
                hear()
        try:
            yield
        finally:
            with self._lock:
                self._hear = None

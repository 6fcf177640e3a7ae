"""A run: the letters of a plan rendered, submitted and noted, until each had its turn; and
Stopping: how another thread asks it to end after the letters that are under way."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from batchsend.clusters import Cluster
from batchsend.errors import BatchsendError, ListError
from batchsend.language import _
from batchsend.ledger import LedgerJournal
from batchsend.letters import Letter, RowSet
from batchsend.operations.planning.planned import Plan
from batchsend.operations.progress import CountingJournal, Notice
from batchsend.operations.running.copying import Copying
from batchsend.operations.running.permission import Allowance
from batchsend.operations.running.refused_letters import RefusedLetters
from batchsend.outcome import Entry, Submission
from batchsend.rendering import RenderedLetter, RenderPool
from batchsend.sending import submit


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


NAMED = 20
"""Letters in doubt that are named one by one."""

WARNINGS_KEPT = 1000
"""Letters whose warnings are remembered: a fault of the template warns of every one."""


@dataclass(slots=True)
class RunStatus:
    """How a run goes: whether and why it stopped, and what its pages were warned of."""

    warned: dict[int, tuple[str, ...]] = field(default_factory=dict)
    """What the finished pages were warned of, by row."""
    stopped: bool = False
    stopped_because: str = ""

    @contextmanager
    def stopping_on_error(self) -> Iterator[None]:
        """What goes wrong once letters may have left stops the run, and is reported with it."""
        try:
            yield
        except BatchsendError as error:
            self.stopped = True
            self.stopped_because = self.stopped_because or str(error)
        except KeyboardInterrupt:
            self.stopped = True

    def could_not_note(self, in_doubt: Sequence[str]) -> None:
        """Say which letters were answered without the ledger's knowing how."""
        if in_doubt:
            named = ", ".join(in_doubt[:NAMED]) + (", …" if len(in_doubt) > NAMED else "")
            told = _(
                "The answer to {number} of the letters could not be noted: {named}. The next run "
                "finds them in doubt, and `batchsend settle` lists them.",
                number=len(in_doubt),
                named=named,
            )
            self.stopped_because = "\n".join(filter(None, [self.stopped_because, told]))

    def must_be_all(self, counting: CountingJournal, planned: Plan) -> None:
        """Never call a run complete that did not come to every letter of its plan."""
        if not self.stopped and counting.done != planned.to_send.height:
            self.stopped = True
            self.stopped_because = _(
                "Only {done} of {to_send} letters were processed. This is a fault in "
                "batchsend; nothing is lost, and running it again sends the rest.",
                done=counting.done,
                to_send=planned.to_send.height,
            )


@dataclass(frozen=True, slots=True)
class SendingRun:
    """The parts of one run, put together in one place."""

    planned: Plan
    journal: LedgerJournal
    counting: CountingJournal
    status: RunStatus
    notice: Notice
    begun_today: int
    """How much of `per_day` earlier runs have used."""
    letters_folder: Path | None
    """Where the sandbox leaves the letters it receives, if it is the sandbox."""
    cluster: Cluster | None
    """What renders them, if this machine does not."""
    allowance: Allowance | None
    """What it may send at most; None for a rehearsal."""
    copying: Copying
    """Keeps copies of what is sent, or nothing."""
    stopping: Stopping = field(default_factory=Stopping)
    """How another thread ends it."""

    def send(self) -> None:
        """Send the letters of the plan; `status` says how that went."""
        snapshot, target = self.planned.checked.snapshot, self.planned.target
        with (
            target.reachable(self.letters_folder) as base_url,
            RenderPool(
                self.planned.templates,
                snapshot.columns,
                target.subscription,
                workers=self.cluster.threads if self.cluster else None,
                executor=self.cluster,
                # What renders on other machines sees no folder of this one.
                take_from=self.planned.kept.path
                if self.planned.kept and not self.cluster
                else None,
            ) as press,
        ):
            stop = asyncio.Event()
            rules = self.planned.mailing.send.fallback
            refused = RefusedLetters(
                rules,
                self.planned.others,
                snapshot=snapshot,
                press=press,
                announce=self._announce,
                counting=self.counting,
                allowance=self.allowance,
            )
            self.counting.ended = refused.ended
            sending = submit(
                self._submissions(press.prepare(self._letters()), refused),
                base_url=base_url,
                settings=target.settings(self.planned.mailing),
                journal=self.copying.beside(self.counting),
                stop=stop,
                credentials=target.credentials,
                notice=self.notice,
                begun_today=self.begun_today,
                refused=refused.next_step if rules else None,
            )
            with self.status.stopping_on_error():
                asyncio.run(self._until_interrupted(sending, stop))
            self.status.stopped = self.status.stopped or stop.is_set()

    async def _until_interrupted(
        self, sending: Coroutine[None, None, None], stop: asyncio.Event
    ) -> None:
        """Send to the end; the first Ctrl-C, which arrives as a cancellation, lets it run dry."""
        task = asyncio.create_task(sending)
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(_unless_interrupted)

        def run_dry() -> None:
            stop.set()
            self.counting.stops()

        def hear() -> None:
            loop.call_soon_threadsafe(run_dry)

        with self.stopping.heard_by(hear):
            try:
                await asyncio.shield(task)
            except asyncio.CancelledError:
                run_dry()
                await task

    async def _submissions(
        self, prepared_letters: AsyncIterator[RenderedLetter], refused: RefusedLetters
    ) -> AsyncIterator[Submission]:
        """Each rendered letter, announced to the journal; what could not be rendered is noted."""
        stands, warned = self.planned.found, self.status.warned
        going_on = self.planned.resumed
        async for prepared in prepared_letters:
            found = stands.get(prepared.entry.identifier)
            entry = replace(prepared.entry, found=found)
            resumed = going_on.get(entry.identifier)
            if resumed:
                entry = replace(entry, content=resumed.content)
            if prepared.error and resumed:
                self.counting.count("rejected")  # as it is: its next channel does not take it
            elif prepared.error:
                await self.journal.invalid(entry, prepared.error)
                self.counting.count("invalid")
            else:
                if prepared.warnings and len(warned) < WARNINGS_KEPT:
                    warned[entry.row] = prepared.warnings
                if self.allowance is not None:
                    self.allowance.take(entry.channel, entry.pages or 0)
                self._announce(entry, prepared.body)
                refused.leaves(entry, resumed.first if resumed else entry.channel)
                yield Submission(
                    entry.identifier,
                    prepared.body,
                    in_doubt=found == "unknown",
                    before=resumed.before if resumed else "",
                )

    def _announce(self, entry: Entry, body: bytes) -> None:
        """Say which letter is about to leave, and with what in it."""
        self.journal.announce(entry)
        self.copying.announce(entry, body)

    def _letters(self) -> Iterator[Letter]:
        """The letters of the plan: those that go on by another channel as they are made for it."""
        resumed, to_send = self.planned.resumed, self.planned.to_send
        snapshot, others = self.planned.checked.snapshot, self.planned.others
        goes_on = pl.col("identifier").is_in(list(resumed))
        yield from snapshot.letters(RowSet.of(to_send.filter(~goes_on)["row"]))
        for channel, other in others.lists.items():
            names = [name for name, each in resumed.items() if each.channel == channel]
            rows = RowSet.of(to_send.filter(pl.col("identifier").is_in(names))["row"])
            for letter, was in zip(other.letters(rows), snapshot.letters(rows), strict=True):
                if (letter.identifier, letter.rows) != (was.identifier, was.rows):
                    raise ListError(
                        _(
                            "Row {number} was changed while the list was being read.",
                            number=was.rows[0].number,
                        ),
                        hint=_("Run the same command again."),
                    )
                yield letter


def _unless_interrupted(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """A second Ctrl-C is raised in whichever task runs, and needs no traceback of that task."""
    if not isinstance(context.get("exception"), KeyboardInterrupt):
        loop.default_exception_handler(context)

"""A run: the letters of a plan rendered, submitted and noted, until each had its turn."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from batchsend.clusters import Cluster
from batchsend.errors import BatchsendError
from batchsend.ledger import LedgerJournal
from batchsend.letters import RowSet
from batchsend.operations.plan import Plan
from batchsend.operations.progress import CountingJournal, Notice
from batchsend.operations.stopping import Stopping
from batchsend.outcome import Submission
from batchsend.rendering import RenderedLetter, RenderPool
from batchsend.sending import submit

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
            told = f"{self.stopped_because}\n" if self.stopped_because else ""
            self.stopped_because = (
                f"{told}The answer to {len(in_doubt)} of the letters could not be noted: {named}. "
                "The next run finds them in doubt, and `batchsend settle` lists them."
            )

    def must_be_all(self, counting: CountingJournal, planned: Plan) -> None:
        """Never call a run complete that did not come to every letter of its plan."""
        if not self.stopped and counting.done != planned.to_send.height:
            self.stopped = True
            self.stopped_because = (
                f"Only {counting.done} of {planned.to_send.height} letters were processed. This "
                "is a fault in batchsend; nothing is lost, and running it again sends the rest."
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
    stopping: Stopping = field(default_factory=Stopping)
    """How another thread ends it."""

    def send(self) -> None:
        """Send the letters of the plan; `status` says how that went."""
        snapshot, target = self.planned.checked.snapshot, self.planned.target
        letters = snapshot.letters(RowSet.of(self.planned.to_send["row"]))
        with (
            target.reachable(self.letters_folder) as base_url,
            RenderPool(
                self.planned.templates,
                snapshot.columns,
                target.subscription,
                workers=self.cluster.threads if self.cluster else None,
                executor=self.cluster,
            ) as press,
        ):
            stop = asyncio.Event()
            sending = submit(
                self._submissions(press.prepare(letters)),
                base_url=base_url,
                settings=target.settings(self.planned.mailing),
                journal=self.counting,
                stop=stop,
                credentials=target.credentials,
                notice=self.notice,
                begun_today=self.begun_today,
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
        self, prepared_letters: AsyncIterator[RenderedLetter]
    ) -> AsyncIterator[Submission]:
        """Each rendered letter, announced to the journal; what could not be rendered is noted."""
        stands, warned = self.planned.found, self.status.warned
        async for prepared in prepared_letters:
            found = stands.get(prepared.entry.identifier)
            entry = replace(prepared.entry, found=found)
            if prepared.error:
                await self.journal.invalid(entry, prepared.error)
                self.counting.count("invalid")
            else:
                if prepared.warnings and len(warned) < WARNINGS_KEPT:
                    warned[entry.row] = prepared.warnings
                self.journal.announce(entry)
                yield Submission(entry.identifier, prepared.body, in_doubt=found == "unknown")

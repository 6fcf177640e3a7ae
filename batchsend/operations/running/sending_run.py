"""A run: the letters of a plan rendered, submitted and noted, until each had its turn; and
RefusedLetters: a letter that the API refused, made again for its next channel meanwhile.

Each step of a refused letter is in the ledger before the next begins: refused, then entered again
by the other channel.
"""

from __future__ import annotations

import asyncio
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
from batchsend.letters import Letter, RowSet, Snapshot
from batchsend.operations.planning.other_channels import OtherChannels, refused_by
from batchsend.operations.planning.planned import Plan
from batchsend.operations.progress import CountingJournal, Notice, Stopping
from batchsend.operations.running.copying import Copying
from batchsend.operations.running.permission import Allowance
from batchsend.outcome import Entry, Outcome, Submission
from batchsend.rendering import RenderedLetter, RenderPool
from batchsend.sending import NOT_BY, Fallback, LetterApi, next_channel, submit

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
                rules=rules,
                others=self.planned.others,
                snapshot=snapshot,
                press=press,
                announce=self._announce,
                counting=self.counting,
                allowance=self.allowance,
            )
            self.counting.ended = refused.ended
            sending = submit(
                self._submissions(press.prepare(self._letters()), refused),
                LetterApi(base_url, target.settings(self.planned.mailing), target.credentials),
                journal=self.copying.beside(self.counting),
                stop=stop,
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


@dataclass(frozen=True, slots=True)
class _Step:
    """A letter on its way by one channel."""

    entry: Entry
    first: str
    """The channel it began with."""


@dataclass(slots=True)
class RefusedLetters:
    """What `submit` asks about refused letters."""

    rules: tuple[Fallback, ...]
    others: OtherChannels
    snapshot: Snapshot
    press: RenderPool
    announce: Callable[[Entry, bytes], None]
    counting: CountingJournal
    allowance: Allowance | None
    _under_way: dict[str, _Step] = field(init=False, default_factory=dict)

    def leaves(self, entry: Entry, first: str) -> None:
        """Remember a letter that is about to leave, and the channel it began with."""
        if self.rules:
            self._under_way[entry.identifier] = _Step(entry, first)

    async def next_step(self, refused: Submission, outcome: Outcome) -> Submission | Outcome:
        """The letter by its next channel, the refusal noted; or how it ends, where it has none."""
        step = self._under_way.pop(refused.identifier, None)
        if step is None:
            return outcome
        entry = step.entry
        channel = next_channel(
            self.rules,
            first=step.first,
            last=entry.channel,
            status=outcome.http_status,
            said=outcome.reason,
        )
        so_far = outcome.reason
        if entry.channel != step.first:
            so_far = refused_by(entry.channel, outcome.reason, refused.before)
        if channel is None:
            return replace(outcome, reason=so_far)
        made = await self._made(entry.row, channel)
        if isinstance(made, str):
            said = so_far.rstrip(".")
            return replace(outcome, reason=f"{said}. {_(NOT_BY, channel=channel, why=made)}")
        now, body = made
        await self.counting.refused(outcome)
        if self.allowance is not None:
            before = entry.channel, entry.pages or 0
            self.allowance.take_instead(before, channel, now.pages or 0)
        now = replace(now, content=entry.content, found="rejected")
        self.announce(now, body)
        self._under_way[now.identifier] = _Step(now, step.first)
        return Submission(
            now.identifier,
            body,
            earlier=refused.earlier + outcome.attempts,
            before=refused_by(entry.channel, outcome.reason, refused.before),
        )

    def ended(self, identifier: str) -> None:
        """Forget a letter."""
        self._under_way.pop(identifier, None)

    async def _made(self, row: int, channel: str) -> tuple[Entry, bytes] | str:
        """The letter's entry and request by that channel; or why there is none."""
        try:
            letter = await asyncio.to_thread(self._letter, row, channel)
        except (BatchsendError, OSError, pl.exceptions.PolarsError) as error:
            return str(error)  # the refusal has to be noted all the same
        if isinstance(letter, str):
            return letter
        made = await self.press.one(letter)
        return made.error or (made.entry, made.body)

    def _letter(self, row: int, channel: str) -> Letter | str:
        rows = RowSet.of(pl.Series([row], dtype=pl.UInt32))
        return self.others.letter(channel, next(self.snapshot.letters(rows)))

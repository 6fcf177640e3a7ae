"""RefusedLetters: a letter that the API refused, made again for its next channel while a run is on.

Each step is in the ledger before the next begins: refused, then entered again by the other channel.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

import polars as pl

from batchsend.errors import BatchsendError
from batchsend.language import _
from batchsend.letters import Letter, RowSet, Snapshot
from batchsend.operations.planning.other_channels import OtherChannels, refused_by
from batchsend.operations.progress import CountingJournal
from batchsend.operations.running.permission import Allowance
from batchsend.outcome import Entry, Outcome, Submission
from batchsend.rendering import RenderPool
from batchsend.sending import NOT_BY, Fallback, next_channel


@dataclass(frozen=True, slots=True)
class _Step:
    """A letter on its way by one channel."""

    entry: Entry
    first: str
    """The channel it began with."""


class RefusedLetters:
    """What `submit` asks about refused letters."""

    def __init__(  # noqa: PLR0913 - the parts of a run that a second step needs
        self,
        rules: tuple[Fallback, ...],
        others: OtherChannels,
        *,
        snapshot: Snapshot,
        press: RenderPool,
        announce: Callable[[Entry, bytes], None],
        counting: CountingJournal,
        allowance: Allowance | None,
    ) -> None:
        self._rules, self._others, self._snapshot = rules, others, snapshot
        self._press, self._announce, self._counting = press, announce, counting
        self._allowance = allowance
        self._under_way: dict[str, _Step] = {}

    def leaves(self, entry: Entry, first: str) -> None:
        """Remember a letter that is about to leave, and the channel it began with."""
        if self._rules:
            self._under_way[entry.identifier] = _Step(entry, first)

    async def next_step(self, refused: Submission, outcome: Outcome) -> Submission | Outcome:
        """The letter by its next channel, the refusal noted; or how it ends, where it has none."""
        step = self._under_way.pop(refused.identifier, None)
        if step is None:
            return outcome
        entry = step.entry
        channel = next_channel(
            self._rules,
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
        await self._counting.refused(outcome)
        if self._allowance is not None:
            before = entry.channel, entry.pages or 0
            self._allowance.take_instead(before, channel, now.pages or 0)
        now = replace(now, content=entry.content, found="rejected")
        self._announce(now, body)
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
        made = await self._press.one(letter)
        return made.error or (made.entry, made.body)

    def _letter(self, row: int, channel: str) -> Letter | str:
        rows = RowSet.of(pl.Series([row], dtype=pl.UInt32))
        return self._others.letter(channel, next(self._snapshot.letters(rows)))

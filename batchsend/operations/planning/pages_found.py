"""PagesFound: what letters take in pages, sheets and money, found by rendering them; and
check_pages: every row checked, and as many letters rendered as there is time for.

Rendered are as many as the time allows; of the others it is an estimate, and says so.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from decimal import Decimal
from math import ceil
from pathlib import Path

import polars as pl

from batchsend.letters import Checked, RowSet, Snapshot
from batchsend.mailing import Mailing
from batchsend.operations.check import check_into, templates_of
from batchsend.operations.correct import has_certain_cures
from batchsend.operations.needs_attention import ToCorrect, write_held
from batchsend.operations.preview import UNSEEN
from batchsend.operations.progress import Progress, ProgressReport, silent
from batchsend.rendering import RenderedLetter, RenderPool, Templates
from batchsend.reports import Charge, PriceSettings, sheets_of
from batchsend.request import Subscription
from batchsend.scratch import ScratchFolder

A_MINUTE = 60.0
"""Seconds for which letters are rendered before somebody is asked: a person waits so long for an
answer about several thousand letters, and what is rendered is kept, so that nothing is lost."""

HELD = pl.Schema({"row": pl.UInt32(), "identifier": pl.String(), "reason": pl.String()})
"""Letters whose pages cannot be sent, by their first rows, and why, in words."""

WARNINGS_KEPT = 1000
"""Letters whose warnings are remembered: a fault of the template warns of every one."""


@dataclass(frozen=True, slots=True)
class PagesFound:
    """What letters take."""

    rendered: int
    """Letters that were rendered, those that are held among them."""
    estimated: int
    """Letters that there was no time for: taken to be like those that were rendered."""
    by_channel: tuple[Charge, ...]
    """Those that are held are not among them."""
    held: pl.DataFrame
    """Letters that cannot be sent as their pages are (HELD)."""
    warned: Mapping[int, tuple[str, ...]]
    """What the finished pages were warned of, by row."""
    currency: str
    """Of the costs; empty where no prices are set."""

    @property
    def letters(self) -> int:
        """Letters that can be sent, as far as is known."""
        return sum(each.letters for each in self.by_channel)

    @property
    def pages(self) -> int:
        """Pages of all letters that can be sent."""
        return sum(each.pages for each in self.by_channel)

    @property
    def sheets(self) -> int:
        """Sheets of paper, of those that are printed."""
        return sum(each.sheets for each in self.by_channel)

    @property
    def cost(self) -> Decimal | None:
        """What all of them cost; None where no prices are set."""
        if not self.currency:
            return None
        return sum((each.cost or Decimal(0) for each in self.by_channel), Decimal(0))


@dataclass(slots=True)
class _Tally:
    """What was rendered so far."""

    letters: Counter[str] = field(default_factory=Counter)
    """By channel, as the others."""
    pages: Counter[str] = field(default_factory=Counter)
    sheets: Counter[str] = field(default_factory=Counter)
    held: list[tuple[int, str, str, str]] = field(default_factory=list)
    """Row, identifier, reason and channel."""
    warned: dict[int, tuple[str, ...]] = field(default_factory=dict)

    @property
    def done(self) -> int:
        return self.letters.total() + len(self.held)

    def add(self, made: RenderedLetter) -> None:
        entry = made.entry
        if made.error:
            self.held.append((entry.row, entry.identifier, made.error, entry.channel))
            return
        self.letters[entry.channel] += 1
        self.pages[entry.channel] += entry.pages or 0
        self.sheets[entry.channel] += sheets_of(entry.channel, entry.pages or 0)
        if made.warnings and len(self.warned) < WARNINGS_KEPT:
            self.warned[entry.row] = made.warnings


@dataclass(frozen=True, slots=True)
class MadeOf:
    """What letters are rendered from, and what they cost."""

    snapshot: Snapshot
    templates: Templates
    subscription: Subscription
    prices: PriceSettings | None


def find_pages(
    letters: pl.DataFrame,
    made_of: MadeOf,
    seconds: float,
    progress: Progress,
    keep_in: Path | None = None,
) -> PagesFound:
    """Render `letters` (`row`, `channel`) of a checked list, in its order, for so many seconds.

    The documents are put into the folder `keep_in`, if there is one.
    """
    tally, snapshot = _Tally(), made_of.snapshot

    async def render() -> None:
        asked = snapshot.letters(RowSet.of(letters["row"]))
        pool = RenderPool(
            made_of.templates, snapshot.columns, made_of.subscription, keep_in=keep_in
        )
        with pool as press:
            async with aclosing(press.prepare(asked)) as prepared:
                with suppress(TimeoutError):
                    async with asyncio.timeout(seconds):
                        async for made in prepared:
                            tally.add(made)
                            counts = {"rendered": tally.done - len(tally.held)}
                            counts |= {"held": len(tally.held)} if tally.held else {}
                            progress(ProgressReport(letters.height, counts, False))

    if letters.height and seconds > 0:
        asyncio.run(render())
    return _found(tally, dict(letters.group_by("channel").len().iter_rows()), made_of.prices)


def _found(tally: _Tally, asked: Mapping[str, int], prices: PriceSettings | None) -> PagesFound:
    held_by = Counter(channel for *_, channel in tally.held)
    found = []
    for channel, number in sorted(asked.items()):
        rendered = tally.letters[channel]
        rest = number - rendered - held_by[channel]
        pages = tally.pages[channel] + _likely(rest, tally.pages, tally.letters, channel)
        of_rest = _likely(rest, tally.sheets, tally.letters, channel)
        sheets = tally.sheets[channel] + (of_rest if sheets_of(channel, 1) else 0)
        letters = rendered + rest
        cost = prices.of(channel, letters, sheets) if prices else None
        found.append(Charge(channel, letters, pages, sheets, cost))
    return PagesFound(
        rendered=tally.done,
        estimated=sum(asked.values()) - tally.done,
        by_channel=tuple(found),
        held=pl.DataFrame(sorted(held[:3] for held in tally.held), schema=HELD, orient="row"),
        warned=tally.warned,
        currency=prices.currency if prices else "",
    )


def _likely(rest: int, taken: Counter[str], letters: Counter[str], channel: str) -> int:
    """What letters that were not rendered take, as those of their channel do; one each where none
    of it was rendered."""
    if not letters[channel]:
        return rest
    return ceil(rest * taken[channel] / letters[channel])


@dataclass(frozen=True, slots=True)
class CheckedPages:
    """What a check and its letters came to."""

    checked: Checked
    pages: PagesFound
    to_correct: ToCorrect | None
    """The workbook that was asked for."""
    has_certain_cures: bool
    """Whether `correct --certain` cures any of the rows that are held back."""


def check_pages(
    mailing: Mailing,
    *,
    workbook: Path | None = None,
    seconds: float = A_MINUTE,
    progress: Progress = silent,
) -> CheckedPages:
    """Check every row, render letters for so many seconds, and send nothing.

    The rows that the check holds back are written to `workbook`, where one is named. Raises as
    `check` does, and ReportError where the workbook cannot be written.
    """
    templates = templates_of(mailing)
    with ScratchFolder() as folder:
        checked = check_into(folder / "snapshot", mailing, templates)
        to_correct = write_held(workbook, mailing, checked) if workbook else None
        found = pages_of(checked, mailing, templates, seconds, progress)
        return CheckedPages(checked, found, to_correct, has_certain_cures(mailing, checked))


def pages_of(
    checked: Checked, mailing: Mailing, templates: Templates, seconds: float, progress: Progress
) -> PagesFound:
    """What all letters of a checked list take; none of them is kept."""
    return find_pages(
        checked.snapshot.identities().select("row", "channel").collect(engine="streaming"),
        MadeOf(checked.snapshot, templates, UNSEEN, mailing.prices),
        seconds,
        progress,
    )

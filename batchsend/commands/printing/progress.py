"""Progress of a run: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console, ConsoleRenderable, RenderHook
from rich.control import Control
from rich.measure import Measurement
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.segment import ControlType
from rich.text import Text

from batchsend.commands.printing.output import is_screen, say
from batchsend.language import _, figure
from batchsend.operations.progress import Progress as Letters
from batchsend.operations.progress import ProgressReport

EVERY = 10.0
"""Seconds between two lines where there is no terminal."""


@contextmanager
def show_progress(console: Console, doing: str = "Sending") -> Iterator[Letters]:
    """What a run calls as letters end; it shows itself only once there is something."""
    if is_screen(console):
        bar = _OnTerminal(_bar(console), doing)
        try:
            yield bar
        finally:
            bar.end()
    else:
        lines = _InLines(console)
        yield lines
        lines.end()


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),  # a short line stays whole when the window is made narrower
        MofNCompleteColumn(),
        TextColumn("{task.fields[counts]}"),
        _RateColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )


class _RateColumn(ProgressColumn):
    """Letters a second, over the last half minute."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:.0f}/s" if speed else "")


class _AfterNarrowing(RenderHook):
    """Wipes what is left of the bar above it where a narrower window has wrapped the line."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._drawn = 1

    def process_renderables(self, renderables: list[ConsoleRenderable]) -> list[ConsoleRenderable]:
        """Called by rich before it draws; the last line is wiped by rich itself."""
        console = self._bar.console
        above = (self._drawn - 1) // console.width
        bar = self._bar.get_renderable()
        self._drawn = max(Measurement.get(console, console.options, bar).maximum, 1)
        if not above:
            return renderables
        line_above = ((ControlType.CURSOR_UP, 1), (ControlType.ERASE_IN_LINE, 2))
        return [Control(*line_above * above), *renderables]


class _OnTerminal:
    def __init__(self, bar: Progress, doing: str) -> None:
        self._bar = bar
        self._doing = doing
        self._task = bar.add_task(doing, total=None, counts="")

    def end(self) -> None:
        """Take the bar away; what came of the run is said below."""
        if self._bar.live.is_started:
            self._bar.stop()
            self._bar.console.pop_render_hook()

    def __call__(self, report: ProgressReport) -> None:
        # Not before: a bar that is drawn anew ten times a second wipes a question off its line.
        if not self._bar.live.is_started:
            self._bar.console.push_render_hook(_AfterNarrowing(self._bar))
            self._bar.start()
        self._bar.update(
            self._task,
            description="Finishing" if report.stopping else self._doing,
            total=report.total,
            completed=report.done,
            counts=_counts(report),
        )


class _InLines:
    def __init__(self, console: Console) -> None:
        self._console = console
        self._last = time.monotonic()
        self._shown: ProgressReport | None = None
        self._newest: ProgressReport | None = None

    def __call__(self, report: ProgressReport) -> None:
        self._newest = report
        now = time.monotonic()
        if now - self._last >= EVERY:
            self._last = now
            self._show(report)

    def end(self) -> None:
        """Say how it ended, where there was time to say how it went."""
        if self._shown and self._newest and self._newest is not self._shown:
            self._show(self._newest)

    def _show(self, report: ProgressReport) -> None:
        self._shown = report
        say(
            self._console,
            _(
                "{done:,} of {total:,} letters: {counts}",
                done=report.done,
                total=report.total,
                counts=_counts(report),
            ),
        )


def _counts(report: ProgressReport) -> str:
    return ", ".join(
        f"{figure(number)} {_(state)}" for state, number in report.counts.items() if number
    )

"""How a run goes, as it is told where there is no terminal."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from batchsend.commands.printing import progress
from batchsend.operations.progress import ProgressReport


def _told(every: float, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(progress, "EVERY", every)
    told = io.StringIO()
    with progress.show_progress(Console(file=told)) as show:
        for done in range(1200):
            show(ProgressReport(1200, {"accepted": done}, stopping=False))
        show(ProgressReport(1200, {"accepted": 1198, "rejected": 2}, stopping=False))
    return told.getvalue().splitlines()


def test_its_end_is_told_and_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    told = _told(0, monkeypatch)
    assert told[500] == "500 of 1,200 letters: 500 accepted"
    assert told[-2:] == [
        "1,199 of 1,200 letters: 1,199 accepted",
        "1,200 of 1,200 letters: 1,198 accepted, 2 rejected",
    ]


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_nothing_is_left_above_it_when_its_window_is_made_narrower() -> None:
    screen = Screen()
    console = Console(file=screen, force_terminal=True, width=100, legacy_windows=False)
    report = ProgressReport(1200, {"accepted": 600, "rejected": 2}, stopping=False)
    with progress.show_progress(console) as show:
        show(report)
        bar = show._bar  # type: ignore[attr-defined]  # drawn when we want it to be
        bar.live.auto_refresh = False
        bar.refresh()
        assert "\x1b[1A" not in screen.getvalue(), "it is one line"
        for narrower, above in ((30, 2), (30, 0), (100, 0)):
            console.width = narrower
            before = len(screen.getvalue())
            bar.refresh()
            assert screen.getvalue()[before:].count("\x1b[1A\x1b[2K") == above, narrower


def test_of_a_short_run_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _told(1000, monkeypatch) == []

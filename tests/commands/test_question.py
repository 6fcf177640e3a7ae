"""The question before sending, at a terminal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress

import psutil
import pytest
from mailings import MailingFolder
from waiting import PATIENCE, until

pty = pytest.importorskip("pty", reason="Windows has no such terminals")


def _rest(terminal: int) -> bytes:
    """What is on a terminal that nobody writes to any more, and has not been read."""
    shown = b""
    with suppress(OSError):  # Linux says so of the end
        while piece := os.read(terminal, 4096):
            shown += piece
    return shown


@pytest.mark.slow
@pytest.mark.parametrize(
    "how", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)]
)
def test_a_signal_answers_it_and_nothing_is_sent(
    mailing: MailingFolder, nobody: str, how: signal.Signals
) -> None:
    ours, theirs = pty.openpty()
    send = [sys.executable, "-m", "batchsend", "send", str(mailing.path)]
    process = subprocess.Popen(
        [*send, "--base-url", nobody], stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    shown = b""
    try:
        while b"[y/N]" not in shown:
            shown += os.read(ours, 4096)
        # A signal that comes just before it reads is heard only with the next key.
        asked = psutil.Process(process.pid)
        until(lambda: asked.status() == psutil.STATUS_SLEEPING, "somebody who waits for an answer")
        process.send_signal(how)
        assert process.wait(PATIENCE) == 2
        assert b"Nothing was sent" in _rest(ours)
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    assert not list(mailing.folder.glob("*report.csv"))

"""The question before sending, at a terminal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest
from mailings import MailingFolder

pty = pytest.importorskip("pty", reason="Windows has no such terminals")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_answers_it_and_nothing_is_sent(
    mailing: MailingFolder, how: signal.Signals
) -> None:
    ours, theirs = pty.openpty()
    send = [sys.executable, "-m", "batchsend", "send", str(mailing.path)]
    process = subprocess.Popen(
        [*send, "--base-url", "http://127.0.0.1:9"], stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    shown = b""
    try:
        while b"[y/N]" not in shown:
            shown += os.read(ours, 4096)
        time.sleep(0.2)  # until it waits for the answer
        process.send_signal(how)
        assert process.wait(30) == 2
        assert b"Nothing was sent" in os.read(ours, 4096)
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    assert not mailing.folder.joinpath("report.csv").exists()

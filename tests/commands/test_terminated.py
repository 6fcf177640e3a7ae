"""SIGTERM and Ctrl-C: heard from the first moment, and what is said of them is true."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time

import psutil
import pytest
from mailings import Api, MailingFolder, row

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")

FIRST_OF_ALL = ("unshare", "--pid", "--fork", "--kill-child", "--mount-proc")
"""As the first process of a container, to which the system passes no signal without a handler."""


def start(mailing: MailingFolder, *command: str, first: bool = False) -> subprocess.Popen[str]:
    name, *options = command
    return subprocess.Popen(
        [
            *(FIRST_OF_ALL if first else ()),
            *(sys.executable, "-m", "batchsend", name, str(mailing.path), *options),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.mark.skipif(
    not (hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("unshare")),
    reason="only root can make a process the first",
)
@pytest.mark.parametrize("after", [0.3, 0.6])
def test_the_first_process_hears_it_before_anything_is_loaded(
    mailing: MailingFolder, api: Api, after: float
) -> None:
    mailing.write(*(row(number) for number in range(1, 301)))
    process = start(mailing, "send", "--base-url", api.base_url, "--yes", first=True)
    time.sleep(after)
    [batchsend] = psutil.Process(process.pid).children()
    batchsend.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=30)
    assert process.returncode == 2, output
    assert "Stopped." in output
    assert api.identifiers() == []


def test_check_ends_in_words(mailing: MailingFolder) -> None:
    mailing.write(*(row(number) for number in range(1, 60_001)))
    process = start(mailing, "check")
    time.sleep(1.5)
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=30)
    assert (process.returncode, output) == (2, "Error: Stopped.\n")


def test_an_interrupted_report_of_a_stopped_run_leaves_it_stopped(
    mailing: MailingFolder, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailing.edit("rate = 500", "rate = 500\nconcurrency = 1\nstop_after = 1\nattempts = 1")
    api_is_away = "http://127.0.0.1:9"
    monkeypatch.setattr("batchsend.pipeline.sending.write_report", interrupt)
    result = mailing.run("send", "--base-url", api_is_away, "--yes")
    assert result.exit_code == 3, result.output
    assert "The run stopped half-way." in result.output
    assert "To go on, run the same command again." in result.output
    done = mailing.run("send", "--base-url", api.base_url, "--yes")
    assert done.exit_code == 1, done.output
    assert "Letters may have gone" in done.output


def test_nobody_is_told_that_nothing_was_sent_once_something_was(
    mailing: MailingFolder, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("batchsend.commands.send.show_sent", interrupt)
    result = mailing.run("send", "--base-url", api.base_url, "--yes")
    assert len(api.identifiers()) == 6
    assert result.exit_code == 3, result.output
    assert "the ledger has what became of the letters" in result.output
    assert "Nothing was sent" not in result.output


def interrupt(*_: object, **_named: object) -> None:
    raise KeyboardInterrupt

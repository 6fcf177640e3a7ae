"""SIGTERM and Ctrl-C: heard from the first moment, and what is said of them is true."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from mailings import Api, MailingFolder, row
from reliability.trial import wait_for

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")

FIRST_OF_ALL = ("unshare", "--pid", "--fork", "--kill-child", "--mount-proc")
"""As the first process of a container, to which the system passes no signal without a handler."""


def start(mailing: MailingFolder, *command: str, by: tuple[str, ...] = ()) -> subprocess.Popen[str]:
    name, *options = command
    return subprocess.Popen(
        [
            *by,
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
    process = start(mailing, "send", "--base-url", api.base_url, "--yes", by=FIRST_OF_ALL)
    time.sleep(after)
    [batchsend] = psutil.Process(process.pid).children()
    batchsend.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=30)
    assert process.returncode == 2, output
    assert "Stopped." in output
    assert api.identifiers() == []


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux says who listens")
def test_before_anything_is_loaded_it_is_told_as_later(mailing: MailingFolder, api: Api) -> None:
    process = start(mailing, "send", "--base-url", api.base_url, "--yes", "--json")
    wait_for(lambda: listens(process.pid), "a first moment")
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=30)
    assert process.returncode == 2
    told, words = output.splitlines()
    assert words == "Error: Stopped. Nothing was sent."
    assert json.loads(told)["command"] == "send"
    assert json.loads(told)["error"]["kind"] == "stopped"


def listens(pid: int) -> bool:
    [caught] = re.findall(
        r"^SigCgt:\s*(\w+)", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE
    )
    return bool(int(caught, 16) >> (signal.SIGTERM - 1) & 1)


def test_one_in_the_background_of_a_script_hears_it_too(mailing: MailingFolder, api: Api) -> None:
    mailing.write(*(row(number) for number in range(1, 301)))
    ignoring_interrupts = ("sh", "-c", 'trap "" INT; exec "$@"', "sh")
    process = start(
        mailing,
        *("send", "--base-url", api.base_url, "--yes", "--rate", "20"),
        by=ignoring_interrupts,
    )
    wait_for(api.identifiers, "the first letter")
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=30)
    assert process.returncode == 3, output
    assert "Stopped half-way." in output


def test_who_watches_is_told(mailing: MailingFolder) -> None:
    process = start(mailing, "preview", "--watch", "--rows", "2")
    assert process.stdout is not None
    while "letter written to" not in process.stdout.readline():
        assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=30)
    assert (process.returncode, output) == (0, "No longer watching.\n")


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

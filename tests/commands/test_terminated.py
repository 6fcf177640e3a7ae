"""SIGTERM and Ctrl-C: heard from the first moment, and what is said of them is true."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import polars as pl
import psutil
import pytest
from mailings import Api, MailingFolder, row
from programs import BATCHSEND
from waiting import output_of, until

from batchsend.ledger import Ledger

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")

FIRST_OF_ALL = ("unshare", "--pid", "--fork", "--kill-child", "--mount-proc")
"""As the first process of a container, to which the system passes no signal without a handler."""


HEARS_SIGHUP = pytest.mark.skipif(
    sys.platform != "win32" and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN,
    reason="the tests run under nohup",
)


def start(
    mailing: MailingFolder, *command: str, by: tuple[str, ...] = (), **environment: str
) -> subprocess.Popen[str]:
    name, *options = command
    return subprocess.Popen(
        [
            *by,
            *(*BATCHSEND, name, str(mailing.path), *options),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        env={**os.environ, **environment},
    )


only_linux_says_who_listens = pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="only Linux says who listens"
)


def read_until_gone(terminal: int) -> None:
    with contextlib.suppress(OSError):
        while os.read(terminal, 1024):
            pass


def standing(mailing: MailingFolder) -> dict[str, str]:
    with Ledger.open(mailing.folder / "ledger.sqlite") as ledger:
        [run] = ledger.runs()
        known = ledger.standing(run.facts.destination)
    return dict(known.select("identifier", pl.col("state").cast(pl.String)).iter_rows())


def listens(pid: int) -> bool:
    [caught] = re.findall(
        r"^SigCgt:\s*(\w+)", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE
    )
    return bool(int(caught, 16) >> (signal.SIGTERM - 1) & 1)


@pytest.mark.slow
@pytest.mark.skipif(
    not (hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("unshare")),
    reason="only root can make a process the first",
)
@only_linux_says_who_listens
def test_the_first_process_hears_it_before_anything_is_loaded(
    mailing: MailingFolder, api: Api
) -> None:
    mailing.check_without_end()
    process = start(mailing, "send", "--base-url", api.base_url, "--yes", by=FIRST_OF_ALL)
    [batchsend] = until(psutil.Process(process.pid).children, "the first process")
    until(lambda: listens(batchsend.pid), "a first moment")
    batchsend.send_signal(signal.SIGTERM)
    output = output_of(process)
    assert process.returncode == 2, output
    assert "Stopped." in output
    assert api.identifiers() == []


@pytest.mark.slow
@only_linux_says_who_listens
def test_before_anything_is_loaded_it_is_told_as_later(mailing: MailingFolder, api: Api) -> None:
    mailing.check_without_end()
    process = start(mailing, "send", "--base-url", api.base_url, "--yes", "--json")
    until(lambda: listens(process.pid), "a first moment")
    process.send_signal(signal.SIGTERM)
    output = output_of(process)
    assert process.returncode == 2
    told, words = output.splitlines()
    assert words == "Error: Stopped. Nothing was sent."
    assert json.loads(told)["command"] == "send"
    assert json.loads(told)["error"]["kind"] == "stopped"


@pytest.mark.slow
def test_one_in_the_background_of_a_script_hears_it_too(mailing: MailingFolder, api: Api) -> None:
    mailing.write(*(row(number) for number in range(1, 301)))
    ignoring_interrupts = ("sh", "-c", 'trap "" INT; exec "$@"', "sh")
    process = start(
        mailing,
        *("send", "--base-url", api.base_url, "--yes", "--rate", "1"),
        by=ignoring_interrupts,
    )
    until(api.identifiers, "the first letter")
    process.send_signal(signal.SIGTERM)
    output = output_of(process)
    assert process.returncode == 3, output
    assert "Stopped half-way." in output


@pytest.mark.slow
@HEARS_SIGHUP
def test_a_terminal_that_is_closed_ends_it_in_order(mailing: MailingFolder, api: Api) -> None:
    """SIGHUP, and then nobody to print to."""
    import pty  # noqa: PLC0415 - Windows has none

    mailing.write(*(row(number) for number in range(1, 301)))
    command = [*BATCHSEND, "send", str(mailing.path)]
    options = ["--base-url", api.base_url, "--yes", "--rate", "20"]
    process, terminal = pty.fork()
    if process == 0:
        os.execv(sys.executable, [*command, *options])
    reading = threading.Thread(target=read_until_gone, args=(terminal,), daemon=True)
    reading.start()
    until(api.identifiers, "the first letter")
    os.kill(process, signal.SIGSTOP)  # it sees the signal only when nobody reads any more
    os.close(terminal)
    os.kill(process, signal.SIGCONT)
    os.kill(process, signal.SIGHUP)
    _, ended = os.waitpid(process, 0)
    assert os.waitstatus_to_exitcode(ended) == 3
    taken = set(api.identifiers())
    assert 1 <= len(taken) < 300
    assert {
        identifier for identifier, state in standing(mailing).items() if state == "accepted"
    } == taken
    assert "unknown" not in standing(mailing).values()
    assert "sending" not in standing(mailing).values()
    assert mailing.statuses(), "the report is written"


@pytest.mark.slow
@HEARS_SIGHUP
def test_that_a_terminal_was_closed_is_said_twice_and_heard_once(
    mailing: MailingFolder, api: Api
) -> None:
    """By the shell and by the system: letters under way end, as after one signal."""
    mailing.write(*(row(number) for number in range(1, 301)))
    process = start(mailing, "send", "--base-url", api.base_url, "--yes", "--rate", "20")
    until(api.identifiers, "the first letter")
    process.send_signal(signal.SIGHUP)
    while process.poll() is None:
        process.send_signal(signal.SIGHUP)
    output_of(process)
    assert process.returncode == 3
    assert set(standing(mailing).values()) <= {"accepted", "pending"}


@HEARS_SIGHUP
@pytest.mark.slow
@pytest.mark.parametrize("ignored", [False, True])
def test_sighup_ends_it_unless_it_was_ignored_from_the_start(
    mailing: MailingFolder, api: Api, ignored: bool
) -> None:
    letters = 40 if ignored else 300  # as many as are not gone before the signal comes
    mailing.write(*(row(number) for number in range(1, letters + 1)))
    nohup = ("sh", "-c", 'trap "" HUP; exec "$@"', "sh") if ignored else ()
    process = start(
        mailing, *("send", "--base-url", api.base_url, "--yes", "--rate", "20"), by=nohup
    )
    until(api.identifiers, "the first letter")
    process.send_signal(signal.SIGHUP)
    output = output_of(process)
    assert process.returncode == (0 if ignored else 3), output
    assert ("Stopped half-way." in output) == (not ignored)
    assert (len(api.identifiers()) == letters) == ignored


@pytest.mark.slow
def test_who_watches_is_told(mailing: MailingFolder) -> None:
    process = start(mailing, "preview", "--watch", "--rows", "2")
    assert process.stdout is not None
    while "letter written to" not in process.stdout.readline():
        assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    output = output_of(process)
    assert (process.returncode, output) == (0, "No longer watching.\n")


@pytest.mark.slow
def test_check_ends_in_words(mailing: MailingFolder, tmp_path: Path) -> None:
    mailing.check_without_end()
    workplace = tmp_path / "workplace"
    workplace.mkdir()
    process = start(mailing, "check", TMPDIR=str(workplace))
    until(lambda: [*workplace.rglob("snapshot")], "a check that has come to the rows")
    process.send_signal(signal.SIGTERM)
    output = output_of(process)
    assert (process.returncode, output) == (2, "Error: Stopped.\n")


def test_an_interrupted_report_of_a_stopped_run_leaves_it_stopped(
    mailing: MailingFolder, api: Api, nobody: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailing.edit("rate = 500", "rate = 500\nconcurrency = 1\nstop_after = 1\nmax_wait = 0.3")
    monkeypatch.setattr("batchsend.operations.send.write_receipt", interrupt)
    result = mailing.run("send", "--base-url", nobody, "--yes")
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
    assert "The ledger knows how each letter stands" in result.output
    assert "Nothing was sent" not in result.output


def interrupt(*_: object, **_named: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.slow
@pytest.mark.parametrize("pause", [0, 0.001, 0.01, 0.05])
def test_two_at_once_end_it_in_words(mailing: MailingFolder, api: Api, pause: float) -> None:
    mailing.write(*(row(number) for number in range(1, 301)))
    process = start(mailing, "send", "--base-url", api.base_url, "--yes", "--rate", "20")
    until(api.identifiers, "the first letter")
    process.send_signal(signal.SIGINT)
    time.sleep(pause)  # however far the first has come
    process.send_signal(signal.SIGINT)
    output = output_of(process)
    assert process.returncode == 3, output
    assert "Traceback" not in output
    assert set(api.identifiers()) <= set(standing(mailing))

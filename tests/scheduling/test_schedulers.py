"""The files of docs/scheduling: what reads them finds nothing wrong with them."""

from __future__ import annotations

import json
import os
import re
import runpy
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import types
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from mailings import Api, MailingFolder, row
from reliability.trial import Api as Trial
from reliability.trial import wait_for

from batchsend.commands import main

FILES = Path(__file__).parent.parent.parent / "docs" / "scheduling"
PROGRAM = "/opt/batchsend/bin/batchsend"
INSTALLED = Path(sys.executable).with_name("batchsend")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd here")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    for name in ("rent-notice.service", "rent-notice.timer"):
        text = (FILES / name).read_text("utf-8")
        # It wants the program to be there.
        (tmp_path / name).write_text(text.replace(PROGRAM, "/bin/true"))
    verified = subprocess.run(
        ["systemd-analyze", "verify", *map(str, sorted(tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (verified.returncode, verified.stdout + verified.stderr) == (0, "")


def test_the_units_command_is_one(
    mailing: MailingFolder, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = (FILES / "rent-notice.service").read_text("utf-8")
    [command] = re.findall(r"^ExecStart=(.+)$", unit, re.MULTILINE)
    program, *arguments = shlex.split(command)
    assert program == PROGRAM
    monkeypatch.chdir(mailing.folder)
    monkeypatch.setenv("BATCHSEND_BASE_URL", api.base_url)
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0
    assert json.loads(result.stdout)["by_status"] == {"accepted": 6}


@pytest.mark.skipif(not shutil.which("flock"), reason="there is no flock here")
class TestCron:
    def run(self, mailing: MailingFolder, base_url: str) -> subprocess.CompletedProcess[str]:
        """Its line, as cron runs it: what is printed is mailed."""
        line = (FILES / "crontab").read_text("utf-8").splitlines()[-1].split(maxsplit=5)[-1]
        here = {"/srv/mailings/rent-notice": str(mailing.folder), PROGRAM: str(INSTALLED)}
        for there, place in here.items():
            assert there in line
            line = line.replace(there, shlex.quote(place))
        return subprocess.run(
            ["sh", "-c", line],
            env={**os.environ, "BATCHSEND_BASE_URL": base_url},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    def test_it_sends_and_says_nothing(self, mailing: MailingFolder, api: Api) -> None:
        for _ in range(2):
            assert self.run(mailing, api.base_url).stdout == ""
        assert len(api.identifiers()) == 6
        assert set(mailing.statuses().values()) == {"accepted"}

    def test_what_needs_somebody_is_mailed(self, mailing: MailingFolder, api: Api) -> None:
        away = self.run(mailing, "http://127.0.0.1:9")
        assert away.returncode == 2
        assert "Nothing was sent." in away.stdout
        mailing.write(row(1), row(2, postnr="150"))
        wrong = self.run(mailing, api.base_url)
        assert wrong.returncode == 1
        assert "Row 3, invalid: Postnr" in wrong.stdout

    def test_it_does_not_overlap(self, mailing: MailingFolder, api: Api) -> None:
        lock = mailing.folder / "send.lock"
        taken = ["flock", "--nonblock", str(lock), "true"]
        with subprocess.Popen(["flock", "--no-fork", str(lock), "sleep", "60"]) as holder:
            wait_for(lambda: subprocess.run(taken, check=False).returncode, "the lock")
            ran = self.run(mailing, api.base_url)
            holder.terminate()
        assert (ran.returncode, ran.stdout) == (0, "")
        assert api.identifiers() == []


class _FailedError(Exception):
    """Airflow's: it may be tried again."""


class _FailedForGoodError(Exception):
    """Airflow's: it is not."""


@pytest.fixture
def airflow_task(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path, Path], Any]:
    """The task's function, with as much of Airflow around it as it sees."""
    tasks: list[Callable[[], Any]] = []

    def task(**_: Any) -> Any:
        return lambda function: tasks.append(function) or (lambda: None)

    sdk, exceptions = types.ModuleType("airflow.sdk"), types.ModuleType("airflow.exceptions")
    sdk.dag, sdk.task = lambda **_: lambda function: function, task
    exceptions.AirflowException, exceptions.AirflowFailException = _FailedError, _FailedForGoodError
    monkeypatch.setitem(sys.modules, "airflow", types.ModuleType("airflow"))
    monkeypatch.setitem(sys.modules, "airflow.sdk", sdk)
    monkeypatch.setitem(sys.modules, "airflow.exceptions", exceptions)

    def run(program: Path, mailing: Path) -> Any:
        monkeypatch.setenv("BATCHSEND", str(program))
        monkeypatch.setenv("MAILING", str(mailing))
        runpy.run_path(str(FILES / "airflow_dag.py"))
        return tasks[-1]()

    return run


def test_airflow_sends_and_tells(
    mailing: MailingFolder,
    api: Api,
    monkeypatch: pytest.MonkeyPatch,
    airflow_task: Callable[[Path, Path], Any],
) -> None:
    monkeypatch.setenv("BATCHSEND_BASE_URL", api.base_url)
    assert airflow_task(INSTALLED, mailing.path) == {"accepted": 6}


class _TerminatedError(BaseException):
    """Airflow's, raised in a task that is to end."""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_airflow_stops_it_and_does_not_kill_it(
    mailing: MailingFolder,
    api: Api,
    monkeypatch: pytest.MonkeyPatch,
    airflow_task: Callable[[Path, Path], Any],
) -> None:
    Trial(api.base_url).misbehave(rates={"slow": 1}, delay=1)
    mailing.write(*(row(number) for number in range(1, 201)))
    mailing.edit("rate = 500", "rate = 10")
    monkeypatch.setenv("BATCHSEND_BASE_URL", api.base_url)

    def end(*_: object) -> None:
        raise _TerminatedError

    def end_it_later() -> None:
        wait_for(lambda: len(api.identifiers()) > 8, "letters")
        os.kill(os.getpid(), signal.SIGUSR1)

    before = signal.signal(signal.SIGUSR1, end)
    ender = threading.Thread(target=end_it_later)
    ender.start()
    try:
        with pytest.raises(_TerminatedError):
            airflow_task(INSTALLED, mailing.path)
    finally:
        ender.join()
        signal.signal(signal.SIGUSR1, before)
    statuses = Counter(mailing.statuses().values())
    assert statuses == {
        "accepted": len(api.identifiers()),
        "pending": 200 - len(api.identifiers()),
    }


STOPPED = {"by_status": {"pending": 6}, "stopped": True, "stopped_because": "The API is away."}


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a script of the shell")
@pytest.mark.parametrize(
    ("status", "told", "raised", "why"),
    [
        (3, STOPPED, _FailedError, "The API is away."),
        (2, STOPPED, _FailedError, "The API is away."),
        (2, {"error": {"kind": "stopped", "message": "Stopped."}}, _FailedError, "Stopped."),
        (2, {"error": {"kind": "ledgergone", "message": "Away."}}, _FailedError, "Away."),
        (2, {"error": {"kind": "ledger", "message": "In use."}}, _FailedError, "In use."),
        (3, {"error": {"kind": "halfway", "message": "Half."}}, _FailedError, "Half."),
        (2, None, _FailedError, "It was stopped half-way."),
        (2, {"error": {"kind": "list", "message": "No."}}, _FailedForGoodError, "No."),
        (137, None, _FailedError, "It was stopped half-way."),
    ],
)
def test_airflow_tries_again_what_may_go_on(  # noqa: PLR0917 - a table
    tmp_path: Path,
    airflow_task: Callable[[Path, Path], Any],
    status: int,
    told: dict[str, Any] | None,
    raised: type[Exception],
    why: str,
) -> None:
    program = tmp_path / "batchsend"
    text = shlex.quote(json.dumps(told)) if told else ""
    program.write_text(f"#!/bin/sh\n{f'echo {text}' if text else ''}\nexit {status}\n")
    program.chmod(0o700)
    with pytest.raises(raised, match=why):
        airflow_task(program, tmp_path)


@pytest.mark.parametrize(
    "name", ["crontab", "rent-notice.service", "rent-notice.timer", "airflow_dag.py"]
)
def test_the_page_shows_the_files(name: str) -> None:
    page = (FILES.parent / "scheduling.md").read_text("utf-8")
    assert (FILES / name).read_text("utf-8") in page

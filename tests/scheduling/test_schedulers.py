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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar
from unittest.mock import patch

import pytest
from click.testing import CliRunner
from mailings import Api, MailingFolder, row
from reliability.harness import Api as Trial
from waiting import until

from batchsend.commands import main
from batchsend.ledger import Ledger

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

    @pytest.mark.slow
    def test_it_sends_and_says_nothing(self, mailing: MailingFolder, api: Api) -> None:
        for _ in range(2):
            assert self.run(mailing, api.base_url).stdout == ""
        assert len(api.identifiers()) == 6
        assert set(mailing.statuses().values()) == {"accepted"}

    @pytest.mark.slow
    def test_what_needs_somebody_is_mailed(
        self, mailing: MailingFolder, api: Api, nobody: str
    ) -> None:
        mailing.edit("rate = 500", "rate = 500\nmax_wait = 0.3")
        away = self.run(mailing, nobody)
        assert away.returncode == 2
        assert "Nothing was sent." in away.stdout
        mailing.write(row(1), row(2, postnr="150"))
        wrong = self.run(mailing, api.base_url)
        assert wrong.returncode == 1
        assert "Row 3, invalid: Postnr" in wrong.stdout

    def test_it_does_not_overlap(self, mailing: MailingFolder, api: Api) -> None:
        lock = mailing.folder / "send.lock"
        taken = ["flock", "--nonblock", str(lock), "true"]
        with subprocess.Popen(
            ["flock", "--no-fork", str(lock), "cat"], stdin=subprocess.PIPE
        ) as holder:
            until(lambda: subprocess.run(taken, check=False).returncode, "the lock")
            ran = self.run(mailing, api.base_url)
            holder.terminate()
        assert (ran.returncode, ran.stdout) == (0, "")
        assert api.identifiers() == []


class _FailedError(Exception):
    """Airflow's: it may be tried again."""


class _FailedForGoodError(Exception):
    """Airflow's: it is not."""


class _TimeoutError(BaseException):
    """Airflow's, raised in a task that takes too long."""


class _Operator:
    """As much of Airflow's as a task sees."""

    made: ClassVar[list[Any]] = []

    def __init__(self, **_: Any) -> None:
        self.made.append(self)


Task = Callable[[Path, Path], Any]


@pytest.fixture
def airflow_task(monkeypatch: pytest.MonkeyPatch) -> Task:
    """The task for a program and a mailing, with as much of Airflow around it as it sees."""
    sdk: Any = types.ModuleType("airflow.sdk")
    exceptions: Any = types.ModuleType("airflow.exceptions")
    settings: list[dict[str, Any]] = []
    sdk.dag = lambda **chosen: settings.append(chosen) or (lambda function: function)
    sdk.BaseOperator = _Operator
    exceptions.AirflowException, exceptions.AirflowFailException = _FailedError, _FailedForGoodError
    monkeypatch.setitem(sys.modules, "airflow", types.ModuleType("airflow"))
    monkeypatch.setitem(sys.modules, "airflow.sdk", sdk)
    monkeypatch.setitem(sys.modules, "airflow.exceptions", exceptions)

    def made(program: Path, mailing: Path) -> Any:
        monkeypatch.setenv("BATCHSEND", str(program))
        monkeypatch.setenv("MAILING", str(mailing))
        runpy.run_path(str(FILES / "airflow_dag.py"))
        assert settings[-1]["max_active_runs"] == 1
        return _Operator.made.pop()

    return made


@pytest.mark.slow
def test_airflow_sends_and_tells(
    mailing: MailingFolder, api: Api, monkeypatch: pytest.MonkeyPatch, airflow_task: Task
) -> None:
    monkeypatch.setenv("BATCHSEND_BASE_URL", api.base_url)
    assert airflow_task(INSTALLED, mailing.path).execute(context={}) == {"accepted": 6}


@contextmanager
def _as_soon_as(happened: Callable[[], object], then: Callable[[], object]) -> Iterator[None]:
    """Do something while a task runs."""

    def watch() -> None:
        until(happened, "what is waited for")
        then()

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        yield
    finally:
        watching.join()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
class TestAirflowStopsIt:
    @pytest.fixture
    def long(
        self,
        mailing: MailingFolder,
        api: Api,
        monkeypatch: pytest.MonkeyPatch,
        airflow_task: Task,
    ) -> Any:
        """A task that would take a while, with letters under way at any time."""
        Trial(api.base_url).misbehave(rates={"slow": 1}, delay=1)
        mailing.write(*(row(number) for number in range(1, 201)))
        mailing.edit("rate = 500", "rate = 4")
        monkeypatch.setenv("BATCHSEND_BASE_URL", api.base_url)
        return airflow_task(INSTALLED, mailing.path)

    @pytest.fixture(autouse=True)
    def _letters_under_way_end(self, mailing: MailingFolder, api: Api, long: Any) -> Iterator[None]:
        yield
        taken = len(api.identifiers())
        assert Counter(mailing.statuses().values()) == {"accepted": taken, "pending": 200 - taken}

    @pytest.mark.slow
    def test_after_too_long_a_time(self, api: Api, long: Any) -> None:
        def end(*_: object) -> None:
            raise _TimeoutError

        before = signal.signal(signal.SIGUSR1, end)
        try:
            with (
                _as_soon_as(
                    lambda: len(api.identifiers()) > 4,
                    lambda: os.kill(os.getpid(), signal.SIGUSR1),
                ),
                pytest.raises(_TimeoutError),
            ):
                long.execute(context={})
        finally:
            signal.signal(signal.SIGUSR1, before)

    @pytest.mark.slow
    def test_when_somebody_ends_the_task(self, api: Api, long: Any) -> None:
        def end() -> None:
            sender = long.sender
            with patch.object(sender, "send_signal", wraps=sender.send_signal) as told:
                long.on_kill()
                long.on_kill()
            assert told.call_count == 1, "a second signal would hurry it"

        with (
            _as_soon_as(lambda: len(api.identifiers()) > 4, end),
            pytest.raises(_FailedError, match=r"It was stopped\."),
        ):
            long.execute(context={})


class TestAirflowTriesAgain:
    """What ends without letters, and may pass; here it is brought about."""

    @pytest.mark.slow
    @pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
    def test_a_run_stopped_before_its_first_letter(
        self,
        mailing: MailingFolder,
        api: Api,
        monkeypatch: pytest.MonkeyPatch,
        airflow_task: Task,
    ) -> None:
        mailing.check_without_end()
        monkeypatch.setenv("BATCHSEND_BASE_URL", api.base_url)
        task = airflow_task(INSTALLED, mailing.path)
        checked_lists = mailing.folder / "ledger.snapshots"
        with (
            _as_soon_as(lambda: [*checked_lists.glob("*")], task.on_kill),
            pytest.raises(_FailedError, match=r"Stopped\. Nothing was sent\."),
        ):
            task.execute(context={})
        assert api.identifiers() == []

    @pytest.mark.slow
    def test_a_ledger_that_is_in_use(
        self,
        mailing: MailingFolder,
        nobody: str,
        monkeypatch: pytest.MonkeyPatch,
        airflow_task: Task,
    ) -> None:
        monkeypatch.setenv("BATCHSEND_BASE_URL", nobody)
        task = airflow_task(INSTALLED, mailing.path)
        with (
            Ledger.open(mailing.folder / "ledger.sqlite") as ledger,
            ledger.settling(),
            pytest.raises(_FailedError, match="in use by another run"),
        ):
            task.execute(context={})

    def test_a_ledger_that_is_away(
        self,
        mailing: MailingFolder,
        nobody: str,
        monkeypatch: pytest.MonkeyPatch,
        airflow_task: Task,
    ) -> None:
        monkeypatch.setenv("BATCHSEND_BASE_URL", nobody)
        mailing.keep_ledger_at(
            nobody.replace("http://", "postgresql+psycopg://batchsend@") + "/ledger"
        )
        with pytest.raises(_FailedError, match="does not answer"):
            airflow_task(INSTALLED, mailing.path).execute(context={})


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
        (2, None, _FailedError, "It was stopped."),
        (2, {"error": {"kind": "list", "message": "No."}}, _FailedForGoodError, "No."),
        (137, None, _FailedError, "It was stopped."),
    ],
)
def test_airflow_tries_again_what_may_go_on(  # noqa: PLR0917 - a table
    tmp_path: Path,
    airflow_task: Task,
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
        airflow_task(program, tmp_path).execute(context={})


@pytest.mark.parametrize(
    "name", ["crontab", "rent-notice.service", "rent-notice.timer", "airflow_dag.py"]
)
def test_the_page_shows_the_files(name: str) -> None:
    page = (FILES.parent / "scheduling.md").read_text("utf-8")
    assert (FILES / name).read_text("utf-8") in page

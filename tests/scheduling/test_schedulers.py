"""The files of docs/scheduling: what reads them finds nothing wrong with them."""

from __future__ import annotations

import json
import re
import runpy
import shlex
import shutil
import subprocess
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from mailings import Api, MailingFolder

from batchsend.commands import main

FILES = Path(__file__).parent.parent.parent / "docs" / "scheduling"
PROGRAM = "/opt/batchsend/bin/batchsend"


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


@pytest.mark.parametrize(
    ("name", "pattern"),
    [("rent-notice.service", r"^ExecStart=(.+)$"), ("crontab", r"&& (/opt.+?) >")],
)
def test_the_command_is_one(
    mailing: MailingFolder,
    api: Api,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    pattern: str,
) -> None:
    [command] = re.findall(pattern, (FILES / name).read_text("utf-8"), re.MULTILINE)
    program, *arguments = shlex.split(command)
    assert program == PROGRAM
    monkeypatch.chdir(mailing.folder)
    monkeypatch.setenv("BATCHSEND_BASE_URL", api.base_url)
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0
    assert json.loads(result.stdout)["by_status"] == {"accepted": 6}


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
    program = Path(sys.executable).with_name("batchsend")
    assert airflow_task(program, mailing.path) == {"accepted": 6}


STOPPED = {"by_status": {"pending": 6}, "stopped": True, "stopped_because": "The API is away."}


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a script of the shell")
@pytest.mark.parametrize(
    ("status", "told", "raised", "why"),
    [
        (3, STOPPED, _FailedError, "The API is away."),
        (2, STOPPED, _FailedError, "The API is away."),
        (3, {"error": {"kind": "stopped", "message": "Stopped."}}, _FailedError, "Stopped."),
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

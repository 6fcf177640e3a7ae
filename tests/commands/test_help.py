"""Help, and how little is loaded before a command runs."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import click
import pytest
from click.testing import CliRunner

from batchsend.commands import main
from batchsend.commands.invoking.program import COMMANDS

NAMES = [name for commands in COMMANDS.values() for name in commands]
HEAVY = {"polars", "pydantic", "jinja2", "rich", "sqlalchemy", "aiohttp", "httpx", "plutoprint"}


def _loaded(code: str, *args: str) -> set[str]:
    """The top-level packages, and batchsend's modules, that a new process has loaded at its end."""
    script = (
        f"import sys, atexit\natexit.register(lambda: print(*sys.modules, file=sys.stderr))\n{code}"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *args], capture_output=True, text=True, check=False
    )
    return set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["help"], ["sned"]])
def test_what_runs_no_command_loads_none(words: list[str]) -> None:
    loaded = _loaded("from batchsend.__main__ import run; run()", *words)
    assert not loaded.intersection(HEAVY)
    assert not loaded.intersection(f"batchsend.commands.{name}" for name in NAMES if name != "help")


def test_completing_a_command_loads_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_BATCHSEND_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "batchsend se")
    monkeypatch.setenv("COMP_CWORD", "1")
    loaded = _loaded("from batchsend.__main__ import run; run()")
    assert not loaded.intersection(HEAVY)


def test_a_mailing_is_loaded_without_servers_clusters_and_databases() -> None:
    loaded = _loaded("from batchsend import Mailing")
    assert not loaded.intersection(
        {"uvicorn", "aiohttp", "distributed", "psycopg", "sqlalchemy", "plutoprint", "pygal"}
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_list_of_commands_says_what_each_says_itself(name: str) -> None:
    module = name.replace("-", "_")
    command = getattr(import_module(f"batchsend.commands.{module}"), module)
    assert isinstance(command, click.Command)
    said = {each: text for commands in COMMANDS.values() for each, text in commands.items()}
    assert (command.help or "").startswith(said[name])


def test_help_is_whole_and_in_the_order_of_the_work() -> None:
    said = CliRunner().invoke(main, ["--help"], terminal_width=80).output
    assert "…" not in said
    assert "..." not in said.partition("Options:")[2]
    places = [said.index(f"\n  {name} ") for name in NAMES]
    assert places == sorted(places)


@pytest.mark.parametrize("name", ["send", "init", "settle"])
def test_help_knows_every_command(name: str) -> None:
    asked = CliRunner().invoke(main, ["help", name], prog_name="batchsend")
    assert asked.output == CliRunner().invoke(main, [name, "--help"], prog_name="batchsend").output


def test_a_misspelt_command_is_named() -> None:
    result = CliRunner().invoke(main, ["help", "sned"])
    assert result.exit_code == 2
    assert "send" in result.output

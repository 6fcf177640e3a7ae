"""The README says what is true: its Python runs, it knows the commands and the report."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from batchsend.commands import main
from batchsend.reports import STATUSES, SYSTEM_COLUMNS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
REFERENCE = (ROOT / "docs/reference.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_python_in_it_runs(tmp_path: Path) -> None:
    for folder in ("example_data", "templates"):
        shutil.copytree(
            ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("ledger*", "report*")
        )
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    (tmp_path / "script.py").write_text(code, encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert "0 rows held back" in run.stdout
    assert "{'accepted': " in run.stdout


def test_every_command_is_named_at_a_glance() -> None:
    for name in main.list_commands(click.Context(main)):
        assert f"`{name}" in REFERENCE, name


def test_every_column_and_status_of_the_report_is_named_at_a_glance() -> None:
    for column in SYSTEM_COLUMNS:
        assert f"`{column}`" in REFERENCE, column
    for status in STATUSES:
        assert f"| {status} |" in REFERENCE, status

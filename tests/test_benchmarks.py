"""The benchmarks run through, in small: whoever wants a figure gets one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("end_to_end.py --letters 40 --rounds 2", "batchsend send"),
        ("second_run.py --letters 400 --left 5", "to the first request, from the process start"),
        ("submission.py --letters 40 --connections 4", "batchsend submit"),
        ("pacing.py --rates 50 --seconds 1", "50/s"),
        ("workbooks.py 400", "batchsend"),
        ("pages.py --rows 400 --mailings 30", "the start page of a desk"),
        ("ledger.py --letters 40 --entries 400", "SQLite"),
    ],
)
def test_a_benchmark_runs_through(command: str, said: str, tmp_path: Path) -> None:
    if command.startswith("end_to_end"):
        pytest.importorskip("requests")
        pytest.importorskip("weasyprint")
    if command.startswith("pages") and not any(map(shutil.which, ("chromium", "google-chrome"))):
        pytest.skip("no Chromium")
    script, *options = command.split()
    ran = subprocess.run(
        [sys.executable, str(BENCHMARKS / script), *options],
        env={**os.environ, "BATCHSEND_DATA": str(tmp_path / "data")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert said in ran.stdout

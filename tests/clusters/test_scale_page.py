"""docs/scale.md has the tables that its script prints."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def test_the_tables_are_those_of_the_script() -> None:
    script = ROOT / "benchmarks" / "ten_million.py"
    printed = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    page = (ROOT / "docs" / "scale.md").read_text("utf-8")
    rate, whole = printed.stdout.strip().split("\n\n")
    assert rate in page
    assert whole in page

"""A type checker finds every wrong use of batchsend, and no fault in right use."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

USE = Path(__file__).with_name("typed_api.py")


@pytest.mark.slow
def test_the_installed_package_is_typed(tmp_path: Path) -> None:
    pytest.importorskip("mypy", reason="mypy is not installed (dependency group lint)")
    shutil.copy(USE, tmp_path / "use.py")
    settings = ["--strict", "--python-executable", sys.executable, "--cache-dir", "cache"]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *settings, "use.py"],
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if "MYPY" not in name},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr

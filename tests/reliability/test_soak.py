"""The short form of benchmarks/soak.py: a thousand letters, one request in ten meets a fault."""

from __future__ import annotations

import runpy
import shutil
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.alone]

SOAK = Path(__file__).parents[2] / "benchmarks" / "soak.py"


@pytest.mark.skipif(shutil.which("ps") is None, reason="memory is read from POSIX's ps")
def test_a_thousand_letters_add_up_in_flat_memory() -> None:
    soaked = runpy.run_path(str(SOAK))["soak"](1000, 0.1, 5000)
    assert sum(soaked.first.values()) == sum(soaked.last.values()) == 1000
    assert soaked.faults > 50
    assert soaked.last["accepted"] > 900
    assert soaked.memory.seen[-1][0] >= 900, "memory was read to the end"
    assert soaked.memory.growth < 60  # megabytes

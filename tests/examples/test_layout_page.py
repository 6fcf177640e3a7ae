"""What docs/layout.md tells authors to copy is what the letters that ship have, word for word."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "layout.md").read_text(encoding="utf-8")
SHIPPED = {
    line.strip()
    for path in (ROOT / "templates").rglob("*.*")
    if path.suffix in {".html", ".css"}
    for line in path.read_text(encoding="utf-8").splitlines()
}


@pytest.mark.parametrize("block", re.findall(r"^```(?:css|html)\n(.*?)^```$", PAGE, re.M | re.S))
def test_a_letter_that_ships_has_it(block: str) -> None:
    assert [line for line in block.splitlines() if line.strip() not in SHIPPED] == []

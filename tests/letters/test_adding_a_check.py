"""A check is a file and a line, as CONTRIBUTING.md says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from letters.conftest import GOOD

from batchsend.letters.basis import Basis, Check
from batchsend.letters.checks import CHECKS, judge
from batchsend.letters.problems import Problems


def no_shouting(basis: Basis) -> Check:
    """As somebody new would write it."""
    name, mapping = "Invoicee.Name", basis.mapping

    def check(letters: pl.DataFrame, members: pl.DataFrame, problems: Problems) -> None:
        assert letters["row"].is_in(members["row"].implode()).all()
        shouted = mapping.text(name).str.ends_with("!")
        problems.tell(letters, shouted, "It ends with “!”.", column=mapping.headings(name))

    return check


def test_an_added_check_holds_its_row(
    check: Any, told: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [("1001", "Kari Nordmann!", *GOOD[2:]), ("1002", "Ola Nordmann", *GOOD[2:])]
    before = check(rows)
    monkeypatch.setattr(judge, "CHECKS", (*CHECKS, no_shouting))
    after = check(rows)
    assert (before.letters, after.letters) == (2, 1)
    assert (2, "Navn", "error") in told(after)


def test_contributing_says_where() -> None:
    page = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for place in ("letters/checks/judge.py", "letters/basis.py"):
        assert place in page
        assert (Path(judge.__file__).parents[3] / "batchsend" / place).exists()

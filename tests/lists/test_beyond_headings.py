"""Rows that reach beyond the last heading, in a list whose lines all end with separators."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from batchsend.lists import ListSettings, read_list

HEADINGS = ("Navn", "Adresse", "Poststed", "Beløp", "", "")
USUAL = [(f"Kari {n}", f"Storgata {n}", "Oslo", "100,50", "", "") for n in range(20)]
SHIFTED = ("Ola", "Storgata 1", "Oslo", "1234", "50", "")


def _warned(folder: Path, kind: str, rows: Sequence[Sequence[str]]) -> list[int]:
    path = folder / f"list.{kind}"
    if kind == "csv":
        lines = (";".join(row) for row in (HEADINGS, *rows))
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    else:
        book = openpyxl.Workbook()
        for row in (HEADINGS, *rows):
            book.active.append([cell or None for cell in row])
        book.save(path)
    found = read_list(ListSettings(path=path), folder=Path(), workspace=folder)
    told = found.problems.filter(severity="warning")
    assert all("beyond the last heading" in message for message in told["message"])
    return told["row"].to_list()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_shifted_row_is_warned_of(tmp_path: Path, kind: str) -> None:
    assert _warned(tmp_path, kind, [*USUAL[:7], SHIFTED, *USUAL[7:]]) == [9]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_column_whose_heading_is_missing_is_none(tmp_path: Path, kind: str) -> None:
    assert _warned(tmp_path, kind, [*USUAL, *[SHIFTED] * 4]) == []
    assert _warned(tmp_path, kind, [SHIFTED]) == []
    assert _warned(tmp_path, kind, USUAL) == []

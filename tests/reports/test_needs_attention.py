"""The needs-attention workbook: the right rows, every cell as it was, and the faults in sight."""

from __future__ import annotations

import stat
import sys
import zipfile
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reports.lists import List, listed, standing
from thoroughness import examples

from batchsend.errors import ReportError
from batchsend.lists import PROBLEMS
from batchsend.lists.workbooks.xlsx import XlsxBook
from batchsend.reports import (
    NeedsAttention,
    is_untouched,
    needs_attention,
    rows_report,
    write_problems,
)

HELD = {"held": True, "reasons": "Postnr: Wrong."}
NOBODY = standing()

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such thing")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "needs-attention.xlsx"


def at_fault(*cells: tuple[int, str]) -> pl.DataFrame:
    return pl.DataFrame(cells, schema={"row": pl.UInt32, "column": pl.String}, orient="row")


def attention(
    rows: List, known: pl.DataFrame = NOBODY, told: pl.DataFrame | None = None
) -> NeedsAttention:
    report = rows_report(rows, known, complete=True)
    return needs_attention(rows, report, at_fault() if told is None else told)


def sheet_of(path: Path) -> Any:
    return openpyxl.load_workbook(path).active


def cells_of(path: Path) -> list[tuple[Any, ...]]:
    return [tuple(cell or "" for cell in row) for row in sheet_of(path).values]


class TestRows:
    def test_those_kept_back_refused_or_not_rendered_are_in_it(self, path: Path) -> None:
        rows = listed(*({"c0": name} for name in "abcdefg"), {"c0": "h", **HELD})
        known = standing(
            letter_2="accepted",
            letter_3={"state": "rejected", "reason": "No such channel."},
            letter_4={"state": "invalid", "reason": "The image logo.png is missing."},
            letter_5="failed",
            letter_6="unknown",
            letter_7={"state": "accepted", "content": "another"},
        )
        found = attention(rows, known)
        found.write(path)
        assert found.rows == 3
        assert cells_of(path) == [
            ("What is wrong (batchsend)", "Row in the list (batchsend)", "Navn"),
            ("The letter API refused it: No such channel.", 3, "b"),
            ("The image logo.png is missing.", 4, "c"),
            ("Postnr: Wrong.", 9, "h"),
        ]

    def test_whoever_has_another_letter_already_is_not_in_it(self) -> None:
        rows = listed({"c0": "a"}, {"c0": "b"}, {"c0": "c", **HELD})
        known = standing(
            letter_2={"state": "accepted", "content": "another"},
            letter_3={"state": "unknown", "content": "another"},
            letter_4={"state": "accepted", "content": "another"},
        )
        assert attention(rows, known).frame.collect()["c0"].to_list() == ["c"]

    def test_national_ids_are_whole_so_that_they_can_be_corrected(self, path: Path) -> None:
        ids = frozenset({"c0"})
        rows = listed({"c0": "12817549460", **HELD}, headings=["Fnr"], sensitive=ids)
        attention(rows).write(path)
        assert cells_of(path)[1][2] == "12817549460"

    def test_rows_beyond_what_a_sheet_holds_are_left_for_later(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sys.modules[NeedsAttention.__module__], "MOST_WRITTEN", 2)
        found = attention(listed(*({"c0": name, **HELD} for name in "abc")))
        found.write(path)
        assert found.rows == 3
        assert [cells[2] for cells in cells_of(path)] == ["Navn", "a", "b"]

    @pytest.mark.slow
    def test_more_columns_than_a_sheet_has_are_refused_in_words(self, path: Path) -> None:
        rows = listed(headings=[str(number) for number in range(16_384)])
        with pytest.raises(ReportError, match="more columns than a workbook can hold"):
            attention(rows).write(path)


CELLS = [
    "0150",
    "=1+1",
    "+47 400 00 000",
    "@SUM(A1)",
    "01.02.2026",
    "1 234,50",
    "https://example.com",
    " Åse Ærø  ",
    "Storgata 1\nOppgang B",
    "_x0041_",
    "<r>fet</r>",
    "a&b <c> \"d\" 'e'",
    "tab\there",
    "bell\x07",
    "1e5",
    "TRUE",
    "😀",
    "#N/A",
]


class TestCells:
    def test_each_comes_back_as_it_was(self, path: Path) -> None:
        attention(listed(*({"c0": cell, **HELD} for cell in CELLS))).write(path)
        assert read_back(path) == CELLS

    def test_all_are_text_and_nothing_runs(self, path: Path) -> None:
        attention(listed(*({"c0": cell, **HELD} for cell in CELLS))).write(path)
        for row in sheet_of(path).iter_rows(min_row=2, min_col=3):
            assert {cell.data_type for cell in row} <= {"s", "inlineStr"}
            assert {cell.number_format for cell in row} == {"@"}
        assert b"<f>" not in zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml")

    @settings(max_examples=examples(30), deadline=None)
    @given(
        st.lists(
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r")),
            min_size=1,
            max_size=9,
        )
    )
    def test_whatever_they_hold(self, cells: list[str]) -> None:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "wild.xlsx"
            rows = listed(*({"c0": "Kari", "c1": cell, **HELD} for cell in cells), headings="ab")
            attention(rows).write(path)
            assert read_back(path, column=1) == cells

    def test_one_too_long_for_a_sheet_is_cut_aloud(self, path: Path) -> None:
        attention(listed({"c0": "x" * 40_000, **HELD})).write(path)
        ((reasons, _, cell),) = cells_of(path)[1:]
        assert len(cell) == 32_767
        assert "Navn: The text is longer than a cell of a workbook can be" in reasons
        assert coloured(path) == {"C2"}

    def test_a_column_without_a_heading_keeps_its_name(self, path: Path) -> None:
        attention(listed({"c1": "x", **HELD}, headings=["", "Navn"])).write(path)
        assert cells_of(path)[0][2:] == ("column_0", "Navn")


class TestFaults:
    def test_the_cells_that_errors_name_are_coloured(self, path: Path) -> None:
        headings = ["Fornavn", "Etternavn", "Adresse, Norge", "Postnr"]
        told = at_fault(
            (2, "Fornavn, Etternavn"),
            (3, "Adresse, Norge"),
            (5, "Postnr, Adresse, Norge"),
            (6, "Invoicee.Name"),
        )
        rows = listed(*({"c1": "x", **HELD} for _ in range(5)), headings=headings)
        attention(rows, told=told).write(path)
        assert coloured(path) == {"C2", "D2", "E3", "E5", "F5"}

    def test_the_headings_stay_in_sight_and_the_columns_fit(self, path: Path) -> None:
        rows = listed({"c0": "Kari Nordmann-Hansen", "c1": "1", **HELD}, headings=["Navn", "Nr"])
        attention(rows).write(path)
        sheet = sheet_of(path)
        assert sheet.freeze_panes == "C2"
        assert sheet.column_dimensions["C"].width > len("Kari Nordmann-Hansen")
        assert sheet.column_dimensions["D"].width < 15

    def test_what_is_typed_into_an_empty_cell_stays_text(self, path: Path) -> None:
        attention(listed({"c0": "x", **HELD}, headings=["Navn", "Postnr"])).write(path)
        columns = sheet_of(path).column_dimensions.values()
        assert {column.number_format for column in columns} == {"@"}
        assert max(column.max for column in columns) == 4

    def test_numbers_and_dates_are_such_but_where_somebody_will_type(self, path: Path) -> None:
        headings = ["Beløp", "Forfall", "Postnr", "Konto"]
        cells = {"c0": "1234.5", "c1": "2026-11-01", "c2": "581", "c3": "12345678903"}
        attention(listed({**cells, **HELD}, headings=headings), told=at_fault((2, "Postnr"))).write(
            path
        )
        row = next(sheet_of(path).iter_rows(min_row=2, min_col=3))
        assert [cell.value for cell in row] == [1234.5, datetime(2026, 11, 1), "581", cells["c3"]]
        assert [read_back(path, column=at)[0] for at in range(4)] == list(cells.values())


class TestFile:
    def test_it_is_known_until_somebody_saves_it(self, path: Path, tmp_path: Path) -> None:
        attention(listed({"c0": "x", **HELD})).write(path)
        assert is_untouched(path)
        openpyxl.load_workbook(path).save(path)
        assert not is_untouched(path)
        assert not is_untouched(tmp_path / "no such file.xlsx")

    @posix
    def test_it_is_for_its_owner_only(self, path: Path) -> None:
        attention(listed({"c0": "x", **HELD})).write(path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def test_half_of_one_is_never_left(self, path: Path) -> None:
        path.write_text("what was there")
        found = attention(listed({"c0": "x", **HELD}))
        broken = NeedsAttention(
            found.frame.with_columns(c0=pl.col("c0").cast(pl.Int64)), found.columns, 1
        )
        with pytest.raises(pl.exceptions.InvalidOperationError):
            broken.write(path)
        assert path.read_text() == "what was there"
        assert list(path.parent.iterdir()) == [path]

    def test_a_folder_that_is_not_there_is_said_in_words(self, tmp_path: Path) -> None:
        with pytest.raises(ReportError, match="no folder") as caught:
            attention(listed({"c0": "x", **HELD})).write(tmp_path / "none" / "a.xlsx")
        assert "batchsend report" not in str(caught.value)


def test_problems_are_written_as_a_workbook_too(tmp_path: Path) -> None:
    path = tmp_path / "problems.XLSX"
    told = pl.DataFrame(
        [(17, "Postnr", "=1+1", "A postcode has 4 digits.", "error")], PROBLEMS, orient="row"
    )
    write_problems(path, told)
    assert cells_of(path) == [
        ("row", "column", "value", "message", "severity"),
        (17, "Postnr", "=1+1", "A postcode has 4 digits.", "error"),
    ]


def coloured(path: Path) -> set[str]:
    cells = (cell for row in sheet_of(path).iter_rows(min_row=2) for cell in row)
    return {cell.coordinate for cell in cells if cell.fill.fill_type == "solid"}


def read_back(path: Path, column: int = 0) -> list[str]:
    """A column as the list reader has it, without the process of its own that it takes."""
    rows = [dict(row.cells) for row in XlsxBook(path).open("Needs attention").rows()]
    return [row.get(column + 2, "") for row in rows[1:]]

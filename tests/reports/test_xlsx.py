"""report.xlsx: opened again by other programs than the one that wrote it."""

from __future__ import annotations

import shutil
import stat
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import fastexcel
import openpyxl
import pytest
from reports.accounts import account, large, of_cells
from reports.lists import listed, standing
from waiting import PATIENCE

from batchsend.ledger import REHEARSAL
from batchsend.reports import Account, must_be_writable, rows_report, write_file


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "report.xlsx"


def written(path: Path, account: Account) -> Any:
    write_file(path, account)
    return openpyxl.load_workbook(path)


def summary_of(book: Any) -> list[list[Any]]:
    lines = book["Summary"].iter_rows(values_only=True)
    return [[cell for cell in line if cell not in {None, ""}] for line in lines]


def test_it_has_every_row_with_typed_cells(path: Path) -> None:
    rows = written(path, large(40))["Rows"]
    head, first, *others = rows.iter_rows(values_only=True)
    assert head[:3] == ("row", "identifier", "status")
    assert head[9] == "submitted_at (UTC)"
    assert head[14:] == ("Kundenr.", "Navn", "Poststed", "Beløp")
    assert first[0] == 2
    assert first[5:7] == (202, 1)
    assert first[8] == 3
    assert first[9] == datetime(2026, 11, 3, 8, 30, 0, 40_000)
    assert first[14:] == ("100002", "Åse Bjørk2", "Oslo", 14.5)
    assert len(others) == 39


@pytest.mark.parametrize(
    ("heading", "cells", "found"),
    [
        ("Beløp", ("1 234,50", "-2,5", "", "30"), (1234.5, -2.5, None, 30)),
        ("Amount", ("1,234.50", "3.00", "0"), (1234.5, 3, 0)),
        ("Antall", ("1", "12"), (1, 12)),
        ("Husleie", ("9\u00a0800", "10 200"), (9800, 10200)),
        ("Saldo", ("1.234,50", "1.234.567,00"), (1234.5, 1234567)),
        # Whatever may name something, be a day, or lose what it says, stays as it is.
        ("Postnr", ("1501", "2000"), ("1501", "2000")),
        ("Kundenr", ("1001", "1002"), ("1001", "1002")),
        ("Andel", ("7", "8"), ("7", "8")),
        ("KID", ("12,50", "3,50"), ("12,50", "3,50")),
        ("Beløp", ("0150", "30"), ("0150", "30")),
        ("Beløp", ("1 234,50", "etter avtale"), ("1 234,50", "etter avtale")),
        ("Beløp", ("1.234", "5"), ("1.234", "5")),
        ("Beløp", ("1234567890123456", "1"), ("1234567890123456", "1")),
        ("Forfall", ("15.11", "1.12"), ("15.11", "1.12")),
        ("Mobil", ("99 999 999", "40000000"), ("99 999 999", "40000000")),
        ("Andel", ("25,61 %", "3 %"), ("25,61 %", "3 %")),
    ],
)
def test_amounts_are_numbers_and_names_are_texts(
    path: Path, heading: str, cells: tuple[str, ...], found: tuple[object, ...]
) -> None:
    rows = written(path, of_cells(*cells, heading=heading))["Rows"]
    assert tuple(line[14] for line in rows.iter_rows(min_row=2, values_only=True)) == found


def test_its_head_stays_filters_and_has_the_colours_of_statuses(path: Path) -> None:
    rows = written(path, large(40))["Rows"]
    assert rows.freeze_panes == "C2"
    assert rows.auto_filter.ref == "A1:R41"
    colours = {row[2].value: row[2].fill.fgColor.rgb for row in rows.iter_rows(min_row=2)}
    assert colours["accepted"] == "FFC6EFCE"
    assert len(set(colours.values())) == len(colours) > 3


def test_its_summary_says_what_was_sent_and_how_it_ended(path: Path) -> None:
    lines = summary_of(written(path, large(400)))
    assert lines[0] == ["rent-notice-2026-11"]
    assert ["accepted", 368, 368, "The letter API has the letter.", "nothing"] in lines
    assert ["together", 400, 400] in lines
    assert ["rejected", 8, "47, 76, 147, 176, 247", "City: unknown"] in lines
    assert ["PRINT", 246, 368, 4703.5] in lines


def test_there_is_room_for_every_line_of_a_long_reason(path: Path) -> None:
    long = "The postcode is not one of the town that stands beside it. " * 5
    rows = listed({"held": True, "reasons": long}, {"held": True, "reasons": "No postcode."})
    summary = written(path, account(rows_report(rows, standing(), complete=True)))["Summary"]
    places = {line[3].value: line[3].row for line in summary.iter_rows() if line[3].value}
    assert summary.row_dimensions[places[long]].height >= 5 * 15
    assert summary.row_dimensions[places["No postcode."]].height is None


def test_a_rehearsal_says_so(path: Path) -> None:
    book = written(path, large(10, destination=REHEARSAL))
    assert summary_of(book)[1][0].startswith("REHEARSAL: nothing was posted")


@pytest.mark.parametrize(
    "cell", ["=1+1", "@SUM(A1)", "<r>a</r>", "https://example.com", "\x00\x1f", "{=1}", "0150"]
)
def test_no_text_is_run_or_changed(path: Path, cell: str) -> None:
    rows = written(path, of_cells(cell, heading=cell))["Rows"]
    for row in (1, 2):
        found = rows.cell(row, 15)
        assert found.data_type == "s"
        assert found.hyperlink is None
        if cell != "\x00\x1f":
            assert found.value == cell


def test_an_empty_list_has_a_workbook_too(path: Path) -> None:
    book = written(path, account(rows_report(listed(), standing(), complete=True)))
    assert book["Rows"].max_row == 1
    assert ["together", 0, 0] in summary_of(book)


def test_another_reader_finds_the_same(path: Path) -> None:
    write_file(path, large(40))
    frame = fastexcel.read_excel(path).load_sheet("Rows").to_polars()
    assert frame["row"].to_list() == list(range(2, 42))
    assert frame["status"].null_count() == 0


def _has_calc(program: str) -> bool:
    return any(Path(program).resolve().parent.glob("*sclo.*"))


@pytest.mark.slow
def test_libreoffice_opens_it(path: Path) -> None:
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.skip("LibreOffice is not installed")
    write_file(path, of_cells("Åse, «sjefen»", "=1+1", heading="Navn"))
    profile = (path.parent / "profile").as_uri()
    # The sheet Rows, as text: separated by commas, in UTF-8.
    filtered = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,2"
    run = subprocess.run(
        [program, f"-env:UserInstallation={profile}", "--headless", "--convert-to", filtered,
         "--outdir", str(path.parent), str(path)],
        capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    found = list(path.parent.glob("*.csv"))
    if "source file could not be loaded" in run.stderr and not _has_calc(program):
        pytest.skip("LibreOffice is installed without Calc")
    assert found, run.stdout + run.stderr
    text = found[0].read_text(encoding="utf-8-sig")
    assert "Åse, «sjefen»" in text
    assert "=1+1" in text
    assert len(text.splitlines()) == 3


def test_only_its_owner_can_read_it(path: Path) -> None:
    write_file(path, large(3))
    assert list(path.parent.iterdir()) == [path]
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_it_is_known_for_a_report_even_when_somebody_has_saved_it(path: Path) -> None:
    written(path, large(3)).save(path)
    must_be_writable(path)

"""Formulas that a program wrote and nobody calculated: said to be without a value."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
import xlsxwriter
import xlwt
from lists.conftest import Reader

HEADINGS = ("Kundenr", "Navn", "Adresse", "Postnr", "Sted", "Beløp")
SAID = "the cell has a formula whose result is not in the file"
EMPTY = b"\x03\0\0\0\0\0\xff\xff"


def xls() -> bytes:
    book, out = xlwt.Workbook(), io.BytesIO()
    sheet = book.add_sheet("Kunder")
    for column, heading in enumerate(HEADINGS):
        sheet.write(0, column, heading)
    for row in (1, 2):
        name = xlwt.Formula(f'"Kari "&"Berg {row}"')
        cells = (1000 + row, name, f"Gata {row}", "0150", "Oslo", xlwt.Formula(f"A{row}*2"))
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    book.save(out)
    return out.getvalue()


def by_openpyxl() -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(HEADINGS)
    for row in (2, 3):
        book.active.append((row, f'="Kari"&{row}', "Gata 1", "0150", "Oslo", f"=A{row}*2"))
    book.save(out)
    return out.getvalue()


def by_xlsxwriter(*, value: object = 0) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADINGS)
        for row in (1, 2):
            sheet.write_row(row, 0, (row, None, "Gata 1", "0150", "Oslo"))
            sheet.write_formula(row, 1, f'="Kari"&{row}', None, value)
            sheet.write_formula(row, 5, f"=A{row}*2", None, value)
    return out.getvalue()


@pytest.mark.parametrize("make", [xls, by_openpyxl, by_xlsxwriter])
def test_a_formula_without_a_result_is_said(read: Reader, make: Callable[[], bytes]) -> None:
    recipients = read(make(), "list.xlsx")
    assert set(recipients.problems.select("row", "column").rows()) == {
        (row, column) for row in (2, 3) for column in ("Navn", "Beløp")
    }
    assert all(SAID in message for message in recipients.problems["message"])
    assert recipients.rows.collect()["c5"].to_list() == ["", ""]


@pytest.mark.parametrize(
    "calculated",
    [
        xls().replace(b"\xb7\x01\x02\0", b"\xc1\x01\x02\0"),  # RefreshAll made RecalcId
        xls().replace(EMPTY, struct.pack("<d", 7), 1),
    ],
)
def test_a_formula_that_shows_nothing_is_nothing(read: Reader, calculated: bytes) -> None:
    assert not read(calculated, "list.xls").problems.height


def test_results_that_a_program_wrote_are_read(read: Reader) -> None:
    recipients = read(by_xlsxwriter(value=12.5), "list.xlsx")
    assert recipients.rows.collect()["c5"].to_list() == ["12.5", "12.5"]
    assert not recipients.problems.height


def test_nought_that_excel_saved_is_read(read: Reader) -> None:
    saved = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(by_xlsxwriter())) as written,
        zipfile.ZipFile(saved, "w") as archive,
    ):
        for name in written.namelist():
            part = written.read(name).replace(b' fullCalcOnLoad="1"', b"")
            archive.writestr(name, part)
    recipients = read(saved.getvalue(), "list.xlsx")
    assert recipients.rows.collect()["c5"].to_list() == ["0", "0"]
    assert not recipients.problems.height

"""What a cell's format shows beside its number: said, by whatever kind of workbook."""

from __future__ import annotations

import io

import pytest
import xlsxwriter
from lists.conftest import Reader

CELL = (
    '<table:table-cell office:value-type="float" office:value="{value}">'
    "<text:p>{shown}</text:p></table:table-cell>"
)
TEXT = '<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
FODS = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' office:mimetype="application/vnd.oasis.opendocument.spreadsheet">'
    '<office:body><office:spreadsheet><table:table table:name="A">'
    f"<table:table-row>{TEXT.format(text='Navn')}{TEXT.format(text='Tall')}</table:table-row>"
    f"<table:table-row>{TEXT.format(text='Kari')}{{cell}}</table:table-row>"
    "</table:table></office:spreadsheet></office:body></office:document>"
)


def fods(value: str, shown: str) -> bytes:
    return FODS.format(cell=CELL.format(value=value, shown=shown)).encode()


def xlsx(value: float, code: str) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Navn", "Tall"])
        sheet.write(1, 0, "Kari")
        sheet.write(1, 1, value, book.add_format({"num_format": code}))
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "currency"),
    [
        (xlsx(1250.5, "[$€-2] #,##0.00"), "list.xlsx", "€"),
        (xlsx(1250, "[$USD] #,##0"), "list.xlsx", "USD"),
        (xlsx(1250.5, '#,##0.00" SEK"'), "list.xlsx", "SEK"),
        (fods("1250.5", "1 250,50 €"), "list.fods", "€"),
        (fods("1250.5", "USD 1,250.50"), "list.fods", "USD"),
        (xlsx(1250.5, '#,##0.00 "kr"'), "list.xlsx", ""),
        (fods("1250.5", "1 250,50 kr"), "list.fods", ""),
    ],
)
def test_a_currency_is_told_and_the_number_stays(
    read: Reader, content: bytes, name: str, currency: str
) -> None:
    found = read(content, name)
    assert found.rows.collect()["c1"].item() in {"1250.5", "1250"}
    said = [note for note in found.notes if f"shows amounts in {currency}" in note]
    assert len(said) == len(currency[:1])


@pytest.mark.parametrize(
    ("value", "shown", "told"),
    [
        ("1001", "K-1001", True),
        ("1001", "1001-A", True),
        ("150", "N-0150", True),
        ("150", "0150 Oslo", True),
        ("7", "ukjent", True),
        ("150", "0150", False),
        ("11455", "114 55", False),
        ("0", "-", False),
        ("100000", "1,00E+05", False),
        ("12", "12 stk", False),
        ("-5", "-5", False),
    ],
)
def test_letters_about_a_number_are_told_of_an_ods_too(
    read: Reader, value: str, shown: str, told: bool
) -> None:
    found = read(fods(value, shown), "list.fods")
    assert any(f"“{shown}” was read as {value}" in note for note in found.notes) == told

"""The same sheet as .xls, .ods and .xlsb reads the same."""

from __future__ import annotations

from collections.abc import Callable

import fastexcel
import pytest
from lists.workbook_files import HEADINGS, ods, xls, xlsb, zipped

from batchsend.errors import ListError
from batchsend.lists import RecipientList

Reader = Callable[..., RecipientList]


ROWS = [
    (2, "Bjørn & Co", "0620", "2026-03-15", "08:30", "25%", "TRUE", "1234.5"),
    (5, "Kari", "0150", "", "", "", "", ""),
    (6, "Kari", "0151", "", "", "", "", ""),
    (7, "Feil", "#N/A", "", "", "", "", "12345678901234600"),
]


@pytest.mark.parametrize(("kind", "make"), [("xls", xls), ("ods", ods), ("xlsb", xlsb)])
def test_a_sheet_reads_as_it_is_shown(read: Reader, kind: str, make: Callable[[], bytes]) -> None:
    recipients = read(make(), "list.xlsx")  # although its name says otherwise
    assert [c.heading for c in recipients.columns] == list(HEADINGS[:-1])
    assert recipients.rows.collect().rows() == ROWS
    assert recipients.problems.select("row", "column", "value", "severity").rows() == [
        (7, "Postnr", "#N/A", "error"),
        (7, "Beløp", "12345678901234600", "warning"),
    ]
    assert recipients.findings == {
        "kind": f"workbook (.{kind})",
        "sheet": "Kunder",
        "header row": "1",
    }
    said = " ".join(recipients.notes)
    assert "not Grunnlag (hidden)" in said
    assert "1 hidden or filtered-out row was left out: row 3." in said
    assert "1 hidden column was left out: H." in said
    assert "Blank rows were left out: row 4." in said


@pytest.mark.parametrize("make", [xls, xlsb])
def test_another_reader_takes_our_binary_files_for_workbooks(make: Callable[[], bytes]) -> None:
    sheet = fastexcel.read_excel(make()).load_sheet("Kunder", header_row=None, dtypes="string")
    assert sheet.to_polars().rows()[1][:2] == ("Bjørn & Co", "620")


@pytest.mark.parametrize("make", [xls, ods, xlsb])
@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_a_part_of_a_workbook_is_said_to_be_damaged(
    read: Reader, make: Callable[[], bytes], share: float
) -> None:
    content = make()
    with pytest.raises(ListError, match="damaged or incomplete"):
        read(content[: int(len(content) * share)], "list.xls")


def test_a_password_is_named(read: Reader) -> None:
    ole = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600
    with pytest.raises(ListError, match="protected by a password"):
        read(ole + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600, "list.xlsx")
    manifest = b'<manifest:file-entry><manifest:encryption-data manifest:checksum="x"/>'
    parts = {
        "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": manifest,
        "content.xml": b"\x8f\x00",
    }
    with pytest.raises(ListError, match="protected by a password"):
        read(zipped(parts), "list.ods")


def test_an_encrypted_xls_is_named(read: Reader) -> None:
    content = bytearray(xls())
    after_first_record = content.find(bytes.fromhex("0908")) + 20
    content[after_first_record : after_first_record + 2] = b"\x2f\x00"  # FILEPASS
    with pytest.raises(ListError, match="protected by a password"):
        read(bytes(content), "list.xls")


def test_a_word_document_is_named(read: Reader) -> None:
    ole = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600
    with pytest.raises(ListError, match="a Word document"):
        read(ole + "WordDocument".encode("utf-16-le"), "list.xls")

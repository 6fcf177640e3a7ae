"""Workbooks, read as a person sees them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from lists.workbook_files import zipped
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.worksheet.worksheet import Worksheet

from batchsend.errors import ListError
from batchsend.lists import RecipientList

Reader = Callable[..., RecipientList]


def saved(fill: Callable[[Worksheet], object], title: str = "Kunder") -> bytes:
    """A workbook with one sheet, as openpyxl writes it."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = title
    fill(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def table(rows: Iterable[Iterable[object]]) -> bytes:
    def fill(sheet: Worksheet) -> None:
        for row in rows:
            sheet.append(list(row))

    return saved(fill)


def rewritten(content: bytes, part: str, change: Callable[[str], str]) -> bytes:
    """A workbook with one of its parts changed by hand."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            text = old.read(entry)
            if entry.filename == part:
                text = change(text.decode()).encode()
            new.writestr(entry, text)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def cells(recipients: RecipientList) -> list[tuple[Any, ...]]:
    return recipients.rows.collect().rows()


def problems(recipients: RecipientList) -> list[tuple[int, str, str, str]]:
    frame = recipients.problems.select("row", "column", "value", "severity")
    return frame.rows()


def test_rows_are_numbered_as_excel_shows_them(read: Reader) -> None:
    recipients = read(
        table([["Kundeliste"], [], ["Navn", "Sted"], ["Kari", "Oslo"], [], ["Ola", "Bodø"], [" "]]),
        "list.xlsx",
    )
    assert cells(recipients) == [(4, "Kari", "Oslo"), (6, "Ola", "Bodø")]
    assert recipients.findings == {
        "kind": "workbook (.xlsx)",
        "sheet": "Kunder",
        "header row": "3",
    }
    assert recipients.notes == (
        "Rows 1-2 above the headings were left out.",
        "Blank rows were left out: row 5.",
    )


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        ("0150", "General", "0150"),
        (150, "0000", "0150"),
        (1057212345, "00000000000", "01057212345"),
        (1057212345, "000000\\ 00000", "010572 12345"),
        (12345678901, "General", "12345678901"),
        (99001122, "00 00 00 00", "99 00 11 22"),
        (-5, "0000", "-5"),
        (12.5, "0000", "12.5"),
        (1234.5, '#,##0.00 "kr"', "1234.5"),
        (0.1 + 0.2, "General", "0.3"),
        (1e-7, "General", "0.0000001"),
        (100, "0", "100"),
        (0.25, "0%", "25%"),
        (0.0725, "0.00%", "7.25%"),
        (date(2026, 3, 15), "yyyy-mm-dd", "2026-03-15"),
        (date(2026, 3, 15), "dd.mm.yyyy;@", "2026-03-15"),
        (date(2026, 3, 15), "[$-414]d. mmmm yyyy", "2026-03-15"),
        (datetime(2026, 3, 15), "yyyy-mm-dd h:mm:ss", "2026-03-15"),
        (datetime(2026, 3, 15, 8, 30), "dd/mm/yyyy h:mm", "2026-03-15 08:30"),
        (datetime(2026, 3, 15, 8, 30, 5), "dd/mm/yyyy h:mm", "2026-03-15 08:30:05"),
        (time(8, 30), "h:mm", "08:30"),
        (time(8, 30), "h:mm:ss", "08:30:00"),
        (time(18, 0), "h:mm AM/PM", "18:00"),
        (1.5, "[h]:mm", "36:00"),
        (True, "General", "TRUE"),
        (False, "General", "FALSE"),
        ("Linje 1\nLinje 2", "General", "Linje 1\nLinje 2"),
        ("  blanke  ", "General", "  blanke  "),
        ("A & B <c> \"d\" 'e'", "General", "A & B <c> \"d\" 'e'"),
        ("=1+1 som tekst", "@", "=1+1 som tekst"),
        (
            CellRichText("Kari ", TextBlock(InlineFont(b=True), "Nord"), "mann"),
            "General",
            "Kari Nordmann",
        ),
    ],
)
def test_values_are_read_as_they_are_shown(
    read: Reader, value: object, number_format: str, text: str
) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["Navn", "Verdi"])
        sheet.append(["Kari", None])
        cell = sheet.cell(2, 2)
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"
        cell.number_format = number_format

    recipients = read(saved(fill), "list.xlsx")
    assert cells(recipients) == [(2, "Kari", text)]
    assert recipients.problems.is_empty()


def test_dates_that_count_from_1904(read: Reader) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.parent.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        sheet.append(["Navn", "Dato"])
        sheet.append(["Kari", date(2026, 3, 15)])

    assert cells(read(saved(fill), "list.xlsx")) == [(2, "Kari", "2026-03-15")]


def test_the_name_of_the_file_does_not_matter(read: Reader) -> None:
    content = table([["Navn", "Sted"], ["Kari", "Oslo"]])
    for name in ("list.xls", "list.csv", "list.xlsm", "list"):
        assert cells(read(content, name)) == [(2, "Kari", "Oslo")]


def test_the_first_visible_sheet_is_read_unless_told(read: Reader) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["skjult"])
        sheet.sheet_state = "hidden"
        for title, name in (("Kunder", "Kari"), ("Andre", "Ola")):
            other = sheet.parent.create_sheet(title)
            other.append(["Navn", "Sted"])
            other.append([name, "Oslo"])
        sheet.parent.active = 1

    content = saved(fill, title="Grunnlag")
    recipients = read(content, "list.xlsx")
    assert cells(recipients) == [(2, "Kari", "Oslo")]
    assert recipients.notes == ("Only the sheet 'Kunder' was read, not Andre, Grunnlag (hidden).",)
    assert cells(read(content, "list.xlsx", sheet=" andre")) == [(2, "Ola", "Oslo")]
    with pytest.raises(ListError, match="no sheet called 'Kudner'") as refused:
        read(content, "list.xlsx", sheet="Kudner")
    assert "'Kunder'" in str(refused.value)


def test_hidden_rows_and_columns_are_left_out_and_counted(read: Reader) -> None:
    def fill(sheet: Worksheet) -> None:
        for row in (
            ["Navn", "Hemmelig", "Sted"],
            ["A", "x", "Oslo"],
            ["B", "y", "Bodø"],
            ["C", "z", "Vadsø"],
            ["D", "w", "Moss"],
        ):
            sheet.append(row)
        sheet.row_dimensions[3].hidden = True
        sheet.row_dimensions[4].hidden = True
        sheet.column_dimensions["B"].hidden = True

    content = saved(fill)
    recipients = read(content, "list.xlsx")
    assert [c.heading for c in recipients.columns] == ["Navn", "Sted"]
    assert cells(recipients) == [(2, "A", "Oslo"), (5, "D", "Moss")]
    assert "2 hidden or filtered-out rows were left out: rows 3-4." in " ".join(recipients.notes)
    assert "1 hidden column was left out: B." in " ".join(recipients.notes)
    everything = read(content, "list.xlsx", hidden="read")
    assert cells(everything)[1] == (3, "B", "y", "Bodø")


def test_headings_can_be_given(read: Reader) -> None:
    content = table([["Kari", "Oslo"], ["Ola", "Bodø"]])
    recipients = read(content, "list.xlsx", headings=["Navn", "Sted"])
    assert cells(recipients) == [(1, "Kari", "Oslo"), (2, "Ola", "Bodø")]
    with pytest.raises(ListError, match="has 2 columns, but 3 headings are set"):
        read(content, "list.xlsx", headings=["Navn", "Sted", "Land"])
    with pytest.raises(ListError, match="Row 9 of the sheet 'Kunder'"):
        read(content, "list.xlsx", header_row=9)


def test_merged_cells_are_filled(read: Reader) -> None:
    def fill(sheet: Worksheet) -> None:
        for row in (
            ["Kundeliste 2026", None, None],
            ["Navn", "Adresse", "Beløp"],
            ["Kari", "Storgata 1", 1],
            [None, None, 2],
            ["Ola", "Felles", None],
        ):
            sheet.append(row)
        for merged in ("A1:C1", "A3:A4", "B3:B4", "B5:C5"):
            sheet.merge_cells(merged)

    recipients = read(saved(fill), "list.xlsx")
    assert [c.heading for c in recipients.columns] == ["Navn", "Adresse", "Beløp"]
    assert cells(recipients) == [
        (3, "Kari", "Storgata 1", "1"),
        (4, "Kari", "Storgata 1", "2"),
        (5, "Ola", "Felles", "Felles"),
    ]


def test_headings_over_two_rows(read: Reader) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["Navn", "Adresse", None, "E-post"])
        sheet.append([None, "Gate", "Postnr", None])
        sheet.append(["Kari", "Storgata 1", "0150", "k@example.com"])
        for merged in ("A1:A2", "B1:C1", "D1:D2"):
            sheet.merge_cells(merged)

    recipients = read(saved(fill), "list.xlsx")
    assert [c.heading for c in recipients.columns] == ["Navn", "Gate", "Postnr", "E-post"]
    assert cells(recipients) == [(3, "Kari", "Storgata 1", "0150", "k@example.com")]


def test_formulas_errors_and_lost_digits(read: Reader) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Navn", "Verdi"])
        sheet.write_row(1, 0, ["Regnet"])
        sheet.write_formula(1, 1, "=1+1", value=2)
        sheet.write_row(2, 0, ["Tekst"])
        sheet.write_formula(2, 1, '="a"&"&"', value="a&")
        sheet.write_row(3, 0, ["Feil"])
        sheet.write_formula(3, 1, "=VLOOKUP(1,A1:A2,1)", value="#N/A")
        sheet.write_row(4, 0, ["Uregnet"])
        sheet.write_formula(4, 1, "=A1", value="")
        sheet.write_row(5, 0, ["For langt", 12345678901234567])
    content = rewritten(
        out.getvalue(), SHEET, lambda text: text.replace("<f>A1</f><v></v>", "<f>A1</f>")
    )
    recipients = read(content, "list.xlsx")
    assert cells(recipients) == [
        (2, "Regnet", "2"),
        (3, "Tekst", "a&"),
        (4, "Feil", "#N/A"),
        (5, "Uregnet", ""),
        (6, "For langt", "12345678901234600"),
    ]
    assert problems(recipients) == [
        (4, "Verdi", "#N/A", "error"),
        (5, "Verdi", "", "error"),
        (6, "Verdi", "12345678901234600", "warning"),
    ]


def with_prefix(text: str) -> str:
    text = re.sub(r"<(/?)(\w)", r"<\1x:\2", text)
    return text.replace("xmlns=", "xmlns:x=")


def without_references(text: str) -> str:
    return re.sub(r' r="[A-Z]*\d+"', "", text)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: text, id="as it is"),
        pytest.param(with_prefix, id="with a namespace prefix"),
        pytest.param(without_references, id="without references"),
        pytest.param(lambda text: text.replace('"', "'"), id="single quotes"),
        pytest.param(lambda text: text.replace("<c ", "<c\n"), id="line breaks in tags"),
        pytest.param(lambda text: text.replace("<v>", "<!-- <v>9</v> --><v>"), id="comments"),
        pytest.param(
            lambda text: re.sub(r"<v>(.*?)</v>", r"<v><![CDATA[\1]]></v>", text), id="CDATA"
        ),
        pytest.param(lambda text: "\ufeff" + text, id="byte order mark"),
    ],
)
def test_however_the_xml_is_written_it_reads_the_same(
    read: Reader, change: Callable[[str], str]
) -> None:
    content = table([["Navn", "Sted", "Nr"], ["Kari", "Oslo", 1], ["Per", "Bodø", 2.5], ["Ola"]])
    assert cells(read(rewritten(content, SHEET, change), "list.xlsx")) == [
        (2, "Kari", "Oslo", "1"),
        (3, "Per", "Bodø", "2.5"),
        (4, "Ola", "", ""),
    ]


def test_inline_strings(read: Reader) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Navn", "Sted"])
        sheet.write_row(1, 0, ["A & B", " Bodø "])
        bold = book.add_format({"bold": True})
        sheet.write_rich_string(2, 0, "Ka", bold, "ri")
        sheet.write_string(2, 1, "Linje 1\nLinje 2")
    assert cells(read(out.getvalue(), "list.xlsx")) == [
        (2, "A & B", " Bodø "),
        (3, "Kari", "Linje 1\nLinje 2"),
    ]


def test_a_stray_far_cell_is_left_out_aloud(read: Reader) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Navn", "Sted"])
        sheet.write_row(1, 0, ["Kari", "Oslo"])
        sheet.write_string(1_048_575, 16_383, "x")
    recipients = read(out.getvalue(), "list.xlsx")
    assert cells(recipients) == [(2, "Kari", "Oslo")]
    assert any("Row 1048576 far below" in note for note in recipients.notes)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: table([]), "is empty"),
        (lambda: table([["Navn", "Sted"]]), "no rows below"),
        (lambda: table([["Navn"], ["Kari"]])[:2000], "damaged or incomplete"),
        (lambda: rewritten(table([["Navn"]]), SHEET, lambda text: text[:200]), "damaged"),
        (lambda: rewritten(table([["N"]]), SHEET, lambda text: "<!DOCTYPE x>" + text), "damaged"),
        (lambda: zipped({"readme.txt": b"hei"}), "a zip file, but not a workbook"),
        (lambda: zipped({"word/document.xml": b"<x/>"}), "a Word document"),
        (lambda: zipped({"xl/workbook.xml": b"<workbook/>"}), "no visible sheet"),
        (lambda: zipped({"xl/workbook.xml": b"not xml"}), "damaged"),
        (lambda: b"<html><body><p>Logg inn</p></body></html>", "without a table"),
        (lambda: "\ufeff<html><p>Logg inn".encode("utf-16"), "without a table"),
        (
            lambda: (
                b'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook '
                b'xmlns="urn:schemas-microsoft-com:office:spreadsheet">'
            ),
            "damaged or incomplete",
        ),
        (lambda: b"%PDF-1.7\n", "a PDF document"),
        (lambda: b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n", "a saved web page"),
        (
            lambda: (
                b"Subject: Kunder\r\nDate: Sun, 15 Nov 2026\r\nContent-Type: multipart/related;"
            ),
            "a saved web page",
        ),
        (
            lambda: (
                b"<?xml version='1.0'?><office:document office:mimetype="
                b"'application/vnd.oasis.opendocument.text'/>"
            ),
            "an XML file",
        ),
    ],
)
def test_what_is_no_list_is_said_in_words(
    read: Reader, make: Callable[[], bytes], words: str
) -> None:
    with pytest.raises(ListError, match=words):
        read(make(), "list.xls")


def test_a_zip_bomb_is_refused_unread(read: Reader) -> None:
    bomb = rewritten(table([["Navn"], ["Kari"]]), SHEET, lambda text: text)
    parts = {}
    with zipfile.ZipFile(io.BytesIO(bomb)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[SHEET] = parts[SHEET].replace(b"<sheetData>", b"<sheetData>" + b" " * (100 << 20))
    with pytest.raises(ListError, match="unpacks to far more"):
        read(zipped(parts), "list.xlsx")

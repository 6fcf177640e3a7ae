"""What older systems export named .xls, and what .xls and .ods hold that few programs read."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
import xlwt
from lists.workbook_files import ods, zipped

from batchsend.errors import ListError
from batchsend.lists import RecipientList, texts_of
from batchsend.lists.workbooks import grid

Reader = Callable[..., RecipientList]

HTML = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>
<meta http-equiv=Content-Type content="text/html; charset={charset}">
<style>td {{ mso-number-format:"\\@" }}</style></head><body>
<table><tr><td>Kundeliste</td></tr></table>
<TABLE border=1><thead><tr><th>Kundenr</th><th>Navn<th>Adresse<th>Postnr</tr></thead>
<tr><td>0001<td>Kari &amp; Bjørn<br>Moe</td><td rowspan=2>Storgata
   1</td><td>0150</td></tr>
<tr><td>0002<td><b>Åse</b> Berg<!-- x --></td><td>5003</td>
<tr style='display: none'><td>0003<td>Skjult<td>x<td>1</tr>
<tr><td colspan=2>Felles<td>Sjøgata 2<td>8005
</TABLE><script>document.write("x")</script></body></html>"""

XML = """<?xml version="1.0" encoding="{charset}"?><?mso-application progid="Excel.Sheet"?>
<ss:Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:x="urn:schemas-microsoft-com:office:excel">
<ss:Styles><ss:Style ss:ID="Default"><NumberFormat/></ss:Style>
<Style ss:ID="post"><NumberFormat ss:Format="0000"/></Style>
<Style ss:ID="bold" ss:Parent="post"/>
<Style ss:ID="day"><NumberFormat ss:Format="Short Date"/></Style>
<Style ss:ID="two"><NumberFormat ss:Format="Fixed"/></Style></ss:Styles>
<Worksheet ss:Name="Grunnlag"><Table><Row><Cell><Data ss:Type="String">y</Data></Cell></Row></Table>
<WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel"><Visible>SheetHidden</Visible>
</WorksheetOptions></Worksheet>
<Worksheet ss:Name="Kunder"><Table><Column/><Column ss:StyleID="post"/><Column ss:Index="4"/>
<Column ss:Index="6" ss:Hidden="1"/>
<Row><Cell><Data ss:Type="String">Navn</Data></Cell>
<Cell><Data ss:Type="String">Postnr</Data></Cell>
<Cell ss:Index="4"><Data ss:Type="String">Dato</Data></Cell>
<Cell><Data ss:Type="String">Sum</Data></Cell>
<Cell><Data ss:Type="String">Intern</Data></Cell></Row>
<Row ss:Index="3"><Cell ss:MergeDown="1"><Data ss:Type="String">Bjørn &amp; Co&#10;AS</Data></Cell>
<Cell><Data ss:Type="Number">150</Data></Cell>
<Cell ss:Index="4" ss:StyleID="day"><Data ss:Type="DateTime">2026-03-15T00:00:00.000</Data></Cell>
<Cell ss:StyleID="two"><Data ss:Type="Number">96.9109400479616</Data></Cell>
<Cell><Data ss:Type="String">x</Data></Cell></Row>
<Row><Cell ss:Index="2" ss:StyleID="bold"><Data ss:Type="Number">620</Data></Cell>
<Cell ss:Index="4" ss:StyleID="day"><Data ss:Type="Number">46096</Data></Cell>
<Cell><Data ss:Type="Error">#N/A</Data></Cell></Row>
<Row ss:Hidden="1"><Cell><Data ss:Type="String">Skjult</Data></Cell></Row>
</Table></Worksheet></ss:Workbook>"""


def seen(recipients: RecipientList) -> list[tuple[object, ...]]:
    """The rows as a person sees them."""
    frame = recipients.rows.collect()
    return [
        (row, *map(str, texts))
        for row, texts in zip(frame["row"], texts_of(frame, recipients.columns), strict=True)
    ]


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252", "utf-16", "none at all"])
def test_a_web_page_is_read_as_it_is_shown(read: Reader, charset: str) -> None:
    codec = {"windows-1252": "cp1252", "none at all": "utf-8"}.get(charset, charset)
    recipients = read(HTML.format(charset=charset).encode(codec), "list.xls")
    assert [c.heading for c in recipients.columns] == ["Kundenr", "Navn", "Adresse", "Postnr"]
    assert seen(recipients) == [
        (2, "0001", "Kari & Bjørn\nMoe", "Storgata 1", "0150"),
        (3, "0002", "Åse Berg", "Storgata 1", "5003"),
        (5, "Felles", "Felles", "Sjøgata 2", "8005"),
    ]
    assert recipients.findings["kind"] == "web page (HTML)"
    said = " ".join(recipients.notes)
    assert "Only the sheet 'Table 2' was read, not Table 1." in said
    assert "1 hidden or filtered-out row was left out: row 4." in said


@pytest.mark.parametrize("charset", ["UTF-8", "windows-1252", "utf-16"])
def test_xml_of_excel_2003_is_read_as_it_is_shown(read: Reader, charset: str) -> None:
    recipients = read(XML.format(charset=charset).encode(charset), "list.xls")
    assert [c.heading for c in recipients.columns] == ["Navn", "Postnr", "Dato", "Sum"]
    assert seen(recipients) == [
        (3, "Bjørn & Co\nAS", "0150", "2026-03-15", "96.91"),
        (4, "Bjørn & Co\nAS", "0620", "2026-03-15", "#N/A"),
    ]
    assert recipients.rows.collect()["c3"].to_list() == ["96.9109400479616", "#N/A"]
    assert recipients.problems["row"].to_list() == [4]
    said = " ".join(recipients.notes)
    assert "not Grunnlag (hidden)" in said
    assert "row 5" in said
    assert "1 hidden column was left out: F." in said


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("<span style='display:none'>20261115</span>Kari", "Kari"),
        ("Ka<b hidden>x</b>ri<i style='visibility: hidden'>z<!--q-->w</i>", "Kari"),
        ("Kari<p hidden>x</p>Moe", "KariMoe"),
        ("Kari<div>Moe</div>Berg", "Kari\nMoe\nBerg"),
    ],
)
def test_what_a_web_page_hides_in_a_cell_is_left_out(read: Reader, inside: str, text: str) -> None:
    page = f"<table><tr><td>Navn<td>Nr<tr><td>{inside}<td>1<tr hidden><td>Skjult<td>2</table>"
    found = read(page.encode(), "list.xls")
    assert seen(found) == [(2, text, "1")]
    assert found.left_out["row"].to_list() == [3]


def test_comments_and_rows_of_a_span_in_xml_of_excel_2003(read: Reader) -> None:
    note = "Co&#10;AS</Data><Comment><ss:Data>Ring <B>dem</B></ss:Data></Comment>"
    text = XML.format(charset="UTF-8").replace("Co&#10;AS</Data>", note)
    text = text.replace('<Row ss:Index="3">', '<Row ss:Span="2">')
    assert [row[:2] for row in seen(read(text.encode(), "list.xls"))] == [
        (2, "Bjørn & Co\nAS"),
        (5, ""),
    ]


def test_entities_of_its_own_are_refused(read: Reader) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><ss:Workbook'
    text = XML.format(charset="UTF-8").replace("<ss:Workbook", bomb).replace("Skjult", "&b;")
    with pytest.raises(ListError, match="damaged"):
        read(text.encode(), "list.xls")
    outside = '<!DOCTYPE x [<!ENTITY b SYSTEM "file:///etc/hostname">]><html'
    page = HTML.format(charset="utf-8").replace("<html", outside).replace("Felles", "[&b;]")
    assert seen(read(page.encode(), "list.xls"))[2][1] == "[&b;]"


@pytest.mark.parametrize("inside", ["<div>" * 5_000, "x" * 11_000_000], ids=["deep", "long"])
def test_a_page_that_cannot_be_read_to_its_end_is_refused(read: Reader, inside: str) -> None:
    page = f"<table><tr><td>Navn<td>Nr<tr><td>Kari<td>{inside}<tr><td>Ola<td>2</table>"
    with pytest.raises(ListError, match="damaged"):
        read(page.encode(), "list.xls")


def _xls(fill: Callable[[xlwt.Worksheet], object]) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    for column, heading in enumerate(("Navn", "Verdi")):
        sheet.write(0, column, heading)
    sheet.write(1, 0, "Kari")
    fill(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("word", ["WordDocument", "EncryptedPackage", "PowerPoint Document"])
def test_a_word_in_a_cell_is_no_word_document(read: Reader, word: str) -> None:
    content = _xls(lambda sheet: sheet.write(1, 1, f"{word} – тест"))
    assert seen(read(content, "list.xls")) == [(2, "Kari", f"{word} – тест")]


@pytest.mark.parametrize("change", [-1, 1, 1000])
def test_strings_are_counted_as_they_are(read: Reader, change: int) -> None:
    def fill(sheet: xlwt.Worksheet) -> None:
        for row in range(1, 400):
            sheet.write(row, 1, f"{row} 😀 {'ø' * row} тест" if row % 2 else "x" * row)

    content = bytearray(_xls(fill))
    at = content.find(struct.pack("<H", 0xFC), 512)
    while struct.unpack_from("<I", content, at + 8)[0] != 402:  # unique strings, headings and Kari
        at = content.find(struct.pack("<H", 0xFC), at + 1)
    struct.pack_into("<I", content, at + 8, 402 + change)
    rows = seen(read(bytes(content), "list.xls"))
    assert [row[2] for row in rows] == [
        f"{row} 😀 {'ø' * row} тест" if row % 2 else "x" * row for row in range(1, 400)
    ]


@pytest.mark.parametrize("number", [27, 31, 36, 50, 58])
def test_dates_of_east_asian_excel(read: Reader, number: int) -> None:
    style = xlwt.easyxf(num_format_str="0.00E+00")
    content = bytearray(_xls(lambda sheet: sheet.write(1, 1, 46096, style)))
    for at in range(512, len(content) - 24):
        is_style = struct.unpack_from("<HH", content, at) == (0xE0, 20)
        if is_style and struct.unpack_from("<H", content, at + 6)[0] == 11:
            struct.pack_into("<H", content, at + 6, number)
    assert seen(read(bytes(content), "list.xls")) == [(2, "Kari", "2026-03-15")]


def flat(content: bytes) -> bytes:
    """A zipped OpenDocument spreadsheet as a flat one, laid out as LibreOffice does."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        text = archive.read("content.xml").decode()
    root = "office:document office:mimetype='application/vnd.oasis.opendocument.spreadsheet'"
    text = text.replace("<office:document-content", f"<{root}").replace(
        "document-content", "document"
    )
    return text.replace("</text:p>", "</text:p>\n   ").replace("<table:", "\n  <table:").encode()


@pytest.mark.parametrize("name", ["list.fods", "list.xls", "list.xml"])
def test_a_flat_opendocument_file_is_read_as_the_zipped_one_is(read: Reader, name: str) -> None:
    expected, found = read(ods(), "list.ods"), read(flat(ods()), name)
    assert found.findings["kind"] == "workbook (flat OpenDocument, .fods)"
    assert seen(found) == seen(expected)
    assert found.notes == expected.notes
    assert found.left_out.equals(expected.left_out)
    with pytest.raises(ListError, match="damaged"):
        read(flat(ods()).partition(b"<table:")[0], name)


def _ods(cell: str, below: str = "") -> bytes:
    def text(words: str) -> str:
        start = '<table:table-cell office:value-type="string">'
        return f"{start}<text:p>{words}</text:p></table:table-cell>"

    with zipfile.ZipFile(io.BytesIO(ods())) as archive:
        content = archive.read("content.xml").decode()
    head, _, _ = content.partition('<table:table table:name="Grunnlag"')
    rows = "".join(
        f"<table:table-row>{row}</table:table-row>"
        for row in (
            text("Navn") + text("Verdi"),
            text("Kari") + cell,
            below and text("Ola") + below,
        )
    )
    table = f'<table:table table:name="Kunder">{rows}</table:table>'
    tail = "</office:spreadsheet></office:body></office:document-content>"
    return zipped(
        {
            "META-INF/manifest.xml": b'<m type="application/vnd.oasis.opendocument.spreadsheet"/>',
            "content.xml": (head + table + tail).encode(),
        }
    )


@pytest.mark.parametrize(
    ("kind", "value", "shown", "text"),
    [
        ("time", 'office:time-value="PT255H10M30S"', "255:10:30", "255:10:30"),
        ("time", 'office:time-value="PT1111865H42M00S"', "17:42", "17:42"),
        ("time", 'office:time-value="P1DT02H00M00S"', "26:00", "26:00"),
        ("time", 'office:time-value="PT08H30M00S"', "08:30", "08:30"),
        ("percentage", 'office:value="0.969109400479616"', "96,91 %", "96.91%"),
        ("float", 'office:value="1234.5678"', "1 234,57", "1234.57"),
        ("currency", 'office:value="1234.5678"', "kr 1 235", "1235"),
        ("float", 'office:value="1001"', "1001", "1001"),
        ("float", 'office:value="0.05"', "0,1", "0.1"),
    ],
)
def test_values_of_ods_without_a_mimetype(
    read: Reader, kind: str, value: str, shown: str, text: str
) -> None:
    cell = (
        f'<table:table-cell office:value-type="{kind}" {value}><text:p>{shown}</text:p>'
        "</table:table-cell>"
    )
    assert seen(read(_ods(cell), "list.ods")) == [(2, "Kari", text)]


def test_text_under_merged_cells_is_left_out_aloud(read: Reader) -> None:
    anchor = (
        '<table:table-cell table:number-rows-spanned="2" office:value-type="string">'
        "<text:p>0150</text:p></table:table-cell>"
    )
    covered = anchor.replace("table-cell", "covered-table-cell").replace("0150", "9999")
    found = read(_ods(anchor, covered), "list.ods")

    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (["Navn", "Verdi"], ["Kari", "0150"], ["Ola", None]):
        book.active.append(row)
    book.active.merge_cells("B2:B3")
    out = io.BytesIO()
    book.save(out)
    parts = {}
    with zipfile.ZipFile(out) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    before, ola, after = parts[sheet].rpartition(b"</row>")
    parts[sheet] = before + b'<c r="B3"><v>9999</v></c>' + ola + after
    for recipients in (found, read(zipped(parts), "list.xlsx")):
        assert seen(recipients) == [(2, "Kari", "0150"), (3, "Ola", "0150")]
        assert any("under merged cells" in n and "row 3" in n for n in recipients.notes)


def test_text_under_an_empty_merged_cell_is_left_out(read: Reader) -> None:
    anchor = '<table:table-cell table:number-columns-spanned="2"/>'
    hidden = '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
    recipients = read(_ods(anchor + hidden), "list.ods", header_row=1)
    assert seen(recipients) == [(2, "Kari", "")]
    assert any("under merged cells" in note for note in recipients.notes)


def test_a_sheet_that_takes_too_long_is_refused(
    read: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grid, "_SECONDS", -1)
    rows = "<tr><td>Kari<td>Oslo</tr>" * 64
    with pytest.raises(ListError, match="takes longer to read"):
        read(f"<table>{rows}</table>".encode(), "list.xls")


@pytest.mark.slow
def test_a_large_ods_is_read(read: Reader) -> None:
    with zipfile.ZipFile(io.BytesIO(_ods("<table:table-cell/>"))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    row = b"<table:table-row>" + b"".join(
        b'<table:table-cell office:value-type="string"><text:p>%d Storgata</text:p>'
        b"</table:table-cell>" % at
        for at in range(20)
    )
    end = b"</table:table></office:spreadsheet>"
    many = (row + b"</table:table-row>") * 40_000
    parts["content.xml"] = parts["content.xml"].replace(end, many + end)
    assert len(parts["content.xml"]) > 64 << 20
    assert len(seen(read(zipped(parts), "list.ods", header_row=1))) == 40_001

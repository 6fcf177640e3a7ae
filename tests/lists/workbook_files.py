"""One and the same sheet, written as .xls, .ods and .xlsb: formats, hidden rows, merged cells."""

from __future__ import annotations

import io
import struct
import zipfile
from datetime import date, time

import xlwt

HEADINGS = ("Navn", "Postnr", "Dato", "Tid", "Andel", "Aktiv", "Beløp", "Intern")


def xls() -> bytes:
    book = xlwt.Workbook()
    book.add_sheet("Grunnlag").visibility = 1
    sheet = book.add_sheet("Kunder")
    for column, heading in enumerate(HEADINGS):
        sheet.write(0, column, heading)
    sheet.write(1, 0, "Bjørn & Co")
    sheet.write(1, 1, 620, xlwt.easyxf(num_format_str="0000"))
    sheet.write(1, 2, date(2026, 3, 15), xlwt.easyxf(num_format_str="DD.MM.YYYY"))
    sheet.write(1, 3, time(8, 30), xlwt.easyxf(num_format_str="h:mm"))
    sheet.write(1, 4, 0.25, xlwt.easyxf(num_format_str="0%"))
    sheet.write(1, 5, True)
    sheet.write(1, 6, 1234.5)
    sheet.write(2, 0, "Skjult")
    sheet.row(2).hidden = True
    sheet.write_merge(4, 5, 0, 0, "Kari")
    sheet.write(4, 1, "0150")
    sheet.write(5, 1, "0151")
    sheet.row(6).set_cell_text(0, "Feil")
    sheet.row(6).set_cell_error(1, 0x2A)
    sheet.write(6, 6, 12345678901234567)
    sheet.col(7).hidden = True
    sheet.write(1, 7, "x")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ods() -> bytes:
    def cell(kind: str, shown: str, **attributes: str) -> str:
        more = "".join(f' {name.replace("_", ":", 1)}="{v}"' for name, v in attributes.items())
        value_type = f' office:value-type="{kind}"' if kind else ""
        return f"<table:table-cell{value_type}{more}><text:p>{shown}</text:p></table:table-cell>"

    empty = "<table:table-cell/>"
    row_end = '<table:table-cell table:number-columns-repeated="16376"/></table:table-row>'
    rows = [
        "<table:table-row>" + "".join(cell("string", heading) for heading in HEADINGS),
        "<table:table-row>"
        + cell("string", "Bjørn &amp; <text:span>Co</text:span>").replace(
            "<text:p>", "<office:annotation><text:p>ring!</text:p></office:annotation><text:p>"
        )
        + cell("float", "0620", office_value="620")
        + cell("date", "15.03.26", **{"office_date-value": "2026-03-15"})
        + cell("time", "08:30", **{"office_time-value": "PT08H30M00S"})
        + cell("percentage", "25 %", office_value="0.25")
        + cell("boolean", "SANN", **{"office_boolean-value": "true"})
        + cell("currency", "kr 1 234,50", office_value="1234.5")
        + cell("string", "x"),
        '<table:table-row table:visibility="filter">' + cell("string", "Skjult"),
        "<table:table-row>",
        "<table:table-row>"
        + cell("string", "Kari", **{"table_number-rows-spanned": "2"})
        + cell("string", "0150"),
        "<table:table-row><table:covered-table-cell/>" + cell("string", "0151"),
        "<table:table-row>"
        + cell("string", "Feil")
        + cell("string", "#N/A", **{"calcext_value-type": "error"})
        + empty * 4
        + cell("float", "1,2E+016", office_value="12345678901234567"),
    ]
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content><office:automatic-styles>'
        '<style:style style:name="ta1" style:family="table"><style:table-properties '
        'table:display="true"/></style:style><style:style style:name="ta2" style:family="table">'
        '<style:table-properties table:display="false"/></style:style></office:automatic-styles>'
        "<office:body><office:spreadsheet>"
        '<table:table table:name="Grunnlag" table:style-name="ta2"><table:table-row>'
        f"{cell('string', 'y')}</table:table-row></table:table>"
        '<table:table table:name="Kunder" table:style-name="ta1">'
        '<table:table-column table:number-columns-repeated="7"/>'
        '<table:table-column table:visibility="collapse"/>'
        + "".join(row + row_end for row in rows)
        + '<table:table-row table:number-rows-repeated="1048568"><table:table-cell/>'
        "</table:table-row></table:table></office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    return zipped(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content.encode(),
        }
    )


def xlsb() -> bytes:
    """Records as in [MS-XLSB]; fastexcel has to agree that this is a workbook (see below)."""

    def record(kind: int, content: bytes = b"") -> bytes:
        head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
        size, sized = len(content), b""
        while True:
            sized += bytes([size & 0x7F | (0x80 if size > 0x7F else 0)])
            size >>= 7
            if not size:
                return head + sized + content

    def wide(text: str) -> bytes:
        return struct.pack("<I", len(text)) + text.encode("utf-16-le")

    def cell(column: int, style: int = 0) -> bytes:
        return struct.pack("<II", column, style)

    def row(number: int, hidden: bool = False) -> bytes:
        return record(0, struct.pack("<IIHBBBI", number, 0, 300, 0, 0x10 if hidden else 0, 0, 0))

    def text(column: int, string: str) -> bytes:
        return record(6, cell(column) + wide(string))

    def real(column: int, number: float, style: int) -> bytes:
        return record(5, cell(column, style) + struct.pack("<d", number))

    formats = ["0000", "dd/mm/yyyy", "h:mm", "0%"]
    styles = b"".join(
        [
            record(278),
            record(615, struct.pack("<I", len(formats))),
            *(record(44, struct.pack("<H", 164 + at) + wide(f)) for at, f in enumerate(formats)),
            record(616),
            record(617, struct.pack("<I", len(formats) + 1)),
            record(47, struct.pack("<HHIII", 0xFFFF, 0, 0, 0, 0)),
            *(record(47, struct.pack("<HHIII", 0, 164 + at, 0, 0, 0)) for at in range(4)),
            record(618),
            record(279),
        ]
    )
    sheet = b"".join(
        [
            record(129),
            record(148, struct.pack("<IIII", 0, 6, 0, 7)),
            record(390),
            record(60, struct.pack("<IIIIH", 7, 7, 2000, 0, 1)),
            record(391),
            record(145),
            row(0),
            *(record(7, cell(at) + struct.pack("<I", at)) for at in range(len(HEADINGS))),
            row(1),
            text(0, "Bjørn & Co"),
            record(2, cell(1, 1) + struct.pack("<i", 620 << 2 | 2)),
            real(2, 46096.0, 2),
            real(3, 8.5 / 24, 3),
            record(2, cell(4, 4) + struct.pack("<i", 25 << 2 | 3)),
            record(4, cell(5) + b"\x01"),
            record(9, cell(6) + struct.pack("<d", 1234.5) + b"\0" * 10),
            text(7, "x"),
            row(2, hidden=True),
            text(0, "Skjult"),
            row(4),
            record(8, cell(0) + wide("Kari") + b"\0" * 10),
            text(1, "0150"),
            row(5),
            text(1, "0151"),
            row(6),
            text(0, "Feil"),
            record(3, cell(1) + b"\x2a"),
            real(6, 12345678901234567.0, 0),
            record(146),
            record(177, struct.pack("<I", 1)),
            record(176, struct.pack("<IIII", 4, 5, 0, 0)),
            record(178),
            record(130),
        ]
    )
    strings = record(159, struct.pack("<II", 8, 8)) + b"".join(
        record(19, b"\0" + wide(heading)) for heading in HEADINGS
    )
    book = b"".join(
        [
            record(131),
            record(153, struct.pack("<II", 0, 0) + wide("")),
            record(143),
            record(156, struct.pack("<II", 1, 1) + wide("rId1") + wide("Grunnlag")),
            record(156, struct.pack("<II", 0, 2) + wide("rId2") + wide("Kunder")),
            record(144),
            record(132),
        ]
    )
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    targets = "".join(
        f'<Relationship Id="rId{at}" Type="{kind}/{what}" Target="{target}"/>'
        for at, (what, target) in enumerate(
            [
                ("worksheet", "worksheets/sheet1.bin"),
                ("worksheet", "worksheets/sheet2.bin"),
                ("styles", "styles.bin"),
                ("sharedStrings", "sharedStrings.bin"),
            ],
            start=1,
        )
    )
    empty = record(129) + record(145) + record(146) + record(130)
    return zipped(
        {
            "[Content_Types].xml": b"<Types/>",
            "xl/workbook.bin": book,
            "xl/_rels/workbook.bin.rels": f"<Relationships>{targets}</Relationships>".encode(),
            "xl/worksheets/sheet1.bin": empty,
            "xl/worksheets/sheet2.bin": sheet,
            "xl/styles.bin": styles,
            "xl/sharedStrings.bin": strings,
        }
    )


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()

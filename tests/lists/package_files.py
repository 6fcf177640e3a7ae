"""Workbooks of zipped XML put together by hand, as programs other than Excel write them."""

from __future__ import annotations

from lists.workbook_files import zipped

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def parts(
    *sheets: str, strings: str | None = None, formats: tuple[str, ...] = (), book: str = ""
) -> dict[str, bytes]:
    """The parts of a workbook; `sheets` are what stands in each `<worksheet>`, `strings` in
    `<sst>`; style 1 has the first of `formats`; `book` stands in `<workbook>` before its sheets.
    """

    def relationship(key: str, kind: str, target: str) -> str:
        return f'<Relationship Id="{key}" Type="{_KINDS}/{kind}" Target="{target}"/>'

    numbered = range(1, len(sheets) + 1)
    codes = "".join(
        f'<numFmt numFmtId="{170 + at}" formatCode="{code.replace(chr(34), "&quot;")}"/>'.replace(
            "[<", "[&lt;"
        )
        for at, code in enumerate(formats)
    )
    styles = '<xf numFmtId="0"/>' + "".join(
        f'<xf numFmtId="{170 + at}"/>' for at in range(len(formats))
    )
    found = {
        "[Content_Types].xml": f'<Types><Override PartName="/xl/workbook.xml" '
        f'ContentType="{_TYPE}"/></Types>',
        "_rels/.rels": f"<Relationships>{relationship('r', 'officeDocument', 'xl/workbook.xml')}"
        "</Relationships>",
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_KINDS}">{book}<sheets>'
        + "".join(f'<sheet name="Ark{n}" sheetId="{n}" r:id="r{n}"/>' for n in numbered)
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": "<Relationships>"
        + "".join(relationship(f"r{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in numbered)
        + relationship("s", "styles", "styles.xml")
        + relationship("t", "sharedStrings", "sharedStrings.xml")
        + "</Relationships>",
        "xl/styles.xml": f"<styleSheet><numFmts>{codes}</numFmts><cellXfs>{styles}</cellXfs>"
        "</styleSheet>",
    }
    if strings is not None:
        found["xl/sharedStrings.xml"] = f"<sst>{strings}</sst>"
    for n, sheet in zip(numbered, sheets, strict=True):
        found[f"xl/worksheets/sheet{n}.xml"] = f'<worksheet xmlns="{_MAIN}">{sheet}</worksheet>'
    return {name: text.encode() for name, text in found.items()}


def inline(*rows: tuple[str, ...]) -> str:
    """A sheet's rows with all their texts in the cells."""
    return (
        "<sheetData>"
        + "".join(
            f'<row r="{number}">'
            + "".join(
                f'<c r="{chr(65 + at)}{number}" t="inlineStr"><is><t>{text}</t></is></c>'
                for at, text in enumerate(texts)
                if text
            )
            + "</row>"
            for number, texts in enumerate(rows, start=1)
        )
        + "</sheetData>"
    )


def workbook(*sheets: str, **more: object) -> bytes:
    """The file made of `parts`."""
    return zipped(parts(*sheets, **more))  # type: ignore[arg-type]  # as `parts` takes them

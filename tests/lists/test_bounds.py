"""Whatever a file holds, it is read or refused in bounded memory and time."""

from __future__ import annotations

import io
import os
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
import xlwt
from lists.test_exports import HTML, XML, flat
from lists.test_fuzz import altered, altered_inside, altered_parts, altered_tags, xlsx
from lists.workbook_files import ods, xls, xlsb

MOST_KILOBYTES, MOST_SECONDS = 1_500_000, 60
ROWS = 100_000
CELLS = [f"verdi {at}" for at in range(20)]
SPREADSHEET = XML.format(charset="UTF-8").partition("<Row>")[0]
FLAT = flat(ods()).decode().partition("<table:table-row>")[0]


def wide(columns: int) -> bytes:
    line = ",".join(["1"] * (columns + 1))
    return "\n".join([",".join(f"k{at}" for at in range(columns + 1)), *[line] * 3]).encode()


def repeated(head: str, row: str, rows: int = ROWS) -> bytes:
    return (head + row * rows).encode()


def large_xlsx(rows: int = ROWS) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    sheet = book.add_worksheet()
    for at in range(rows):
        sheet.write_row(at, 0, CELLS)
    book.close()
    return out.getvalue()


def large_xls(rows: int = 65_000) -> bytes:
    """As many rows as the format has, of texts and numbers."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Kunder")
    for at in range(rows):
        for column in range(10):
            sheet.write(at, column, CELLS[column] if column % 2 or not at else at + column)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(content: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """A workbook with one of its parts changed."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            inside = old.read(name)
            new.writestr(name, change(inside) if name.endswith(part) else inside)
    return out.getvalue()


def large_xlsb(rows: int = ROWS) -> bytes:
    """The binary sheet of the small one with its second row again and again, numbered."""

    def longer(sheet: bytes) -> bytes:
        begin = sheet.index(b"\x00\x11" + (1).to_bytes(4, "little"))
        end = sheet.index(b"\x00\x11" + (2).to_bytes(4, "little"))
        row = sheet[begin:end]
        numbered = (row[:2] + at.to_bytes(4, "little") + row[6:] for at in range(1, rows))
        last = sheet.index(b"\x92\x01", end)  # BrtEndSheetData
        return sheet[:begin] + b"".join(numbered) + sheet[last:]

    return repacked(xlsb(), "sheet2.bin", longer)


def shared_without_end(content: bytes) -> bytes:
    """So many shared texts that no list has."""
    return content.replace(b"</sst>", b"<si><t>x</t></si>" * 8_000_000 + b"</sst>")


WORKBOOKS: dict[str, Callable[[], bytes]] = {
    "a large .xlsx": large_xlsx,
    "a large .xls": large_xls,
    "a large .xlsb": large_xlsb,
    "a bomb of shared texts": lambda: repacked(
        large_xlsx(10), "sharedStrings.xml", shared_without_end
    ),
    "a cell far out": lambda: repacked(
        large_xlsx(10),
        "sheet1.xml",
        lambda sheet: sheet.replace(
            b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        ),
    ),
    "rows without end": lambda: repacked(
        large_xlsx(10),
        "sheet1.xml",
        lambda sheet: sheet.replace(
            b"</sheetData>", b"<row><c><v>1</v></c></row>" * 6_000_000 + b"</sheetData>"
        ),
    ),
    "a part of a large .xls": lambda: large_xls(20_000)[:-200_000],
    "an altered .xls": lambda: xls().replace(b"\x04", b"\xff"),
}


FILES: dict[str, Callable[[], bytes]] = {
    "1,999 columns": lambda: wide(1_999),
    "16,000 columns": lambda: wide(16_000),
    "200,000 columns": lambda: wide(200_000),
    "a line of high bytes": lambda: b"a;b\n" + bytes(range(128, 256)) * 400_000,
    "a long line": lambda: b"a;b\n" + b"x" * (60 << 20),
    "blank lines": lambda: b"\n" * 5_000_000,
    "empty cells": lambda: repeated("a;b\n" * 2, ";" * 1_000_000 + "\n", 20),
    "open quotation marks": lambda: repeated("a,b\n", '"' + "\n" * 200 + "\n", 20_000),
    "headings again and again": lambda: repeated("Navn;Sted\n", "Navn;Sted\n"),
    "a web page": lambda: repeated(
        "<table>", "<tr>" + "".join(f"<td>{cell}</td>" for cell in CELLS) + "</tr>"
    ),
    "a web page of one cell": lambda: repeated("<table><tr><td>", "a<br>", 4_000_000),
    "a web page that spans": lambda: repeated(
        "<table>", "<tr><td rowspan=65000 colspan=900>x", 2_000
    ),
    "tables in tables": lambda: repeated("", "<table>", 20_000),
    "XML of Excel 2003": lambda: repeated(
        SPREADSHEET,
        "<Row>"
        + "".join(f'<Cell><Data ss:Type="String">{cell}</Data></Cell>' for cell in CELLS)
        + "</Row>",
    ),
    "rows in rows": lambda: repeated(SPREADSHEET, "<Row>", 200_000),
    "merged without end": lambda: repeated(
        SPREADSHEET,
        '<Row><Cell ss:MergeAcross="16000" ss:MergeDown="1000000"><Data ss:Type="String">x</Data>'
        "</Cell></Row>",
        20_000,
    ),
    "flat OpenDocument": lambda: repeated(
        FLAT,
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p>'
            "</table:table-cell>"
            for cell in CELLS
        )
        + "</table:table-row>",
    ),
    "a cell that is repeated": lambda: repeated(
        FLAT,
        '<table:table-row table:number-rows-repeated="1048576"><table:table-cell '
        'table:number-columns-repeated="16384" office:value-type="string"><text:p>x</text:p>'
        "</table:table-cell></table:table-row>",
        1,
    ),
}


FILES |= WORKBOOKS


def must_be_bounded(path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "batchsend", "inspect", str(path)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None
    with process.stderr as stderr:
        said = stderr.read().decode(errors="replace")
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode in (0, 2), said
    assert "Traceback" not in said
    assert used.ru_maxrss < MOST_KILOBYTES
    assert used.ru_utime < MOST_SECONDS


posix = pytest.mark.skipif(
    not hasattr(os, "wait4"), reason="Windows does not count a process's memory"
)


@pytest.mark.slow
@posix
@pytest.mark.parametrize("name", FILES)
def test_a_large_file_takes_no_more_than_its_share(tmp_path: Path, name: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(FILES[name]())
    must_be_bounded(path)


@pytest.mark.slow
@posix
@pytest.mark.parametrize("seed", range(20))
def test_an_altered_file_takes_no_more_than_its_share(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    made: list[tuple[bytes, Callable[[bytes, random.Random], bytes]]] = [
        (HTML.format(charset="utf-8").encode(), altered_tags),
        (XML.format(charset="utf-8").encode(), altered_tags),
        (flat(ods()), altered_tags),
        (ods(), altered_parts),
        (xls(), altered),
        (xlsb(), altered_inside),
        (xlsx(), altered_parts),
        (xlsx(), altered),
    ]
    content, how = chance.choice(made)
    for _ in range(3):
        content = how(content, chance)
    path = tmp_path / "list.xls"
    path.write_bytes(content)
    must_be_bounded(path)

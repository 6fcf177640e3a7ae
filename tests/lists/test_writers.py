"""Any table that openpyxl, xlsxwriter or LibreOffice writes reads back as it is shown."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lists.test_exports import seen
from thoroughness import examples

from batchsend.lists import RecipientList

Reader = Callable[..., RecipientList]

Cell = tuple[object, str, str]
"""A value, its format, and what is read."""

_TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zl", "Zp"]),
    min_size=1,
    max_size=12,
).filter(lambda text: text.strip() == text and not text.startswith("="))
CELLS: list[Cell] = [
    (150, "0000", "0150"),
    (150, "[<=9999]0000;General", "0150"),
    (21341234, "[<=99999]00000;00000-0000", "02134-1234"),
    (1001, "0", "1001"),
    (1234567.891, "#,##0.00", "1234567.89"),
    (-1234.5, "#,##0.00;[Red]-#,##0.00", "-1234.5"),
    (0.969109400479616, "0.00%", "96.91%"),
    (12345678901, "General", "12345678901"),
    (0.125, "General", "0.125"),
    (date(2026, 3, 15), "dd/mm/yyyy", "2026-03-15"),
    (datetime(2026, 3, 15, 8, 30), "yyyy-mm-dd hh:mm", "2026-03-15 08:30"),
    (datetime(2026, 11, 1, 17, 42), "hh:mm", "17:42"),
    (time(8, 30), "hh:mm", "08:30"),
    (10.75, "[hh]:mm:ss", "258:00:00"),
    (True, "General", "TRUE"),
    ("0150", "@", "0150"),
    ("Åse & <Bjørn>", "General", "Åse & <Bjørn>"),
]
_TABLES = st.lists(
    st.tuples(*[st.one_of(st.sampled_from(CELLS), _TEXTS.map(lambda t: (t, "General", t)))] * 3),
    min_size=1,
    max_size=12,
)


def by_openpyxl(rows: list[tuple[Cell, ...]]) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["Navn", "Første verdi", "Andre verdi", "Tredje verdi"])
    for at, row in enumerate(rows, start=2):
        book.active.cell(at, 1, "Kari Nordmann")
        for column, (value, code, _) in enumerate(row, start=2):
            cell = book.active.cell(at, column)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
            cell.number_format = code
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def by_xlsxwriter(rows: list[tuple[Cell, ...]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Navn", "Første verdi", "Andre verdi", "Tredje verdi"])
        formats = {code: book.add_format({"num_format": code}) for _, code, _ in CELLS}
        for at, row in enumerate(rows, start=1):
            sheet.write(at, 0, "Kari Nordmann")
            for column, (value, code, _) in enumerate(row, start=1):
                sheet.write(at, column, value, formats[code])
    return out.getvalue()


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
    max_examples=examples(15),
)
@pytest.mark.parametrize("write", [by_openpyxl, by_xlsxwriter])
@given(rows=_TABLES)
def test_a_table_reads_back_as_it_is_shown(
    read: Reader, write: Callable[[list[tuple[Cell, ...]]], bytes], rows: list[tuple[Cell, ...]]
) -> None:
    recipients = read(write(rows), "list.xlsx", header_row=1, footer_rows=0)
    assert seen(recipients) == [
        (at, "Kari Nordmann", *(text for _, _, text in row)) for at, row in enumerate(rows, start=2)
    ]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not here")
@pytest.mark.parametrize("written", ["ods", "xls", "xlsx"])
def test_what_libreoffice_writes_reads_as_what_it_was_given(
    read: Reader, tmp_path: Path, written: str
) -> None:
    # It shows a truth value that has no format of its own as 1.
    rows: list[tuple[Cell, ...]] = [(cell,) * 3 for cell in CELLS if cell[0] is not True]
    (tmp_path / "given.xlsx").write_bytes(by_xlsxwriter(rows))
    out = tmp_path / "out"
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            written,
            "--outdir",
            str(out),
            str(tmp_path / "given.xlsx"),
        ],
        check=True,
        capture_output=True,
        timeout=300,
    )
    (made,) = out.iterdir()
    recipients = read(made.read_bytes(), made.name, header_row=1, footer_rows=0)
    assert seen(recipients) == [
        (at, "Kari Nordmann", *(text for _, _, text in row)) for at, row in enumerate(rows, start=2)
    ]

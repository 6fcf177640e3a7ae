"""Rows taken apart at once read as they do cell by cell, however a sheet is written."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lists.package_files import workbook

from batchsend.lists.workbooks.row_shapes import RowShapes
from batchsend.lists.workbooks.sheets import SheetRow
from batchsend.lists.workbooks.xlsx import XlsxBook

FORMATS = ("0000", "dd.mm.yyyy", "# ##0,00", "0%")
STRINGS = "<si><t>Åse</t></si><si><t>Storgata 1</t></si><si><t/></si><si><t>v&gt;</t></si>"

NUMBERS = ("620", "46290", "0.25", "1234.5600000000001", "12345678901234567", "1E+3", "")
TEXTS = ("Åse", "a v> b", "Hansen &amp; Sønn", "&#49;", " x ", "_x0041_", "<![CDATA[5]]>", "")
CELLS = (
    *((f"{style}><v>{{}}</v></c>", NUMBERS) for style in ("", ' s="1"', ' s="2"', ' s="9"')),
    (' s="1"><f>A1*2</f><v>{}</v></c>', NUMBERS),
    ('><f t="shared" si="0"/><v>{}</v></c>', NUMBERS),
    (' t="s"><v>{}</v></c>', "0123"),
    (' s="3" t="s"><v>{}</v></c>', "0123"),
    (' t="str"><f>"a"</f><v>{}</v></c>', TEXTS),
    (' t="inlineStr"><is><t>{}</t></is></c>', TEXTS),
    (' t="inlineStr"><is><t xml:space="preserve">{}</t></is></c>', TEXTS),
    (' t="b"><v>{}</v></c>', "01"),
    (' t="e"><v>{}</v></c>', ("#N/A",)),
    (' s="2"/>', ("",)),
    ("><v/></c>", ("",)),
)
"""How a cell may be written after its place, and what may be its value."""

shapes = st.lists(
    st.tuples(st.sampled_from("ABCD"), st.sampled_from(CELLS)),
    max_size=4,
    unique_by=lambda cell: cell[0],
).map(sorted)


@st.composite
def sheets(draw: st.DrawFn) -> str:
    """Rows of a few shapes, with whatever values."""
    known = draw(st.lists(shapes, min_size=1, max_size=3))
    rows = ""
    for number in range(1, draw(st.integers(2, 20)) + 1):
        rows += f'<row r="{number}">'
        for letter, (cell, values) in draw(st.sampled_from(known)):
            rows += f'<c r="{letter}{number}"' + cell.format(draw(st.sampled_from(values)))
        rows += "</row>"
    return f"<sheetData>{rows}</sheetData>"


def _read(sheet: str) -> list[SheetRow]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "list.xlsx"
        path.write_bytes(workbook(sheet, formats=FORMATS, strings=STRINGS))
        book = XlsxBook(path)
        return list(book.open(book.sheets[0].name).rows())


@given(sheets())
def test_rows_read_the_same_at_once_and_cell_by_cell(sheet: str) -> None:
    at_once = _read(sheet)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RowShapes, "take_apart", lambda *_: None)
        cell_by_cell = _read(sheet)
    assert at_once == cell_by_cell
    assert [row.shown for row in at_once] == [row.shown for row in cell_by_cell]


def test_rows_written_alike_are_taken_apart_at_once() -> None:
    shapes = RowShapes(lambda cell: cell.letters)
    shapes.learn('<c r="A1" t="s"><v>5</v></c><c r="B1" s="1"/><c r="C1"><v>0.5</v></c>')

    taken = shapes.take_apart(
        '<c r="A12" t="s"><v>6</v></c><c r="B12" s="1"/><c r="C12"><v>7</v></c>', "12"
    )

    assert taken is not None
    assert list(taken) == [("A", "6"), ("C", "7")]

"""Workbooks of zipped XML as programs other than Excel write them, read as Excel shows them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lists.package_files import inline, parts, workbook
from lists.workbook_files import xlsb, zipped
from thoroughness import examples

from batchsend.errors import ListError
from batchsend.lists import RecipientList
from batchsend.lists.workbooks.xlsx_sheet import unescaped

Reader = Callable[..., RecipientList]

ROWS = (("Navn", "Sted"), ("Kari", "Oslo"))
_PLAIN = parts(inline(*ROWS))


def cells(recipients: RecipientList) -> list[tuple[Any, ...]]:
    return recipients.rows.collect().rows()


def with_row(cell: str) -> str:
    """A sheet with headings and one row, Kari and this cell."""
    return inline(("Navn", "Verdi"), ("Kari",)).replace(
        "</row></sheetData>", cell + "</row></sheetData>"
    )


EMPTY = ("<si/>", "<si />", '<si xml:space="preserve"/>', "<si></si>", "<si><t/></si>")


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=examples(40),
    deadline=None,
)
@given(
    items=st.lists(
        st.one_of(
            st.sampled_from(EMPTY),
            st.sampled_from(
                [
                    "<si><t>%s</t></si>",
                    "<si><r><t>%s</t></r></si>",
                    "<!-- <si/> --><si><t>%s</t></si>",
                ]
            ),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_an_empty_shared_string_counts(read: Reader, items: list[str]) -> None:
    strings = "".join(item % at if "%s" in item else item for at, item in enumerate(items))
    rows = "".join(
        f'<row r="{at + 2}"><c r="A{at + 2}" t="inlineStr"><is><t>x</t></is></c>'
        f'<c r="B{at + 2}" t="s"><v>{at}</v></c></row>'
        for at in range(len(items))
    )
    sheet = inline(("Navn", "Verdi")).replace("</sheetData>", rows + "</sheetData>")
    expected = [str(at) if "%s" in item else "" for at, item in enumerate(items)]
    assert [
        row[2] for row in cells(read(workbook(sheet, strings=strings), "list.xlsx"))
    ] == expected


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Storgata 1_x000D_\nPostboks 2", "Storgata 1\nPostboks 2"),
        ("Bj_x00F8_rn", "Bjørn"),
        ("_xD83D__xDE00_", "\U0001f600"),
        ("a_x005F_x0041_b", "a_x0041_b"),
    ],
)
@pytest.mark.parametrize("item", ["<si><t>{}</t></si>", "<si><r><t>{}</t></r></si>"])
def test_what_xml_cannot_hold_is_read_as_it_was_typed(
    read: Reader, item: str, written: str, shown: str
) -> None:
    row = (
        '<row r="2"><c r="A2" t="inlineStr"><is><t>x</t></is></c><c r="B2" t="s"><v>0</v></c></row>'
    )
    sheet = inline(("Navn", "Verdi")).replace("</sheetData>", row + "</sheetData>")
    found = cells(read(workbook(sheet, strings=item.format(written)), "list.xlsx"))
    assert [cell for _row, _name, cell in found] == [shown]


@pytest.mark.parametrize("extension", ["x15:workbookPr", "x14:workbookPr", "workbookPr"])
def test_an_extension_does_not_change_the_first_day(read: Reader, extension: str) -> None:
    days = (date(1980, 12, 24) - date(1904, 1, 1)).days
    found = parts(
        with_row(f'<c r="B2" s="1"><v>{days}</v></c>'),
        formats=("dd.mm.yyyy",),
        book='<workbookPr date1904="1"/>',
    )
    ext = f'<extLst><ext uri="x"><{extension} chartTrackingRefBase="1"/></ext></extLst></workbook>'
    found["xl/workbook.xml"] = found["xl/workbook.xml"].replace(b"</workbook>", ext.encode())
    assert cells(read(zipped(found), "list.xlsx")) == [(2, "Kari", "1980-12-24")]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('<c r="B2" t="inlineStr"><v>1001</v><is><t>1001</t></is></c>', "1001"),
        ('<c r="B2" t="inlineStr"><is><r><t>10</t></r><r><t>01</t></r></is><v>9</v></c>', "1001"),
        ('<c r="B2" t="inlineStr"><v>1001</v></c>', "1001"),
        ('<c r="B2" t="str"><v>1001</v><is><t>9</t></is></c>', "1001"),
        ('<c r="B2" s=""><v>1001</v></c>', "1001"),
        ('<c r="B2" s="" t=""><v>1001</v></c>', "1001"),
        ('<c r="B2" t="str"><v>_xD83D__xDE00_ hei</v></c>', "😀 hei"),
        ('<c r="B2" t="str"><v>_xD83D_ hei</v></c>', "\ufffd hei"),
    ],
)
def test_a_cell_however_it_is_written(read: Reader, cell: str, text: str) -> None:
    assert cells(read(workbook(with_row(cell)), "list.xlsx")) == [(2, "Kari", text)]


@given(st.text(max_size=20))
def test_text_that_is_escaped_reads_as_it_was(text: str) -> None:
    units = text.encode("utf-16-be", "surrogatepass")
    escaped = "".join(f"_x{units[at]:02X}{units[at + 1]:02x}_" for at in range(0, len(units), 2))
    as_lines = text.replace("\r\n", "\n").replace("\r", "\n")
    assert unescaped(escaped) == as_lines


@pytest.mark.parametrize("empty", ["<sheetData/>", "<sheetData />", "<sheetData></sheetData>"])
def test_the_list_may_be_on_a_later_sheet(read: Reader, empty: str) -> None:
    recipients = read(workbook(empty, inline(*ROWS)), "list.xlsx")
    assert cells(recipients) == [(2, "Kari", "Oslo")]
    assert recipients.notes == ("Only the sheet 'Ark2' was read, not Ark1.",)
    with pytest.raises(ListError, match="is empty"):
        read(workbook(empty, empty), "list.xlsx")
    with pytest.raises(ListError, match="is empty"):
        read(workbook(empty, inline(*ROWS)), "list.xlsx", sheet="Ark1")


def _moved(found: dict[str, bytes]) -> dict[str, bytes]:
    return {
        name.replace("xl/", "", 1): content.replace(b"/xl/", b"/").replace(b'"xl/', b'"')
        for name, content in found.items()
    }


def _bare(found: dict[str, bytes]) -> dict[str, bytes]:
    """Without what says how the parts hang together, where it can be told all the same."""
    kept = {name: content for name, content in found.items() if not name.startswith(("_rels", "["))}
    rels = kept["xl/_rels/workbook.xml.rels"]
    for part in (b"styles", b"sharedStrings"):
        rels = rels.replace(b'/%s" Target' % part, b'/other" Target')
    return kept | {"xl/_rels/workbook.xml.rels": rels}


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda found: {k.replace("/", "\\"): v for k, v in found.items()}, id="\\"),
        pytest.param(lambda found: {f"/{k}": v for k, v in found.items()}, id="leading slash"),
        pytest.param(lambda found: {k.upper(): v for k, v in found.items()}, id="capitals"),
        pytest.param(
            lambda found: {k: v.replace(b"worksheets/", b"worksheets\\") for k, v in found.items()},
            id="backslashes in targets",
        ),
        pytest.param(_moved, id="not below xl/"),
        pytest.param(_bare, id="without relationships"),
    ],
)
def test_a_package_however_its_parts_are_named(
    read: Reader, change: Callable[[dict[str, bytes]], dict[str, bytes]]
) -> None:
    sheet = with_row('<c r="B2" t="s"><v>0</v></c>')
    found = parts(sheet, strings="<si><t>Oslo</t></si>", formats=("0000",))
    assert cells(read(zipped(change(found)), "list.xlsx")) == [(2, "Kari", "Oslo")]


def test_a_binary_workbook_outside_its_folder(read: Reader) -> None:

    with zipfile.ZipFile(io.BytesIO(xlsb())) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    usual = cells(read(zipped(found), "list.xlsb"))
    found["[Content_Types].xml"] = (
        b'<Types><Override ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>'
        b"</Types>"
    )
    found["_rels/.rels"] = (
        b'<Relationships><Relationship Id="r" Type="x/officeDocument" Target="xl/workbook.bin"/>'
        b"</Relationships>"
    )
    assert cells(read(zipped(_moved(found)), "list.xlsb")) == usual


def test_rows_and_columns_of_no_size_are_hidden(read: Reader) -> None:
    sheet = inline(("Nr", "Navn", "Intern"), ("1", "Kari", "x"), ("2", "Skjult", "x"))
    sheet = sheet.replace('<row r="3">', '<row r="3" ht="0" customHeight="1">')
    found = read(workbook('<cols><col min="3" max="3" width="0"/></cols>' + sheet), "list.xlsx")
    assert cells(found) == [(2, "1", "Kari")]
    assert found.left_out["row"].to_list() == [3]


def test_a_workbook_that_lacks_what_it_lists_is_damaged(read: Reader) -> None:
    made = parts(inline(*ROWS))
    del made["xl/_rels/workbook.xml.rels"]
    with pytest.raises(ListError, match="damaged"):
        read(zipped(made), "list.xlsx")

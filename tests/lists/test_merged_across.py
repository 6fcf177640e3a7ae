"""Cells merged sideways: footers, and recipients of whom one text would be in two columns."""

from __future__ import annotations

import io
from collections.abc import Callable

import openpyxl
import pytest
import xlwt
from lists.conftest import Reader

ROWS = [
    ["Kundenr", "Navn", "Adresse", "Postnr", "Poststed", "Merknad", "Beløp"],
    ["1001", "Kari", "Gata 1", "0150", "Oslo", "x", "100"],
    ["1002", "Ola", "Gata 2", "0150", "Oslo", "y", "200"],
]
Merged = tuple[int, int, int]
"""Row, first and last column, all from 1."""


def xlsx(rows: list[list[str]], merged: list[Merged]) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    for at, first, last in merged:
        book.active.merge_cells(start_row=at, end_row=at, start_column=first, end_column=last)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xls(rows: list[list[str]], merged: list[Merged]) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Kunder")
    for at, row in enumerate(rows):
        for column, text in enumerate(row):
            sheet.write(at, column, text)
    ranges = ((at - 1, at - 1, first - 1, last - 1) for at, first, last in merged)
    sheet.merged_ranges.extend(ranges)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def spans(rows: list[list[str]], merged: list[Merged]) -> list[list[tuple[str, int]]]:
    """The cells of each row, without those that are covered, and how many columns each spans."""
    found = []
    for number, row in enumerate(rows, start=1):
        across = {first: last - first + 1 for at, first, last in merged if at == number}
        cells, column = [], 1
        while column <= len(row):
            cells.append((row[column - 1], across.get(column, 1)))
            column += across.get(column, 1)
        found.append(cells)
    return found


def html(rows: list[list[str]], merged: list[Merged]) -> bytes:
    lines = [
        "<tr>" + "".join(f"<td colspan={span}>{text}</td>" for text, span in row) + "</tr>"
        for row in spans(rows, merged)
    ]
    return f"<table>{''.join(lines)}</table>".encode()


def xml(rows: list[list[str]], merged: list[Merged]) -> bytes:
    lines = [
        "<Row>"
        + "".join(
            f'<Cell ss:MergeAcross="{span - 1}"><Data ss:Type="String">{text}</Data></Cell>'
            for text, span in row
        )
        + "</Row>"
        for row in spans(rows, merged)
    ]
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    return (
        f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}"><Worksheet '
        f'ss:Name="Kunder"><Table>{"".join(lines)}</Table></Worksheet></Workbook>'
    ).encode()


MAKERS = [xlsx, xls, html, xml]
Maker = Callable[[list[list[str]], list[Merged]], bytes]


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize(
    ("last", "across"),
    [
        (["Spørsmål? Ring 22 00 00 00.", *[""] * 6], 7),
        (["Merk: alle beløp er i kroner", *[""] * 6], 7),
        (["Sum", *[""] * 5, "300"], 6),
        (["I alt:", *[""] * 5, "300"], 6),
        (["", "", "Totalt", "", "", "", "300"], 0),
    ],
)
def test_a_footer_over_several_columns_is_no_recipient(
    read: Reader, make: Maker, last: list[str], across: int
) -> None:
    content = make([*ROWS, last], [(4, 1, across)] if across else [])
    found = read(content, "list.xls")
    assert found.rows.collect()["row"].to_list() == [2, 3]
    (line,) = found.left_out.rows(named=True)
    assert line["row"] == 4
    assert [line[f"c{at}"] for at in range(7)] == last
    assert found.problems.is_empty()


@pytest.mark.parametrize("make", MAKERS)
def test_a_recipient_with_one_text_in_two_columns_is_held(read: Reader, make: Maker) -> None:
    rows = [ROWS[0], ["1001", "Kari Hansen", "", "0150", "Oslo", "x", "100"], ROWS[2]]
    (problem,) = read(make(rows, [(2, 2, 3)]), "list.xls").problems.rows(named=True)
    assert (problem["row"], problem["column"], problem["severity"]) == (2, "Adresse", "error")
    assert "to its left" in problem["message"]


def test_of_columns_that_are_no_part_of_an_address_it_is_told(read: Reader) -> None:
    rows = [ROWS[0], ["1001", "Kari", "Gata 1", "0150", "Oslo", "100", ""], ROWS[2]]
    (problem,) = read(xlsx(rows, [(2, 6, 7)]), "list.xlsx").problems.rows(named=True)
    assert (problem["row"], problem["column"], problem["severity"]) == (2, "Beløp", "warning")


def test_a_wide_column_is_one_column(read: Reader) -> None:
    rows = [
        ["Navn", "Adresse", "", "Sted"],
        ["Kari", "Gata 1", "", "Oslo"],
        ["Ola", "Gata 2", "", "Bodø"],
    ]
    found = read(xlsx(rows, [(at, 2, 3) for at in (1, 2, 3)]), "list.xlsx")
    assert found.problems.is_empty()
    assert found.rows.select("c1").collect().to_series().to_list() == ["Gata 1", "Gata 2"]


def test_cells_merged_downwards_say_the_same_of_each_row(read: Reader) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in ROWS:
        book.active.append(row)
    book.active.merge_cells("B2:B3")
    out = io.BytesIO()
    book.save(out)
    found = read(out.getvalue(), "list.xlsx")
    assert found.problems.is_empty()
    assert found.rows.select("c1").collect().to_series().to_list() == ["Kari", "Kari"]

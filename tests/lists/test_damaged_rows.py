"""Rows that are not what they seem: headings pasted again, rows cut by a line break, short rows."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from thoroughness import examples
from xlsxwriter import Workbook

from batchsend.errors import ListError
from batchsend.lists import RecipientList
from batchsend.lists.short_rows import ShortRows, cut_in_pieces

Reader = Callable[..., RecipientList]

HEADINGS = "Kundenr;Navn;Adresse;Postnr;Poststed"


def row(number: int) -> str:
    return f"{number};Kari Nordmann;Storgata {number};0150;Oslo"


def told(recipients: RecipientList) -> dict[int, str]:
    """The errors of whole rows."""
    assert set(recipients.problems["column"]) <= {""}
    assert set(recipients.problems["severity"]) <= {"error"}
    return dict(recipients.problems.select("row", "message").rows())


class TestHeadingsAgain:
    @pytest.mark.parametrize(
        "again", [HEADINGS, HEADINGS.replace(";", " ; "), HEADINGS.upper(), f"{HEADINGS};"]
    )
    def test_are_no_recipient(self, read: Reader, again: str) -> None:
        text = "\n".join([HEADINGS, row(1), again, row(2), HEADINGS, row(3)])
        found = told(read(text.encode()))
        assert set(found) == {3, 5}
        assert found[5] == "this row repeats the headings of row 1 and is no recipient; delete it"

    def test_are_all_that_is_said_of_their_row(self, read: Reader) -> None:
        text = "\n".join([HEADINGS, row(1), f"{HEADINGS};Ny", row(2)])
        assert len(told(read(text.encode()))) == read(text.encode()).problems.height == 1

    def test_are_found_below_a_title_and_in_a_workbook(self, read: Reader) -> None:
        out = io.BytesIO()
        with Workbook(out, {"in_memory": True}) as book:
            sheet = book.add_worksheet()
            lines = ["Kundeliste", "", HEADINGS, row(1), row(2), "", HEADINGS, row(3)]
            for at, line in enumerate(lines):
                sheet.write_row(at, 0, line.split(";"))
        found = told(read(out.getvalue(), "list.xlsx"))
        assert found == {7: "this row repeats the headings of row 3 and is no recipient; delete it"}

    def test_in_another_order_stop_the_list(self, read: Reader) -> None:
        text = "\n".join([HEADINGS, row(1), "Navn;Kundenr;Adresse;Poststed;Postnr", row(2)])
        with pytest.raises(ListError, match=r"Row 3 of list\.csv holds headings again, in another"):
            read(text.encode())

    @pytest.mark.parametrize(
        "alike", ["Navn;Per Navn;Navnveien 1;0150;Oslo", "9;Kundenr;Adresse;0150;Oslo"]
    )
    def test_a_recipient_called_like_one_is_a_recipient(self, read: Reader, alike: str) -> None:
        assert not told(read("\n".join([HEADINGS, row(1), alike, row(2)]).encode()))


class TestARowCutByALineBreak:
    @pytest.mark.parametrize(
        ("lines", "pieces"),
        [
            ([row(1), "2;Ola;Storgata", "1;0150;Oslo", row(3)], [(3, 4)]),
            ([row(1), "2;Ola;Storgata", "", "1;0150;Oslo", row(3)], [(3, 5)]),
            ([row(1), "2;Ola;Storgata", "oppgang", "1;0150;Oslo", row(3)], [(3, 4, 5)]),
            ([row(1), "2;O", "L;Vei 1;0150;Oslo", "3;O;V", "1;0150;Oslo"], [(3, 4), (5, 6)]),
            ([row(1), "2;Ola;Storgata", row(3), "1;0150;Oslo", row(4)], []),
        ],
        ids=["two", "over a blank row", "three", "two after each other", "not beside each other"],
    )
    def test_is_named_with_its_other_pieces(
        self, read: Reader, lines: list[str], pieces: list[tuple[int, ...]]
    ) -> None:
        found = told(read("\n".join([HEADINGS, *lines]).encode()))
        assert set(found) == {row for rows in pieces for row in rows}
        for rows in pieces:
            assert all("one row that a line break has cut" in found[row] for row in rows)
            assert len({found[row] for row in rows}) == 1

    def test_rows_without_their_empty_ends_are_not_taken_for_it(self, read: Reader) -> None:
        lines = [row(at).rsplit(";", at % 3)[0] for at in range(1, 40)]
        recipients = read("\n".join([HEADINGS, *lines]).encode())
        assert not told(recipients)
        assert recipients.short.rows()[:3] == [(2, 4), (3, 3), (5, 4)]

    @pytest.mark.parametrize(
        ("lines", "warned"),
        [
            ([row(1), "og mer", row(2)], {2: "last", 4: "first"}),
            ([row(1), "", "og mer", "", row(2)], {}),
            ([row(1), "og", "mer", row(2)], {2: "last", 5: "first"}),
            (["Avdeling Oslo", row(1)], {3: "first"}),
            ([row(1), row(2), "Antall: 2"], {}),
        ],
    )
    def test_beside_a_loose_cell_rows_are_doubted(
        self, read: Reader, lines: list[str], warned: dict[int, str]
    ) -> None:
        recipients = read("\n".join([HEADINGS, *lines]).encode(), header_row=1)
        assert set(recipients.problems["severity"]) <= {"warning"}
        found = dict(recipients.problems.select("row", "message").rows())
        assert set(found) == set(warned)
        assert all(f"the {end} cell here" in found[row] for row, end in warned.items())

    @settings(max_examples=examples(100), deadline=None)
    @given(
        cuts=st.lists(st.integers(1, 8), min_size=1, max_size=9),
        width=st.integers(2, 9),
        gap=st.integers(0, 3),
    )
    def test_wherever_rows_are_cut_their_pieces_are_found(
        self, cuts: list[int], width: int, gap: int
    ) -> None:
        short, expected, at = ShortRows(), [], 2
        for cut in cuts:
            first = 1 + cut % (width - 1) if width > 2 else 1
            if first in {1, width}:
                continue  # the other piece has as many cells as a whole row, and is taken for one
            short.add(at, first)
            short.add(at + 1, width - first + 1)
            expected.append([at, at + 1])
            at += 2 + gap
        assert cut_in_pieces(short, width, ()) == expected


def test_columns_that_are_left_out_do_not_count(read: Reader) -> None:
    recipients = read(b"Navn;;Adresse;Sted\nA;;B;C\nD;;E\n")
    assert [column.heading for column in recipients.columns] == ["Navn", "Adresse", "Sted"]
    assert recipients.short.rows() == [(3, 2)]

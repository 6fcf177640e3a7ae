"""Corrections laid over a list: where the cell says what it said, and nowhere else."""

from __future__ import annotations

import random
from dataclasses import replace

import polars as pl
import pytest
from corrections.list_made import columns_of, correction, made, texts
from hypothesis import given, settings
from hypothesis import strategies as st
from thoroughness import examples

from batchsend.corrections import Cell, Correction, draft, fits, laid_over
from batchsend.lists import PROBLEMS, Figure, RecipientList

HEADINGS = ["Kundenr.", "Navn", "Postnr"]
WORDS = st.sampled_from(["", "581", "0581", "Åse", "150", " x"])


def over(recipients: RecipientList, *corrections: Correction) -> list[list[str]]:
    return texts(laid_over(recipients, fits(recipients, corrections)))


@settings(max_examples=examples(200, quick=40))
@given(
    rows=st.lists(st.tuples(WORDS, WORDS, WORDS), min_size=1, max_size=6),
    typed=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 2), WORDS), max_size=6),
    later=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2), WORDS), max_size=4),
    seed=st.integers(0, 99),
)
def test_a_cell_changes_only_where_it_still_says_what_it_said(
    rows: list[tuple[str, ...]],
    typed: list[tuple[int, int, str]],
    later: list[tuple[int, int, str]],
    seed: int,
) -> None:
    first = made(HEADINGS, *rows)
    cells = [Cell(2 + at % len(rows), HEADINGS[column], now) for at, column, now in typed]
    drafts = draft(first, columns_of(first, "Kundenr."), cells)
    corrections = [
        Correction(number, 1, each, correction({}, "", "", "").at, "kari")
        for number, each in enumerate(drafts, start=1)
    ]
    assert [(each.column, each.now) for each in drafts] == [(c.column, c.now) for c in cells]

    changed = [list(row) for row in rows]
    for at, column, text in later:
        changed[at % len(rows)][column] = text
    second = made(HEADINGS, *changed)
    found = over(second, *corrections)
    for before, after in zip(changed, found, strict=True):
        for column, (was, now) in enumerate(zip(before, after, strict=True)):
            allowed = {
                each.now.strip()
                for each in drafts
                if each.column == HEADINGS[column] and each.was.strip() == was.strip()
            }
            assert now == was or now.strip() in allowed

    # Moved rows and columns, and another column, are no other list.
    order = list(range(len(rows)))
    random.Random(seed).shuffle(order)
    moved = made(
        ["Ny", "Postnr", "KUNDENR", "Navn"],
        *([f"{at}", changed[at][2], changed[at][0], changed[at][1]] for at in order),
        first=10,
    )
    again = over(moved, *corrections)
    assert [[row[2], row[3], row[1]] for row in again] == [found[at] for at in order]
    assert [row[0] for row in again] == [f"{at}" for at in order]


def test_the_row_is_known_by_the_identifiers_columns_as_the_list_has_them() -> None:
    first = made(HEADINGS, ["1001", "Åse", "581"], ["1002", "Kåre", "581"])
    number = columns_of(first, "Kundenr.")
    drafts = draft(first, number, [Cell(2, "postnr", "0581"), Cell(2, "kundenr", "1001b")])
    assert [dict(each.key) for each in drafts] == [{"Kundenr.": "1001"}] * 2
    entered = [Correction(1, 1, each, correction({}, "", "", "").at, "kari") for each in drafts]
    assert over(first, *entered) == [["1001b", "Åse", "0581"], ["1002", "Kåre", "581"]]


def test_a_column_that_says_the_same_in_every_row_is_no_part_of_the_key() -> None:
    headings = ["Måned", "Kundenr.", "Postnr"]
    first = made(headings, ["januar", "1001", "581"], ["januar", "1002", "15"])
    drafts = draft(first, columns_of(first, "Måned", "Kundenr."), [Cell(2, "Postnr", "0581")])
    assert dict(drafts[0].key) == {"Kundenr.": "1001"}


@pytest.mark.parametrize("number", ["1001", ""])
def test_a_row_whose_key_is_blank_or_there_twice_is_known_by_all_its_cells(number: str) -> None:
    rows = [[number, "Åse", "581"], ["1001", "Kåre", "581"], ["", "Ola", "581"]]
    first = made(HEADINGS, *rows)
    (each,) = draft(first, columns_of(first, "Kundenr."), [Cell(2, "Postnr", "0581")])
    assert dict(each.key) == dict(zip(HEADINGS, rows[0], strict=True))
    entered = Correction(1, 1, each, correction({}, "", "", "").at, "kari")
    assert [row[2] for row in over(first, entered)] == ["0581", "581", "581"]


@pytest.mark.parametrize(
    ("rows", "state"),
    [
        ([["1001", "Åse", "581"]], "used"),
        ([["1001", "Åse", "0581"]], "cured"),
        ([["1001", "Åse", "582"]], "changed"),
        ([["1002", "Åse", "581"]], "no row"),
        ([["1001", "Åse", "581"], ["1001", "Kåre", "581"]], "several rows"),
    ],
)
def test_what_becomes_of_a_correction_is_known(rows: list[list[str]], state: str) -> None:
    now = made(HEADINGS, *rows)
    each = correction({"Kundenr.": "1001"}, "Postnr", "581", "0581")
    assert [fit.state for fit in fits(now, [each])] == [state]
    changed = over(now, each) != rows
    assert changed == (state == "used")


def test_a_column_that_is_gone_is_said_and_one_renamed_is_found() -> None:
    each = correction({"Kundenr.": "1001"}, "Postnr", "581", "0581")
    gone = made(["Kundenr.", "Navn"], ["1001", "Åse"])
    assert [fit.state for fit in fits(gone, [each])] == ["no column"]
    renamed = made(["Kundenummer", "Postnummer"], ["1001", "581"])
    assert over(renamed, each) == [["1001", "0581"]]


def test_the_last_correction_of_a_cell_counts() -> None:
    now = made(HEADINGS, ["1001", "Åse", "581"])
    found = over(
        now,
        correction({"Kundenr.": "1001"}, "Postnr", "581", "0581"),
        correction({"Navn": "Åse"}, "Postnr", "581", "0582", number=2),
    )
    assert found == [["1001", "Åse", "0582"]]


def test_a_number_is_known_by_what_is_stored_and_by_what_is_shown() -> None:
    number = Figure("0007", "7")
    each = correction({"Kundenr.": number}, "Postnr", Figure("0150", "150"), "0151")
    assert over(made(HEADINGS, ["7", "Åse", "150"]), each)[0][2] == "0151"
    assert over(made(HEADINGS, ["0007", "Åse", "0150"]), each)[0][2] == "0151"
    assert over(made(HEADINGS, ["07", "Åse", "150"]), each)[0][2] == "150"


def test_a_number_with_a_format_of_its_own_is_laid_over_as_it_is() -> None:
    each = correction({"Kundenr.": "1"}, "Postnr", "x", Figure("96.91", "96.9109"))
    (cells,) = over(made(HEADINGS, ["1", "Åse", "x"]), each)
    assert isinstance(cells[2], Figure)
    assert (cells[2], cells[2].stored) == ("96.91", "96.9109")


def test_what_reading_found_wrong_with_the_cell_is_gone() -> None:
    told = [(row, "Postnr", "#N/A", "An error of Excel's.", "error") for row in (2, 3)]
    now = replace(
        made(HEADINGS, ["1", "Åse", "#N/A"], ["2", "Kåre", "#N/A"]),
        problems=pl.DataFrame(told, PROBLEMS, orient="row"),
    )
    each = correction({"Kundenr.": "1"}, "Postnr", "#N/A", "0150")
    assert laid_over(now, fits(now, [each])).problems["row"].to_list() == [3]

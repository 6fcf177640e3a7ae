"""Several runs in one report: every letter has its say once, and none is hidden."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from reports.lists import listed, standing

from batchsend.reports import RowsReport, from_ledger, rows_report, together

HELD = {"held": True, "reasons": "No postcode."}


def run(number: int, *rows: dict[str, Any], to: str = "api", **known: Any) -> RowsReport:
    return rows_report(listed(*rows), standing(**known), complete=True, destination=to, run=number)


def lines(*reports: RowsReport) -> list[tuple[Any, ...]]:
    told = together(reports)
    frame = told.frame.collect()
    assert frame["row"].to_list() == told.letters.collect()["row"].to_list()
    return frame.select("run", "identifier", pl.col("status").cast(pl.String)).rows()


def test_a_corrected_row_counts_once_as_it_is_now() -> None:
    known = {"letter_2": "accepted", "letter_3": "accepted"}
    first = run(1, {}, {"identifier": "letter-3", **HELD}, **{**known, "letter_3": "pending"})
    second = run(2, {"identifier": "letter-3"}, **known)
    assert lines(first, second) == [(1, "letter-2", "accepted"), (2, "letter-3", "accepted")]


def test_what_the_api_has_is_not_hidden_by_a_later_row_of_that_name() -> None:
    known = {"letter_2": "accepted"}
    first, second = run(1, {}, **known), run(2, {"content": "content-2"}, **known)
    assert lines(first, second) == [(1, "letter-2", "accepted"), (2, "letter-2", "conflict")]


def test_nor_by_one_that_was_held_back_since() -> None:
    known = {"letter_2": "unknown"}
    first, second = run(1, {}, **known), run(2, HELD, **known)
    assert lines(first, second) == [(1, "letter-2", "unknown"), (2, "letter-2", "invalid")]


def test_other_destinations_have_letters_of_their_own() -> None:
    first = run(1, {}, to="sandbox", letter_2="accepted")
    second = run(2, {}, letter_2="accepted")
    assert lines(first, second) == [(1, "letter-2", "accepted"), (2, "letter-2", "accepted")]


@pytest.mark.parametrize("identifier", [None, ""])
def test_rows_without_an_identifier_all_stay(identifier: str | None) -> None:
    row = {"identifier": identifier, **HELD}
    assert len(lines(run(1, row), run(2, row))) == 2


def test_rows_of_one_letter_stay_together() -> None:
    rows: tuple[dict[str, Any], ...] = ({}, {"identifier": "letter-2", "letter": 2})
    told = together([run(1, *rows, letter_2="accepted"), run(2, *rows, letter_2="accepted")])
    assert told.frame.collect()["run"].to_list() == [2, 2]
    assert told.letters.collect().height == 1


def test_a_heading_is_the_same_column_in_every_list() -> None:
    one = listed({"c0": "Kari", "c1": "a", "c2": "b"}, headings=("Navn", "Merke", "Merke"))
    other = listed(
        {"identifier": "x", "c0": "c", "c1": "Ola", "c2": "2"}, headings=("Merke", "Navn", "Ny")
    )
    told = together(
        [
            rows_report(rows, standing(), complete=True, destination="api", run=number)
            for number, rows in enumerate((one, other), start=1)
        ]
    )
    assert [column.heading for column in told.columns] == ["Navn", "Merke", "Merke", "Ny"]
    cells = told.frame.select(column.key for column in told.columns).collect().rows()
    assert cells == [("Kari", "a", "b", ""), ("Ola", "c", "", "2")]


def test_of_a_list_that_is_gone_the_ledger_tells() -> None:
    known = standing(
        letter_2="accepted",
        letter_3={"state": "sending", "row": 3},
        letter_4={"state": "accepted", "run": 2},
    )
    gone = from_ledger(known, destination="api", run=1)
    assert lines(gone) == [(1, "letter-2", "accepted"), (1, "letter-3", "unknown")]
    second = run(2, {"identifier": "letter-4"}, letter_4="accepted")
    assert [line[:2] for line in lines(gone, second)] == [
        (1, "letter-2"),
        (1, "letter-3"),
        (2, "letter-4"),
    ]

"""Placeholders and sample text that a letter's reader would see."""

from __future__ import annotations

import pytest

from batchsend.expressions import left_in, visible_text
from batchsend.lists import Column

COLUMNS = [Column(0, "Navn", "navn"), Column(1, "Rente", "rente"), Column(2, "E-post", "e_post")]


@pytest.mark.parametrize(
    "text", ["%navn", ":navn", "_navn_", "#navn", "((navn))", "$navn", "Hei :navn!", "_e_post_"]
)
def test_a_columns_very_name_in_a_programs_marks_is_held(text: str) -> None:
    assert [column.name for _written, column in left_in(text, COLUMNS) if column]


@pytest.mark.parametrize(
    "text", ["Kjære (navn)", "*navn*", "**navn**", "/navn/", "«navn", "navn»", "{navn", "[navn",
             "navn]",
             "&navn;"],
)  # fmt: skip
def test_marks_that_people_may_mean_are_told(text: str) -> None:
    assert [column for _written, column in left_in(text, COLUMNS)] == [None]


@pytest.mark.parametrize(
    "text", ["TODO", "Lorem ipsum dolor", "XX.XX.2026", "xx.xx.xxxx", "2026-XX-XX", "12.XX.2026",
             "kr X XXX,XX", "xx kroner", "kr xxx", "XXX", "dd.mm.åååå", "pp.kk.vvvv",
             "Navn Navnesen", "Fornavn Etternavn", "Ditt navn her", "Sett inn dato her",
             "Click or tap here to enter text."],
)  # fmt: skip
def test_what_stands_for_a_text_to_come_is_told(text: str) -> None:
    assert [column for _written, column in left_in(f"Hei, {text} Hilsen", COLUMNS)] == [None]


@pytest.mark.parametrize(
    "text", ["5 %rente", "Navn: Kari", "Navn:navn", "og/eller", "navn@example.com", "XXL",
             "Kapittel XX", "(se vedlegg)", "betal rente (RENTE)",
             "https://example.com/navn/", "5 < navn", "navn > 3",
             "Skriv under her", "Hele navnet her", "20XX"],
)  # fmt: skip
def test_ordinary_text_is_none(text: str) -> None:
    assert not list(left_in(text, COLUMNS))


@pytest.mark.parametrize("text", ["[TODO]", "((XXX))", "[Fornavn Etternavn]"])
def test_a_text_to_come_in_brackets_is_told_once(text: str) -> None:
    assert len(list(left_in(text, COLUMNS))) == 1


def test_what_stands_below_another_text_begins_anew() -> None:
    seen = visible_text("<h1>Brev</h1><p>$na<b>v</b>n</p><p>Hilsen</p>")
    assert [written for written, _column in left_in(seen, COLUMNS)] == ["$navn"]

"""Cures with only one answer, and none where there might be another."""

from __future__ import annotations

from typing import Any

import pytest
from corrections.list_made import made

from batchsend.letters import CheckSettings, PayloadSettings, certain_cures

HEADINGS = ["Postnr", "Poststed", "Land"]


def cures(*rows: list[str], home: str = "NO", **invoicee: str) -> list[tuple[int, str]]:
    payload: dict[str, Any] = {
        "Channel": "PRINT",
        "Identifier": "a-{{ postnr }}",
        "LanguageID": "NO",
        "Invoicee": {
            "Name": "x",
            "PostCode": "{{ postnr }}",
            "City": "{{ poststed }}",
            "CountryCode": "{{ land }}",
            **invoicee,
        },
        "Invoicer": {"Name": "y"},
    }
    settings = PayloadSettings.model_validate({"Letter": payload})
    listed = made(HEADINGS, *rows)
    found = certain_cures(listed.columns, listed.rows, settings, CheckSettings(country=home))
    return [(row, now) for row, _, now in found.iter_rows()]


@pytest.mark.parametrize(
    ("row", "cured"),
    [
        (["581", "Oslo", ""], "0581"),
        (["581", "OSLO", "Norge"], "0581"),
        ([" 581 ", "oslo", "NO"], "0581"),
        (["581", "Bergen", ""], None),  # another town's
        (["581", "", ""], None),
        (["581", "Osl", ""], None),  # like it, and not certain
        (["15", "Oslo", ""], None),
        (["0581", "Oslo", ""], None),
        (["581", "Oslo", "SE"], None),
        (["581", "Oslo", "Nowhere"], None),
        (["999", "Oslo", ""], None),  # nobody's
        (["100", "Helsinki", "FI"], None),  # two zeros gone
    ],
)
def test_a_zero_that_was_dropped(row: list[str], cured: str | None) -> None:
    assert cures(row) == ([(2, cured)] if cured else [])


def test_of_another_country() -> None:
    assert cures(["7960", "Loviisa", "FI"]) == [(2, "07960")]


def test_a_postcode_that_is_put_together_is_left() -> None:
    assert cures(["581", "Oslo", ""], PostCode="{{ postnr }}{{ land }}") == []


def test_a_town_that_has_to_be_rendered_is_left() -> None:
    assert cures(["581", "Oslo", ""], City="{{ poststed | upper if land else poststed }}") == []


BOTH = {"PostCode": "{{ postnr | postcode }}", "City": "{{ postnr | town }}"}


@pytest.mark.parametrize(
    ("cell", "cured"),
    [
        ("581 Oslo", "0581 Oslo"),
        (" 581  Oslo", "0581  Oslo"),
        ("1400 Ski", None),
        ("581 Bergen", None),
        ("581", None),
        ("0581 Oslo", None),
        ("111 51 Stockholm", None),
    ],
)
def test_in_a_cell_that_has_the_town_too(cell: str, cured: str | None) -> None:
    assert cures([cell, "", ""], **BOTH) == ([(2, cured)] if cured else [])


def test_where_a_country_is_said_for_those_that_name_none() -> None:
    rows = ["581", "Oslo", ""], ["581", "Oslo", "SE"], ["581", "Oslo", "Norge"]
    assert cures(*rows, CountryCode="{{ land or 'NO' }}") == [(2, "0581"), (4, "0581")]
    assert cures(*rows, CountryCode="{{ land or 'SE' }}") == [(4, "0581")]

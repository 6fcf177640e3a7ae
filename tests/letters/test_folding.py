"""Identifiers and recipients that are written another way are alike once folded; others are not."""

from __future__ import annotations

import unicodedata

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchsend.letters.same_letter import (
    folded_identifier,
    folded_text,
    folded_words,
    roughly_folded,
)


def alike(one: str, other: str) -> bool:
    """Whether two identifiers have one of their folded forms in common."""
    frame = pl.DataFrame({"text": [one, other]})
    rough = frame.select(roughly_folded(pl.col("text"))).to_series()
    forms = (frame.select(form).to_series().to_list() for form in folded_identifier(pl.col("text")))
    found = any(first == second and first is not None for first, second in forms)
    assert rough[0] == rough[1] or not found, "the sieve lets through what is alike"
    return found


def folded(fold: object, *texts: str) -> list[str | None]:
    assert callable(fold)
    return pl.DataFrame({"text": texts}).select(fold(pl.col("text"))).to_series().to_list()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("0001001", "1001"),
        ("case-0001001", "case-1001"),
        ("1001", "1001.0"),
        ("1001", "1001,00"),
        ("rent-1001-10", "rent-1001.0-10"),
        ("1001", "1 001"),
        ("1001", "1\u00a0001"),
        ("1001", "1\u202f001"),
        ("1001", "1,001"),
        ("1001", "'1001"),
        ("1001", "10\u200b01"),
        ("1001", "１００１"),
        ("1001", "1001\ufe0f"),  # what a copied emoji or font choice leaves behind
        ("0-01-002", "0-0\u00ad1-2"),
        ("2024-001", "2024-\u200b0\u20601"),
        ("2024-001", "2024-1"),
        ("2024-001", "2024/1"),
        ("2024-001", "2024001"),
        ("2024-001", "2024 001"),
        ("2024-001", "2024–001"),
        ("K-1.0", "K-1-0"),
        ("K-1.00", "K/1/0"),
        ("a_b.c", "A-B-C"),
        ("åse-1", unicodedata.normalize("NFD", "Åse-1")),
        ("STRASSE 1", "Straße1"),
        ("0", "000"),
    ],
)  # fmt: skip
def test_the_same_identifier_written_another_way(one: str, other: str) -> None:
    assert alike(one, other)
    assert alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1001", "1002"),
        ("1001", "10010"),
        ("1001", "100"),
        ("1001.5", "1001"),
        ("1001.0", "10010"),
        ("a-1", "b-1"),
        ("rent-10-1", "rent-11-1"),
        ("0", ""),
        ("--", "//"),
    ],
)  # fmt: skip
def test_other_identifiers(one: str, other: str) -> None:
    assert not alike(one, other)


@given(st.lists(st.integers(0, 99_999), min_size=1, max_size=3), st.data())
def test_what_spreadsheets_do_to_numbers_is_folded(numbers: list[int], data: st.DataObject) -> None:
    between = st.sampled_from(["-", "/", ".", "_", " ", "\u2013", "\u00a0"])
    zeros = st.integers(0, 4)

    def written() -> str:
        parts = ["0" * data.draw(zeros) + str(number) for number in numbers]
        text = "K" + "".join(data.draw(between) + part for part in parts)
        return data.draw(st.sampled_from([text, text.lower(), f" {text} "]))

    assert alike(written(), written())


def test_names_are_their_words_in_any_order() -> None:
    one, *others = folded(folded_words, "Åse Nordmann", "NORDMANN, A\u030ase", "Åse  Nordmann ")
    assert set(others) == {one}
    assert (
        folded(folded_words, "Åse Nordmann-Berg", "Åse Berg Nordmann") == ["berg nordmann åse"] * 2
    )
    assert folded(folded_words, "Åse Nord\u00admann")[0] == one
    assert folded(folded_words, "Åse Nordmann", "Åse Nordman")[0] != "nordman åse"
    assert folded(folded_words, "", " - ") == [None, None]


def test_addresses_are_their_letters_and_numbers() -> None:
    assert len(set(folded(folded_text, "Storgata 1\n0150", "STORGATA  1, \n150"))) == 1
    assert len(set(folded(folded_text, "Storgata 1\n0150", "Storgata 11\n0150"))) == 2
    assert folded(folded_text, "") == [None]

"""The filter for names that have the surname first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchsend.expressions import FILTERS


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Dahl, Kari", "Kari Dahl"),
        ("Åsheim,Nils Øyvind", "Nils Øyvind Åsheim"),
        ("O’Brien, Jan-Erik", "Jan-Erik O’Brien"),
        ("von der Lippe, A. M.", "A. M. von der Lippe"),
        ("Hætta, Ánne og Per", "Ánne og Per Hætta"),
        (" Dahl ,  Kari ", "Kari Dahl"),
        ("Kari Dahl", "Kari Dahl"),
        ("", ""),
        ("Dahl,", "Dahl,"),
        (", Kari", ", Kari"),
        ("Dahl, Berg & Co", "Dahl, Berg & Co"),
        ("Dahl Transport, AS", "Dahl Transport, AS"),
        ("Solbakken borettslag, Oslo", "Solbakken borettslag, Oslo"),
        ("Dahl, Kari, Oslo", "Dahl, Kari, Oslo"),
        ("Dahl, leil. 12", "Dahl, leil. 12"),
    ],
)
def test_surname_last(written: str, spoken: str) -> None:
    assert FILTERS["surname_last"](written) == spoken


@given(st.text(max_size=40))
def test_nothing_is_lost(text: str) -> None:
    turned = str(FILTERS["surname_last"](text))
    assert sorted(turned.replace(",", " ").split()) == sorted(text.replace(",", " ").split()) or (
        turned == " ".join(text.split())
    )

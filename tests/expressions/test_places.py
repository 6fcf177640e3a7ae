"""Postcode and town out of one cell."""

from __future__ import annotations

import pytest

from batchsend.expressions import FILTERS


@pytest.mark.parametrize(
    ("text", "postcode", "town"),
    [
        ("0150 Oslo", "0150", "Oslo"),
        ("\u00a00150\u00a0Mo i  Rana ", "0150", "Mo i Rana"),
        ("0150, Oslo", "0150", "Oslo"),
        ("114 55 Stockholm", "114 55", "Stockholm"),
        ("SE-114 55 Stockholm", "SE-114 55", "Stockholm"),
        ("8000 Aarhus C", "8000", "Aarhus C"),
        ("5003 BO", "5003", "BO"),
        ("1012 AB Amsterdam", "1012 AB", "Amsterdam"),
        ("00-001 Warszawa", "00-001", "Warszawa"),
        ("0150", "0150", ""),
        ("Oslo", "", "Oslo"),
        ("0150Oslo", "", "0150Oslo"),
        ("", "", ""),
    ],
)
def test_each_is_found(text: str, postcode: str, town: str) -> None:
    assert (FILTERS["postcode"](text), FILTERS["town"](text)) == (postcode, town)

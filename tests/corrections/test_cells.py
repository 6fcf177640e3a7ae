"""What a spreadsheet program does to a cell is no correction."""

from __future__ import annotations

import pytest

from batchsend.corrections import differs
from batchsend.lists import Figure


@pytest.mark.parametrize(
    ("back", "before"),
    [
        ("581", "0581"),  # its zero eaten
        ("0", "0000"),
        ("1234.5", "1 234,50"),
        ("1234,5", "1234.5"),
        ("2026-03-02", "02.03.2026"),
        ("2026-03-02 00:00", "2026-03-02"),
        ("Storgata 1\nOppgang B", "Storgata 1\r\nOppgang B"),
        ("Åse", " Åse  "),
        ("1234567890123450", "1234567890123456"),  # Excel keeps fifteen digits
        ("1.23456789012345E+15", "1234567890123456"),
        ("1.2345678901E+10", "12345678901"),
        (Figure("0150", "150"), "150"),
        ("96.9109", Figure("96.91", "96.9109")),
        ("96.91", Figure("96.91", "96.9109")),
        ("", " "),
    ],
)
def test_another_form_of_the_same(back: str, before: str) -> None:
    assert not differs(back, before)


@pytest.mark.parametrize(
    ("back", "before"),
    [
        ("0581", "581"),
        ("00581", "0581"),
        ("582", "0581"),
        ("1234.6", "1 234,50"),
        ("2026-03-02", "03.02.2026"),
        ("2026-03-02 10:00", "2026-03-02 11:00"),
        ("", "581"),
        ("581", ""),
        ("Åse", "åse"),
        ("Storgata 1 Oppgang B", "Storgata 1\nOppgang B"),
        ("1234567890123999", "1234567890123456"),
        ("15.50", "15/50"),
        ("0", ""),
    ],
)
def test_something_else(back: str, before: str) -> None:
    assert differs(back, before)

"""Amounts as people write them."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchsend.errors import RenderingError
from batchsend.expressions import parse_amount


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1234", "1234"),
        ("1 234,50", "1234.50"),
        ("1\u00a0234,50", "1234.50"),
        ("1\u202f234,50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1'234.50", "1234.50"),
        ("12.345.678", "12345678"),
        ("1 234 567", "1234567"),
        ("1234.5", "1234.5"),
        ("1234,5", "1234.5"),
        ("1234.5600000000001", "1234.5600000000001"),
        ("1234,567", "1234.567"),
        ("0,125", "0.125"),
        ("0.125", "0.125"),
        ("12,3456", "12.3456"),
        ("-1 234,-", "-1234"),
        ("1234,--", "1234"),
        ("500,–", "500"),
        ("−42,00", "-42.00"),
        ("– 42", "-42"),
        ("+42", "42"),
        ("kr 1 234,50", "1234.50"),
        ("kr. 500", "500"),
        ("kr -500", "-500"),
        ("-kr 500", "-500"),
        ("500 kr", "500"),
        ("500kr", "500"),
        ("500,- kr", "500"),
        ("NOK 1.234,50", "1234.50"),
        ("1 234,50 SEK", "1234.50"),
        ("€ 12,50", "12.50"),
        ("\ufeff 9500 \u200b", "9500"),
        ("0", "0"),
        ("007", "7"),
    ],
)
def test_is_read(text: str, expected: str) -> None:
    assert parse_amount(text) == Decimal(expected)


@pytest.mark.parametrize(
    "text",
    [
        "12.34O,00",  # the letter O
        "tolv",
        "1 23,50",
        "12 34",
        "1.23,50",
        "1.234.50",
        "1,234,50",
        "1.234 567",
        "1,50,00",
        "1..5",
        ",50",
        "12-",
        "(500)",
        "1e5",
        "1/2",
        "#N/A",
        "kr",
        "kr 5 kr",
        "--5",
        "5 5",
        "١٢٣",
    ],
)
def test_is_no_amount(text: str) -> None:
    with pytest.raises(RenderingError, match=r"is not an amount|minus|brackets") as caught:
        parse_amount(text)
    assert text in caught.value.message


@pytest.mark.parametrize("text", ["1.234", "1,234", "12.345", "999,999", "kr 1.234", "-1.000"])
def test_two_readings_are_refused(text: str) -> None:
    with pytest.raises(RenderingError, match="can be read as two amounts"):
        parse_amount(text)


@pytest.mark.parametrize("text", ["", "  ", "\u00a0\ufeff"])
def test_empty_says_so(text: str) -> None:
    with pytest.raises(RenderingError, match="the cell is empty"):
        parse_amount(text)


@given(st.text())
def test_whatever_it_is_nothing_else_is_raised(text: str) -> None:
    with suppress(RenderingError):
        parse_amount(text)


@given(st.decimals(-(10**12), 10**12, places=2))
def test_norwegian_writing_comes_back(amount: Decimal) -> None:
    assert parse_amount(f"{amount:,.2f}".replace(",", " ").replace(".", ",")) == amount
    assert parse_amount(str(amount)) == amount

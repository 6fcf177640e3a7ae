"""Numbers as their formats show them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchsend.lists.workbooks.number_formats import BUILT_IN, beyond_precision, formatter


@pytest.mark.parametrize(
    ("code", "stored", "shown"),
    [
        ("0000", "620", "0620"),
        ("0000;-0000", "12", "0012"),
        ("[Red]0000", "12", "0012"),
        ("0000", "12345", "12345"),
        ("00000", "1e3", "01000"),
        ("00000000000", "1057212345", "01057212345"),
        ("000000 00000", "1057212345", "010572 12345"),
        ('000000" "00000', "1057212345", "010572 12345"),
        ("+47 00 00 00 00", "99001122", "+47 99 00 11 22"),
        ('"NO-"0000', "150", "NO-0150"),
        ("0000_)", "150", "0150"),
        ("[<=9999999]###-####;(000) 000-0000", "5551234", "5551234"),
        ("#,##0.00", "1234.5", "1234.5"),
        ("0.00E+00", "12345", "12345"),
        ("# ?/?", "0.5", "0.5"),
        ("General", "1.2345678901E+10", "12345678901"),
        ("General", "1234.1000000000001", "1234.1"),
        ("General", "1E-7", "0.0000001"),
        ("General", "12345678901234567", "12345678901234600"),
        ("General", "-0.0", "0"),
        ("General", "1e300", "1e300"),
        ("0%", "0.25", "25%"),
        ("0.0 %", "0.07000000000000001", "7%"),
        ("dd/mm/yyyy;@", "46096.5", "2026-03-15"),
        ("mmm-yy", "46096", "2026-03-15"),
        ("m", "46096", "2026-03-15"),
        ("[$-F800]dddd, mmmm dd, yyyy", "46096", "2026-03-15"),
        ("yyyy-mm-dd h:mm", "46096.354166666664", "2026-03-15 08:30"),
        ("yyyy-mm-dd", "1", "1900-01-01"),
        ("yyyy-mm-dd", "61", "1900-03-01"),
        ("yyyy-mm-dd", "-3", "-3"),
        ("yyyy-mm-dd", "1e300", "1e300"),
        ("h:mm", "0.354166666666667", "08:30"),
        ("h:mm AM/PM", "0.75", "18:00"),
        ("[h]:mm", "1.5", "36:00"),
        ("mm:ss.0", "0.01", "00:14:24"),
        (BUILT_IN[14], "46096", "2026-03-15"),
        (BUILT_IN[22], "46096.5", "2026-03-15 12:00"),
    ],
)
def test_shown(code: str, stored: str, shown: str) -> None:
    assert formatter(code)(stored) == shown


def test_days_counted_from_1904() -> None:
    assert formatter("yyyy-mm-dd", from_1904=True)("44634") == "2026-03-15"


@pytest.mark.parametrize(
    ("stored", "lost"),
    [
        ("123456789012345", False),
        ("1234567890123456", True),
        ("1.2345678901234568E+16", True),
        ("0.12345678901234567", False),
        ("1e300", False),
        ("text that is long", False),
    ],
)
def test_numbers_beyond_what_excel_keeps(stored: str, lost: bool) -> None:
    assert beyond_precision(stored) is lost


@given(
    code=st.text(st.sampled_from('0#?.,%;"\\_*[]<>=@ymdhsE+-/ kr'), max_size=15),
    stored=st.one_of(
        st.floats().map(repr), st.integers().map(str), st.text(max_size=5), st.just("")
    ),
)
def test_no_format_and_no_number_is_too_strange(code: str, stored: str) -> None:
    assert isinstance(formatter(code)(stored), str)


@given(st.integers(0, 10**15 - 1))
def test_whole_numbers_keep_every_digit(number: int) -> None:
    assert formatter("General")(str(number)) == str(number)
    assert formatter("General")(repr(float(number))) == str(number)
    assert formatter("0" * 15)(str(number)) == f"{number:015d}"

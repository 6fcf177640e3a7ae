"""Numbers as their formats show them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchsend.lists.workbooks.number_formats import (
    BUILT_IN,
    Shown,
    beyond_precision,
    formatter,
)


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
        ("[t]:mm", "1.5", "36:00"),
        ("[tt]:mm:ss", "4.25", "102:00:00"),
        ("mm:ss.0", "0.01", "00:14:24"),
        (BUILT_IN[14], "46096", "2026-03-15"),
        (BUILT_IN[22], "46096.5", "2026-03-15 12:00"),
    ],
)
def test_shown(code: str, stored: str, shown: str) -> None:
    assert formatter(code)(stored) == shown


@pytest.mark.parametrize(
    ("code", "stored", "known", "seen"),
    [
        # Formats > Special of Norwegian, Swedish, Danish, Finnish, German and English Excel.
        ("[<=9999]0000;General", "150", "150", "0150"),
        ("[<=9999]0000;General", "12345", "12345", "12345"),
        ("0###", "150", "150", "0150"),
        ("0###", "5003", "5003", "5003"),
        ("000\\ 00", "11455", "114 55", "114 55"),
        ("00000", "150", "00150", "00150"),
        ("[$-414]0000", "150", "0150", "0150"),
        ('"D-"00000', "10115", "D-10115", "D-10115"),
        ('[<=9999]"N-"0000;General', "150", "150", "N-0150"),
        ("[<=99999]00000;00000-0000", "2134", "2134", "02134"),
        ("[<=99999]00000;00000-0000", "21341234", "21341234", "02134-1234"),
        ("000000-0000", "101701234", "010170-1234", "010170-1234"),
        ("[<=99999999]##_ ##_ ##_ ##;(+##)_ ##_ ##_ ##_ ##", "99653241", "99653241", "99653241"),
        ("[>=100]0.0;[<100]0.00", "12.345", "12.345", "12.35"),
        ("[>=100]0.0;[<100]0.00", "123.456", "123.456", "123.5"),
        ("[Red][<0]0.0;[Blue]0.00", "-1.25", "-1.25", "-1.3"),
        # Decimals as they are seen, half of one away from zero.
        ("0.00", "96.9109400479616", "96.9109400479616", "96.91"),
        ("0", "12.5", "12.5", "13"),
        (BUILT_IN[1], "12.5", "12.5", "13"),
        (BUILT_IN[4], "1234.5678", "1234.5678", "1234.57"),
        ("#,##0.00", "-0.001", "-0.001", "0"),
        ("_-* #,##0.00_-;-* #,##0.00_-;_-* -??_-;_-@_-", "1234.567", "1234.567", "1234.57"),
        ("#,##0.00 [$kr-414]", "1234.567", "1234.567", "1234.57"),
        ("[$€-407] #,##0.00", "1234.5", "1234.5", "1234.5"),
        ("#,##0.00;(#,##0.00)", "-5.125", "-5.125", "-5.13"),
        ('#,##0.00" kr";[Red]-#,##0.00" kr"', "9.999", "9.999", "10"),
        ("0.0%", "0.969109400479616", "96.9109400479616%", "96.9%"),
        ("0%", "0.256", "25.6%", "26%"),
        ("#,##0.00 DKK", "2.555", "2.555", "2.56"),
        # Customer numbers are whole, and stay what they are.
        ("0", "1001", "1001", "1001"),
        ("#,##0", "1234567", "1234567", "1234567"),
        ("General", "33.3333333333333", "33.3333333333333", "33.3333333333333"),
        ("Standard", "7", "7", "7"),
        # A moment whose format shows no day is a time of that day.
        ("hh:mm", "46327.7375", "1111865:42", "17:42"),
        ("[hh]:mm", "46327.7375", "1111865:42", "1111865:42"),
        ("[$-F400]h:mm:ss AM/PM", "46327.7375", "1111865:42:00", "17:42:00"),
        ("TT.MM.JJJJ", "46096", "2026-03-15", "2026-03-15"),
        ("dd.mm.åååå", "46096", "2026-03-15", "2026-03-15"),
        ("ÅÅÅÅ-MM-DD", "46096", "2026-03-15", "2026-03-15"),
        ("pp.kk.vvvv", "46096", "2026-03-15", "2026-03-15"),
        ('d" de "mmmm" de "yyyy', "46096", "2026-03-15", "2026-03-15"),
        (BUILT_IN[31], "46096", "2026-03-15", "2026-03-15"),
    ],
)
def test_known_by_one_text_and_seen_as_another(
    code: str, stored: str, known: str, seen: str
) -> None:
    text = formatter(code)(stored)
    assert text == known
    assert (text.as_shown if isinstance(text, Shown) else text) == seen


@pytest.mark.parametrize(
    ("code", "seen"),
    [
        ('"K-"0', "K-1001"),
        ('"K-"General', "K-1001"),
        ("\\K0", "K1001"),
        ('0"-A"', "1001-A"),
        ('"0"0', "01001"),
        ("0\\0", "10010"),
        ('"kr "#,##0', ""),
        ('0" kr"', ""),
        ('0" stk"', ""),
        ('#,##0 "m²"', ""),
        ("[$NOK] 0", ""),
        ('"Ja";"Nei";"Nei"', "Ja"),
        ('[>1000]"mange";[<=1000]"få"', "mange"),
        ("#,##0,", "1"),
        ('0.0,"k"', "1k"),
        ("0.000,,", "0.001"),
        ("[Red]0;0;0;@", ""),
        ("[Blue]", ""),
    ],
)
def test_letters_about_a_number_that_names_something_are_told(code: str, seen: str) -> None:
    text = formatter(code)("1001")
    assert text == "1001"
    assert (text.as_shown if isinstance(text, Shown) and text.told else "") == seen


@pytest.mark.parametrize(
    ("code", "currency"),
    [
        ("[$€-2] #,##0.00", "€"),
        ("#,##0.00\\ [$€-40B]", "€"),
        ("[$USD] #,##0", "USD"),
        ("#,##0.00 DKK", "DKK"),
        ('"SEK "#,##0;[Red]-"SEK "#,##0', "SEK"),
        ("£#,##0", "£"),
        ('#,##0.00 "kr"', "KR"),
        ("[$kr-414] #,##0.00", "KR"),
        ("#,##0.00", ""),
        ('0" sekker"', ""),
    ],
)
def test_a_currency_of_the_format_is_known(code: str, currency: str) -> None:
    text = formatter(code)("1250.125")
    assert text == "1250.125"
    assert (text.currency if isinstance(text, Shown) else "") == currency


@pytest.mark.parametrize("code", [";;;", "[=1]0;", ";-0;0;@"])
def test_a_number_that_its_format_hides_is_told(code: str) -> None:
    text = formatter(code)("1001")
    assert isinstance(text, Shown)
    assert (text, text.as_shown, text.told) == ("1001", "", True)


@pytest.mark.parametrize("code", ["0;-0;;@", '_-* #,##0_-;-* #,##0_-;_-* "-"??_-;_-@_-', ";;;"])
def test_a_zero_shown_as_a_dash_or_not_at_all_is_zero(code: str) -> None:
    assert not isinstance(formatter(code)("0"), Shown)


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

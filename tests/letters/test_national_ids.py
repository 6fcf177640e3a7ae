"""National ids, with python-stdnum to say what is right."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.fi import hetu
from stdnum.no import fodselsnummer
from stdnum.se import personnummer
from thoroughness import examples

from batchsend.letters.checks.national_ids import judge_national_ids


def judge(text: str, country: str = "NO", *, synthetic: bool = True) -> tuple[str, str | None]:
    found = judge_national_ids(pl.Series([text]), pl.Series([country]), synthetic=synthetic)
    return found.values.item(), found.wrong.item()


def right(texts: list[str], country: str = "NO", *, synthetic: bool = True) -> list[bool]:
    countries = pl.repeat(country, len(texts), eager=True)
    found = judge_national_ids(pl.Series(texts, dtype=pl.String), countries, synthetic=synthetic)
    return found.wrong.is_null().to_list()


def with_checks(nine: str) -> str:
    """Nine digits and Norway's two check digits; they may come out as more than two signs."""
    first = fodselsnummer.calc_check_digit1(nine)
    return nine + first + fodselsnummer.calc_check_digit2(nine + first)


def luhn(nine: str) -> str:
    total = sum(sum(divmod(int(digit) * (2 - place % 2), 10)) for place, digit in enumerate(nine))
    return nine + str(-total % 10)


def another(sign: str, signs: str = "0123456789") -> str:
    return signs[(signs.index(sign) + 1) % len(signs)]


born = st.dates(date(1940, 1, 1), date(2020, 12, 31))
people = st.lists(st.tuples(born, st.integers(0, 999)), min_size=1, max_size=40)
soon = settings(deadline=None, max_examples=examples(30))


@soon
@given(people, st.sampled_from([0, 40]))
def test_norwegian_ids_and_d_numbers_are_those_that_stdnum_knows(
    people: list[tuple[date, int]], mark: int
) -> None:
    made = [with_checks(f"{day.day + mark:02}{day:%m%y}{serial:03}") for day, serial in people]
    numbers = [number for number in made if len(number) == 11]  # others are never given out
    wrong = [number[:-1] + another(number[-1]) for number in numbers]
    assert right(numbers) == [fodselsnummer.is_valid(number) for number in numbers]
    assert not any(right(wrong))


@soon
@given(st.lists(st.from_regex(r"\A[0-7][0-9][01][0-9]{8}\Z"), min_size=1, max_size=40))
def test_eleven_digits_at_random_are_judged_as_stdnum_does(numbers: list[str]) -> None:
    # stdnum takes nobody who is born after today, and that is another answer every day.
    numbers = [number for number in numbers if int(number[6:9]) < 500 or int(number[4:6]) > 39]
    assert right(numbers) == [fodselsnummer.is_valid(number) for number in numbers]


@soon
@given(people, st.sampled_from([40, 65, 80]))
def test_synthetic_numbers_are_others_with_so_many_months_more(
    people: list[tuple[date, int]], more: int
) -> None:
    made = [
        with_checks(f"{day:%d}{day.month + more}{day:%y}{serial % 500:03}")
        for day, serial in people
    ]
    numbers = [number for number in made if len(number) == 11 and number[:6] != f"29{more + 2}00"]
    assert all(right(numbers))
    assert not any(right(numbers, synthetic=False))


@soon
@given(people, st.sampled_from([0, 60]), st.sampled_from(["", "-"]), st.booleans())
def test_swedish_ids(
    people: list[tuple[date, int]], mark: int, sign: str, with_century: bool
) -> None:
    ten = [luhn(f"{day:%y%m}{day.day + mark:02}{serial:03}") for day, serial in people]
    centuries = [f"{day:%Y}"[:2] if with_century else "" for day, _ in people]
    pairs = list(zip(centuries, ten, strict=True))
    if mark == 0:
        assert all(personnummer.is_valid(f"{age}{ten[:6]}-{ten[6:]}") for age, ten in pairs)
    assert all(right([f"{age}{ten[:6]}{sign}{ten[6:]}" for age, ten in pairs], "SE"))
    wrong = [f"{age}{ten[:6]}{sign}{ten[6:-1]}{another(ten[-1])}" for age, ten in pairs]
    assert not any(right(wrong, "SE"))


@soon
@given(people, st.sampled_from(["", "-"]))
def test_danish_ids(people: list[tuple[date, int]], sign: str) -> None:
    assert all(right([f"{day:%d%m%y}{sign}{serial:04}" for day, serial in people], "DK"))
    assert not any(right([f"32{day:%m%y}{sign}{serial:04}" for day, serial in people], "DK"))


@soon
@given(people)
def test_finnish_ids(people: list[tuple[date, int]]) -> None:
    signs = "0123456789ABCDEFHJKLMNPRSTUVWXY"
    made = []
    for day, number in people:
        serial = 2 + number % 898
        check = signs[int(f"{day:%d%m%y}{serial:03}") % 31]
        made.append(f"{day:%d%m%y}{'A' if day.year >= 2000 else '-'}{serial:03}{check}")
    assert all(hetu.is_valid(text) for text in made)
    assert all(right(made, "FI"))
    assert all(right([text.lower() for text in made], "NO"))
    assert not any(right([text[:-1] + another(text[-1], signs) for text in made], "FI"))


def test_a_finnish_id_keeps_its_hyphen_which_tells_the_century() -> None:
    assert judge("131052-308t", "FI") == ("131052-308T", None)


SYNTHETIC = with_checks("018572123")


@pytest.mark.parametrize(
    ("text", "country", "sent"),
    [
        (SYNTHETIC, "NO", SYNTHETIC),
        (f"{SYNTHETIC[:6]} {SYNTHETIC[6:]}", "NO", SYNTHETIC),
        (f"{SYNTHETIC[:6]}-{SYNTHETIC[6:]}", "NO", SYNTHETIC),
        (SYNTHETIC, "SE", SYNTHETIC),
        (SYNTHETIC, "DE", SYNTHETIC),
        ("811228-9874", "SE", "8112289874"),
        ("811228-9874", "NO", "8112289874"),
        ("19811228-9874", "NO", "198112289874"),
        ("811228-9874", "DE", "8112289874"),
        ("", "NO", ""),
    ],
)
def test_ids_are_sent_without_blanks_and_hyphens(text: str, country: str, sent: str) -> None:
    assert judge(text, country) == (sent, None)


@pytest.mark.parametrize(
    ("text", "country", "said"),
    [
        (SYNTHETIC[1:], "NO", "the zero in front was probably lost"),
        (SYNTHETIC[:-1] + str((int(SYNTHETIC[-1]) + 1) % 10), "NO", "check digits"),
        ("31025012345", "NO", "the date or the check digits"),
        ("010572xxxxx", "NO", "11 digits"),
        ("ukjent", "NO", "11 digits"),
        ("131052-3082", "NO", "11 digits"),
        ("8112289873", "SE", "YYMMDD-NNNN"),
        ("321380-1234", "DK", "DDMMYY-NNNN"),
        ("131052-308A", "FI", "DDMMYY-NNNX"),
        ("12345", "DE", "Norway, Sweden, Denmark or Finland"),
    ],
)
def test_what_is_wrong_is_told_without_repeating_it(text: str, country: str, said: str) -> None:
    value, wrong = judge(text, country)
    assert value == text
    assert wrong is not None
    assert said in wrong
    assert text not in wrong


def test_a_synthetic_number_can_be_refused_by_name() -> None:
    assert "synthetic_ids = true" in str(judge(SYNTHETIC, synthetic=False)[1])

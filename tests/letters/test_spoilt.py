"""A number that names a person is never made another by what is taken out of it or put into it."""

from __future__ import annotations

from functools import partial
from typing import Any

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from thoroughness import examples

from batchsend.errors import RenderingError
from batchsend.expressions import kid
from batchsend.expressions.contact_details import phone
from batchsend.letters.checks.choices import judge_identifiers
from batchsend.letters.checks.national_ids import judge_national_ids
from batchsend.letters.checks.organisations import judge_organisations
from batchsend.letters.checks.phones import judge_mobiles, judge_phones
from batchsend.letters.checks.spoilt import judge_references

IDS: Any = partial(judge_national_ids, synthetic=True)
COUNTRIES = ["NO", "SE", "DK", "FI", "DE"]
HERS, ANOTHERS = "01881096303", "18810963030"
"""Two test numbers. Without its point, `1881096303.0` of the first is the second."""


def one(judge: Any, text: str, country: str = "NO") -> tuple[str, str | None]:
    found = judge(pl.Series([text]), pl.Series([country]))
    return found.values.item(), found.wrong.item()


def digits(text: str) -> str:
    return "".join(sign for sign in text if sign in "0123456789")


KINDS: dict[str, tuple[Any, str]] = {
    "national ids": (IDS, "-+"),
    "mobiles": (judge_mobiles, "-+./()"),
    "telephones": (judge_phones, "-+./()"),
    "organisation numbers": (judge_organisations, "-"),
}
RIGHT = [HERS, ANOTHERS, "8112289874", "99653241", "401234567", "701234567", "987654325"]
numbers = st.sampled_from(RIGHT) | st.from_regex(r"\A[0-9]{8,12}\Z")


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None, max_examples=examples(150))
@given(numbers, st.characters(exclude_categories=["Zs", "Cs"]), st.data())
@example("1881096303", "'", None)
def test_what_people_do_not_write_in_a_number_makes_no_other(
    kind: str, number: str, sign: str, data: Any
) -> None:
    judge, separators = KINDS[kind]
    if sign in separators or sign.isspace() or sign in "0123456789" or sign.upper().isalpha():
        sign = "."
    place = data.draw(st.integers(0, len(number))) if data else 0
    countries = [data.draw(st.sampled_from(COUNTRIES))] if data else COUNTRIES
    text = number[:place] + sign + number[place:]
    if sign in separators:  # points in a telephone number, but for a decimal one
        text = f"{number}.0"
    for country in countries:
        value, wrong = one(judge, text, country)
        if (kind, country) != ("organisation numbers", "DE"):  # sent as they came, by their rules
            assert wrong, "it is held"
        assert value == text, "and stays as it came"


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None, max_examples=examples(150))
@given(st.text("0123456789 -+.,/()'eE\u00a0\uff11", max_size=16), st.sampled_from(COUNTRIES))
@example(f"{HERS[1:]}.0", "NO")
@example("401234567.0", "FI")
def test_what_is_accepted_has_the_very_digits_that_came(kind: str, text: str, country: str) -> None:
    value, wrong = one(KINDS[kind][0], text, country)
    if wrong is None:
        told, came = digits(value), digits(text)
        # A telephone number gets its country's code, and loses the 0 or 00 in front for it.
        assert told == came or (
            ("phone" in kind or "mobile" in kind) and told.endswith(came.lstrip("0")[-7:])
        )


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f"{HERS[1:]}.0", "decimal point"),
        (f"{ANOTHERS}.0", "decimal point"),
        (f"{HERS[1:]},00", "decimal point"),
        ("1.881096303E9", "power of ten"),
        ("1,88E+10", "power of ten"),
        (f"'{HERS}", "apostrophe"),
        (f"{HERS}\u2019", "apostrophe"),
        (HERS[1:], "zero in front"),
        (f"{HERS[:6]}.{HERS[6:]}", "Not a national id"),
        (f"{HERS[:10]}-{HERS[10:]}", "Not a national id"),
        ("\uff10" + HERS[1:], "Not a national id"),
    ],
)
def test_a_spoilt_national_id_is_held_with_the_reason(text: str, says: str, country: str) -> None:
    value, wrong = one(IDS, text, country)
    assert value == text
    assert says in str(wrong)


def test_a_lost_zero_makes_no_dane_of_somebody() -> None:
    """Without its zero this test number has the form of a Danish one, 18 October 2005."""
    lost = "01810050019"[1:]
    for country in ("NO", "DE", ""):
        value, wrong = one(IDS, lost, country)
        assert value == lost
        assert "zero in front" in str(wrong)
    assert one(IDS, lost, "DK") == (lost, None)
    assert one(IDS, f"{lost[:6]}-{lost[6:]}", "DE") == (lost, None)


@pytest.mark.parametrize("judge", [judge_mobiles, judge_phones])
@pytest.mark.parametrize(
    ("text", "country", "says"),
    [
        ("401234567.0", "FI", "decimal point"),
        ("99653241.0", "NO", "decimal point"),
        ("+4799653241,0", "NO", "decimal point"),
        ("9.9653241E7", "NO", "power of ten"),
        ("'99653241", "NO", "apostrophe"),
        ("=99653241", "NO", "number in Norway"),
        ("99653241;", "NO", "number in Norway"),
        ("[99653241]", "NO", "number in Norway"),
        ("9965324\uff11", "NO", "number in Norway"),
    ],
)
def test_a_spoilt_telephone_number_is_held(judge: Any, text: str, country: str, says: str) -> None:
    value, wrong = one(judge, text, country)
    assert value == text
    assert says in str(wrong)


@pytest.mark.parametrize("text", ["99.65.32.41", "+47 99 65 32 41", "0047 99653241", "99/65-32.41"])
def test_what_people_write_in_a_telephone_number_is_passed_over(text: str) -> None:
    assert one(judge_mobiles, text) == ("4799653241", None)


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("1002.0", True),
        ("1002,00", True),
        ("1.002,00", True),
        ("1 002,0", True),
        ("1,002.00", True),
        ("1.002.00", False),
        ("1.002E+05", True),
        ("'1002", True),
        ("1002", False),
        ("A-12.5", False),
        ("12E4", False),
        ("O'Neill", False),
        ("12.10", False),
        ("", False),
    ],
)
def test_customer_numbers_and_references_are_held_where_they_are_spoilt(
    text: str, held: bool
) -> None:
    value, wrong = one(judge_references, text)
    assert (value, wrong is not None) == (text, held)


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("1002.0", True),
        ("rent-2026-1002.0", True),
        ("case-1.002E+05", True),
        ("rent-1002", False),
        ("terms-2.0", False),
        ("15.11.2026-1002", False),
        ("rent-31.12.00", False),
    ],
)
def test_identifiers_are_held_where_their_number_is_spoilt(text: str, held: bool) -> None:
    value, wrong = one(judge_identifiers, text)
    assert (value, wrong is not None) == (text, held)


def test_filters_make_no_other_number_either() -> None:
    assert phone("401234567.0", "FI") == "401234567.0"
    assert phone("'99653241") == "'99653241"
    with pytest.raises(RenderingError):
        kid("1002.0")


@pytest.mark.parametrize("judge", [judge_references, judge_identifiers])
@pytest.mark.parametrize("text", ["1,002", "1.002", "12.345.678", "999,000,001"])
def test_a_number_written_as_an_amount_is_doubted_where_it_names_somebody(
    judge: Any, text: str
) -> None:
    found = judge(pl.Series([text]), pl.Series(["NO"]))
    assert found.values.to_list() == [text]
    assert found.wrong.to_list() == [None]
    assert "thousands" in str(found.doubtful.item())


@pytest.mark.parametrize("judge", [judge_references, judge_identifiers])
@pytest.mark.parametrize(
    "text", ["1002", "10.02", "1.0021", "2026.03.001", "K1.002", "0.123", "1.002,003", "1 002"]
)
def test_other_numbers_with_points_are_not(judge: Any, text: str) -> None:
    found = judge(pl.Series([text]), pl.Series(["NO"]))
    assert (found.wrong.to_list(), found.doubtful.to_list()) == ([None], [None])


def test_an_identifier_that_ends_with_such_a_number_is_doubted() -> None:
    found = judge_identifiers(pl.Series(["rent-1,002", "rent-1002"]), pl.Series(["NO", "NO"]))
    assert [told is not None for told in found.doubtful] == [True, False]

"""Instants, days of two-digit years, and days that are none."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchsend.errors import RenderingError
from batchsend.expressions import environment, means_no_day, parse_date, zone_of


@pytest.mark.parametrize(
    ("text", "zone", "day"),
    [
        ("2026-11-14T23:00:00Z", "Europe/Oslo", 15),
        ("2026-11-14T22:59:59Z", "Europe/Oslo", 14),
        ("2026-11-14 22:00:00 UTC", "Europe/Helsinki", 15),
        ("2026-11-15T00:00:00+01:00", "Europe/Oslo", 15),
        ("2026-11-15T00:00:00+01:00", "Europe/London", 14),
        ("2026-11-14T23:00:00.000+0000", "Europe/Oslo", 15),
        ("2026-11-15 00:00:00", "America/New_York", 15),
        ("14.11.2026 23:30", "Europe/Helsinki", 14),
    ],
)
def test_an_instant_is_the_day_it_is_there(text: str, zone: str, day: int) -> None:
    assert parse_date(text, zone) == date(2026, 11, day)


def test_a_template_writes_the_day_of_its_zone() -> None:
    for zone, written in (("Europe/Oslo", "15.11.2026"), ("Europe/London", "14.11.2026")):
        jinja = environment(autoescape=False, zone=zone)
        said = jinja.from_string("{{ d | date }}").render(d="2026-11-14T23:00:00Z", language="NO")
        assert said == written


def test_the_zone_of_a_country_is_that_of_most_people_there() -> None:
    assert [zone_of(code) for code in ("NO", "SE", "FI", "DE", "ES", "??")] == [
        "Europe/Oslo",
        "Europe/Stockholm",
        "Europe/Helsinki",
        "Europe/Berlin",
        "Europe/Madrid",
        "Europe/Oslo",
    ]


@given(st.dates(date(1969, 1, 1), date(2068, 12, 31)))
def test_a_norwegian_day_with_a_short_year_is_a_date(day: date) -> None:
    assert parse_date(f"{day.day}/{day.month}-{day:%y}") == day


@pytest.mark.parametrize("text", ["01.01.27", "1/1/27", "1/1 27", "2026-11-14T25:00:00Z"])
def test_other_forms_stay_refused(text: str) -> None:
    with pytest.raises(RenderingError):
        parse_date(text)


@pytest.mark.parametrize(
    ("text", "none"),
    [
        ("01.01.1900", True),
        ("1900-01-01 00:00:00.000", True),
        ("1970-01-01T00:00:00Z", True),
        ("31.12.9999", True),
        ("15.11.2206", True),
        ("15.11.2026", False),
        ("01.01.1971", False),
        ("31.12.2125", False),
    ],
)
def test_days_that_programs_write_for_none(text: str, none: bool) -> None:
    assert means_no_day(parse_date(text)) is none

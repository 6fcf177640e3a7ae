"""Dates as people write them."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchsend.errors import RenderingError
from batchsend.expressions import parse_date


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-05",
        "2026-3-5",
        "2026-03-05 00:00:00",
        "2026-03-05T00:00:00",
        "2026-03-05T08:30:00.123Z",
        "20260305",
        "05.03.2026",
        "5.3.2026",
        "5. 3. 2026",
        "05.03.2026 00:00",
        "05-03-2026",
        "5/3-2026",
        "5/3 2026",
        "5. mars 2026",
        "5 March 2026",
        "5. MARTS 2026",
        "5 mar 2026",
        "5. maaliskuuta 2026",
        " 05.03.2026\u00a0",
        "5.\u00a0mars 2026",
    ],
)
def test_is_the_fifth_of_march(text: str) -> None:
    assert parse_date(text) == date(2026, 3, 5)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("15/03/2026", date(2026, 3, 15)),
        ("03/03/2026", date(2026, 3, 3)),
        ("29.02.2028", date(2028, 2, 29)),
        ("20.10.2026", date(2026, 10, 20)),
    ],
)
def test_is_read(text: str, expected: date) -> None:
    assert parse_date(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "15.03.26",
        "29.02.2027",
        "31.04.2026",
        "2026-13-01",
        "03/15/2026",
        "03-15-2026",
        "mars 2026",
        "5. mrs 2026",
        "1899-12-31 08:30:00",
        "46096",
        "snarest",
        "15.03.2026 og 16.03.2026",
        "20261503",
        "0000-00-00",
    ],
)
def test_is_no_date(text: str) -> None:
    with pytest.raises(RenderingError, match="is not a date") as caught:
        parse_date(text)
    assert text in caught.value.message


def test_two_readings_are_refused() -> None:
    with pytest.raises(RenderingError, match="can be read as two dates"):
        parse_date("03/04/2026")


def test_empty_says_so() -> None:
    with pytest.raises(RenderingError, match="the cell is empty"):
        parse_date(" ")


@given(st.text())
def test_whatever_it_is_nothing_else_is_raised(text: str) -> None:
    with suppress(RenderingError):
        parse_date(text)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_usual_forms_come_back(day: date) -> None:
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%Y%m%d", "%d/%m-%Y", "%Y-%m-%d 00:00:00"):
        assert parse_date(day.strftime(form)) == day

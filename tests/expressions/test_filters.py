"""The filters, as templates write them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from batchsend.errors import RenderingError
from batchsend.expressions import FILTERS, FORMATS, LANGUAGES, environment


def rendered(source: str, **variables: Any) -> str:
    env = environment(autoescape=False)
    return env.from_string(source).render({"language": "NO", **variables})


@pytest.mark.parametrize(
    ("language", "money", "short", "long"),
    [
        ("NO", "−1\u00a0234,50", "05.03.2026", "5. mars 2026"),
        ("NN", "−1\u00a0234,50", "05.03.2026", "5. mars 2026"),
        ("SE", "−1\u00a0234,50", "2026-03-05", "5 mars 2026"),
        ("DK", "-1.234,50", "05.03.2026", "5. marts 2026"),
        ("FI", "−1\u00a0234,50", "5.3.2026", "5. maaliskuuta 2026"),
        ("EN", "-1,234.50", "5 Mar 2026", "5 March 2026"),
    ],
)
def test_each_language(language: str, money: str, short: str, long: str) -> None:
    source = "{{ sum | money }}|{{ day | date }}|{{ day | long_date }}"
    said = rendered(source, sum="-1234,5", day="2026-03-05", language=language)
    assert said == f"{money}|{short}|{long}"


def test_every_language_of_a_letter_is_tried_above() -> None:
    assert set(LANGUAGES) == {"NO", "NN", "SE", "DK", "FI", "EN"}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("'9500' | money", "9\u00a0500,00"),
        ("'9500' | money('NOK')", "9\u00a0500,00\u00a0kr"),
        ("'0,125' | money", "0,13"),
        ("'-0,125' | money", "−0,13"),
        ("'0,004' | money", "0,00"),
        ("'-0,004' | money", "0,00"),
        ("'-0,00' | money('NOK')", "0,00\u00a0kr"),
        ("'-0,4' | number(0)", "0"),
        ("9500 | money", "9\u00a0500,00"),
        ("0.1 | money", "0,10"),
        ("'1234,5' | number", "1\u00a0234,5"),
        ("'1234' | number", "1\u00a0234"),
        ("'1234,5' | number(0)", "1\u00a0235"),
        ("'1234,5' | number(3)", "1\u00a0234,500"),
        ("('9 850,00' | amount - '9500' | amount) | money", "350,00"),
        ("'018572 12345' | masked", "018572 *****"),
        ("'123' ~ '4567' | kid(width=9)", "123000045674"),
        ("('123' ~ '4567') | kid", "12345674"),
        ("day | date", "05.03.2026"),
        ("moment | long_date", "5. mars 2026"),
    ],
)
def test_filter(expression: str, expected: str) -> None:
    said = rendered(
        "{{ " + expression + " }}", day=date(2026, 3, 5), moment=datetime(2026, 3, 5, 12)
    )
    assert said == expected


@pytest.mark.parametrize(
    ("language", "currency", "expected"),
    [
        ("NO", "NOK", "−9\u00a0500,00\u00a0kr"),
        ("NO", "EUR", "−9\u00a0500,00\u00a0€"),
        ("SE", "SEK", "−9\u00a0500,00\u00a0kr"),
        ("DK", "DKK", "-9.500,00\u00a0kr."),
        ("EN", "NOK", "-NOK\u00a09,500.00"),
        ("EN", "GBP", "-£9,500.00"),
    ],
)
def test_currency(language: str, currency: str, expected: str) -> None:
    source = "{{ '-9500' | money(currency) }}"
    assert rendered(source, language=language, currency=currency) == expected


def test_total_reads_every_row() -> None:
    rows = [{"beløp": "1 234,50"}, {"beløp": "65,50"}]
    assert rendered("{{ rows | total('beløp') | money }}", rows=rows) == "1\u00a0300,00"
    assert FILTERS["total"]([], "beløp") == Decimal(0)
    with pytest.raises(RenderingError, match="empty"):
        rendered("{{ rows | total('beløp') }}", rows=[*rows, {"beløp": ""}])


@pytest.mark.parametrize("cell", ["100 EUR", "€ 100", "USD 5", "-$5", "5 SEK", "£ 1 000,-"])
def test_an_amount_in_another_currency_is_never_written_in_ours(cell: str) -> None:
    with pytest.raises(RenderingError, match="and the letter writes amounts in NOK"):
        rendered("{{ cell | money('NOK') }}", cell=cell)
    with pytest.raises(RenderingError, match="is in "):
        rendered("{{ rows | total('sum') }}", rows=[{"sum": "5 nok"}, {"sum": "6"}, {"sum": cell}])


@pytest.mark.parametrize("cell", ["100", "kr 100", "100 NOK", "nok 100,00", "100,-"])
def test_an_amount_in_ours_is(cell: str) -> None:
    assert rendered("{{ cell | money('NOK') }}", cell=cell) == "100,00\u00a0kr"
    rows = [{"sum": "kr 5"}, {"sum": cell}]
    assert rendered("{{ rows | total('sum') | money('NOK') }}", rows=rows) == "105,00\u00a0kr"


@pytest.mark.parametrize("expression", ["'tolv' | money", "'' | money", "'i går' | date"])
def test_unreadable_is_a_rendering_error(expression: str) -> None:
    with pytest.raises(RenderingError):
        rendered("{{ " + expression + " }}")


def test_unknown_language_is_named() -> None:
    with pytest.raises(RenderingError, match="“KL” is not a language"):
        rendered("{{ '5' | money }}", language="KL")


def test_macro_without_its_letter_is_refused_rather_than_written_in_norwegian() -> None:
    env = environment(autoescape=True)
    with pytest.raises(RenderingError, match="language of the letter is not known") as caught:
        env.from_string("{{ '5' | money }}").render()
    assert "with context" in str(caught.value)


@pytest.mark.parametrize(
    ("invoicee", "lines"),
    [
        (
            {"Name": "Kari Nordmann", "Address1": "Storgata 1", "PostCode": "0150", "City": "Oslo"},
            ["Kari Nordmann", "Storgata 1", "0150 OSLO"],
        ),
        (
            {
                "Name": " Åse Bø ",
                "Address1": "c/o Bø",
                "Address2": "",
                "Address3": "\u200b",
                "PostCode": "3800",
                "City": "Bø i Telemark",
                "CountryCode": "no",
            },
            ["Åse Bø", "c/o Bø", "3800 BØ I TELEMARK"],
        ),
        (
            {"Name": "Sven", "PostCode": "111 22", "City": "Stockholm", "CountryCode": "SE"},
            ["Sven", "111 22 STOCKHOLM", "SWEDEN"],
        ),
        ({"Name": "Ukjent", "City": None}, ["Ukjent"]),
        (["Kari", "", " ", "0150 OSLO"], ["Kari", "0150 OSLO"]),
    ],
)
def test_address(invoicee: object, lines: list[str]) -> None:
    assert rendered("{{ to | address_block }}", to=invoicee) == "\n".join(lines)
    assert rendered("{{ to | address_line }}", to=invoicee) == ", ".join(lines)


def test_home_country_is_the_senders() -> None:
    to = {"Name": "Sven", "CountryCode": "SE"}
    assert rendered("{{ to | address_block(home='SE') }}", to=to) == "Sven"
    assert rendered("{{ to | address_block(home='') }}", to=to) == "Sven\nSWEDEN"


def test_address_is_escaped_in_html() -> None:
    env = environment(autoescape=True)
    to = {"Name": "<b>Ola & Kari</b>", "Address1": "Storgata 1"}
    block = env.from_string("{{ to | address_block }}").render(to=to)
    assert block == "&lt;b&gt;Ola &amp; Kari&lt;/b&gt;<br>Storgata 1"
    line = env.from_string("{{ to | address_line }}").render(to=to)
    assert line == "&lt;b&gt;Ola &amp; Kari&lt;/b&gt;, Storgata 1"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("'4722556699' | phone", "22 55 66 99"),
        ("'22556699' | phone", "22 55 66 99"),
        ("'+47 22 55 66 99' | phone('no', 'NO')", "22 55 66 99"),
        ("'4722556699' | phone('NO', 'SE')", "+47 22 55 66 99"),
        ("'4722556699' | phone('', '')", "22 55 66 99"),
        ("'46812345678' | phone", "+46 8 123 456 78"),
        ("'0812345678' | phone('SE')", "08-123 456 78"),
        ("'4533131415' | phone", "+45 33 13 14 15"),
        ("815 | phone", "815"),
        ("'' | phone", ""),
        ("' 22 55 66 99 (kl. 9–15)' | phone", "22 55 66 99 (kl. 9–15)"),
        ("'ring oss' | phone('XX')", "ring oss"),
    ],
)
def test_phone(expression: str, expected: str) -> None:
    assert rendered("{{ " + expression + " }}").replace("\u00a0", " ") == expected


def test_a_phone_number_stays_on_one_line() -> None:
    assert rendered("{{ '4722556699' | phone }}") == "22\u00a055\u00a066\u00a099"


def test_address_of_text_is_refused() -> None:
    with pytest.raises(RenderingError, match="is not an address"):
        rendered("{{ 'Storgata 1' | address_block }}")


def test_every_filter_is_documented_and_every_format_is_a_filter() -> None:
    assert all(function.__doc__ for function in FILTERS.values())
    assert FORMATS.keys() <= FILTERS.keys()

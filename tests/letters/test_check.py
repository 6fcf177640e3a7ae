"""The check of a whole list: the problems of each row, and what is held back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from batchsend.errors import ListError, SettingsError
from batchsend.lists import PROBLEMS

GOOD = ("1001", "Kari Nordmann", "Storgata 1", "0150", "Oslo")
HEADINGS = ("Kundenr.", "Navn", "Adresse", "Postnr", "Poststed")
WIDE = (*HEADINGS, "Land", "Fnr", "Orgnr", "E-post", "Mobil", "Kanal")
WIDE_LETTER = {"Channel": "{{ kanal or 'PRINT' }}"}
WIDE_INVOICEE = {
    "CountryCode": "{{ land or 'NO' }}",
    "NationalId": "{{ fnr }}",
    "OrganizationNumber": "{{ orgnr }}",
    "Email": "{{ e_post }}",
    "Mobile": "{{ mobil }}",
}
SYNTHETIC = "01857212300"


def good(**other: str) -> tuple[str, ...]:
    """A right row of HEADINGS, other cells in some places."""
    cells = dict(zip(("nr", "navn", "adresse", "postnr", "sted"), GOOD, strict=True))
    return tuple((cells | other).values())


def wide(**other: str) -> tuple[str, ...]:
    """A right row of WIDE, other cells in some places."""
    names = ("nr", "navn", "adresse", "postnr", "sted")
    cells = dict(zip(names, GOOD, strict=True))
    cells |= dict.fromkeys(("land", "fnr", "orgnr", "epost", "mobil", "kanal"), "")
    return tuple((cells | other).values())


def wide_check(check: Any, *rows: tuple[str, ...], **settings: Any) -> Any:
    return check(rows, WIDE, letter=WIDE_LETTER, invoicee=WIDE_INVOICEE, **settings)


def test_a_right_list_has_no_problems(check: Any) -> None:
    checked = check([GOOD, good(nr="1002", navn="Ola Nordmann")])
    assert checked.problems.is_empty()
    assert (checked.rows, checked.letters, checked.held) == (2, 2, 0)
    assert checked.notes == ("Read as a test.",)


def test_problems_have_the_shape_that_everybody_reads(check: Any) -> None:
    assert check([good(navn="")]).problems.schema == PROBLEMS
    assert check([GOOD]).problems.schema == PROBLEMS


def test_all_problems_of_a_row_are_told_at_once_by_row(check: Any, told: Any) -> None:
    row = wide(postnr="620", fnr="12345", orgnr="1", epost="kari", mobil="12", land="", sted="")
    checked = wide_check(check, row, wide(nr="2", navn="B C"), wide(nr="3", navn=""))
    assert sorted(told(checked)) == [
        (2, "E-post", "warning"),
        (2, "Fnr", "warning"),
        (2, "Mobil", "warning"),
        (2, "Orgnr", "warning"),
        (2, "Postnr", "error"),
        (2, "Poststed", "error"),
        (4, "Navn", "error"),
    ]
    assert checked.problems["row"].is_sorted()
    assert (checked.letters, checked.held) == (1, 2)


@pytest.mark.parametrize(
    ("channel", "row", "lacking"),
    [
        ("PRINT", {"navn": ""}, {"Navn"}),
        ("PRINT", {"adresse": ""}, {"Adresse"}),
        ("PRINT", {"postnr": "\u00a0"}, {"Postnr"}),
        ("PRINT", {"sted": "\u200b"}, {"Poststed"}),
        ("PRINT", {"navn": "", "adresse": ""}, {"Navn", "Adresse"}),
        ("EMAIL", {}, {"E-post"}),
        ("EMAIL", {"epost": "a@example.com", "adresse": "", "postnr": "", "sted": ""}, set()),
        ("KIVRA", {}, {"Fnr"}),
        ("KIVRA", {"fnr": SYNTHETIC, "adresse": "", "postnr": "", "sted": ""}, set()),
        ("DIGIPOST", {}, set()),
        ("DIGIPOST", {"fnr": SYNTHETIC, "adresse": "", "postnr": "", "sted": ""}, set()),
        ("DIGIPOST", {"sted": ""}, {"Poststed"}),
        ("FAX", {"adresse": "", "postnr": "", "sted": ""}, set()),
        ("print", {"adresse": ""}, {"Adresse"}),
    ],
)
def test_each_channel_has_what_it_cannot_do_without(
    check: Any, channel: str, row: dict[str, str], lacking: set[str]
) -> None:
    problems = wide_check(check, wide(kanal=channel, **row)).problems
    errors = problems.filter(pl.col("severity") == "error")
    assert set(errors["column"]) == lacking
    assert all("Missing" in message for message in errors["message"])


def test_an_empty_identifier_is_an_error(check: Any, told: Any) -> None:
    checked = check([good(nr="")], letter={"Identifier": "{{ kundenr }}"})
    assert told(checked) == [(2, "Kundenr.", "error")]


def test_an_unknown_channel_is_only_warned_of(check: Any, told: Any) -> None:
    checked = wide_check(check, wide(kanal="FAX"))
    assert told(checked) == [(2, "Kanal", "warning")]
    assert checked.letters == 1


HOLD = {"hold": ["Email", "Mobile", "OrganizationNumber", "NationalId"]}


@pytest.mark.parametrize(
    ("column", "row"),
    [
        ("E-post", {"epost": "kari@"}),
        ("Mobil", {"mobil": "123"}),
        ("Orgnr", {"orgnr": "123456789"}),
        ("Fnr", {"fnr": "12345678901"}),
        ("Land", {"land": "Narnia"}),
    ],
)
def test_what_is_wrong_keeps_the_letter_back_where_the_mailing_says_so(
    check: Any, told: Any, column: str, row: dict[str, str]
) -> None:
    checked = wide_check(check, wide(**row), checks=HOLD)
    assert told(checked) == [(2, column, "error")]
    assert checked.held == 1


@pytest.mark.parametrize("country", ["Narnia", "/", "../os", "no.orgnr"])
def test_nothing_is_said_of_what_hangs_on_a_country_that_is_none(
    check: Any, told: Any, country: str
) -> None:
    row = wide(land=country, postnr="ABC", orgnr="1", mobil="12")
    assert told(wide_check(check, row)) == [(2, "Land", "error")]


def test_what_is_wrong_can_be_left_out_where_the_mailing_says_so(check: Any, told: Any) -> None:
    rows = [wide(epost="kari@", mobil="22 55 66 99")]
    checked = wide_check(check, *rows, checks={"blank": ["Email", "Mobile"]})
    assert told(checked) == [(2, "E-post", "warning"), (2, "Mobil", "warning")]
    (letter,) = checked.snapshot.letters()
    assert (letter.fields["Invoicee"]["Email"], letter.fields["Invoicee"]["Mobile"]) == ("", "")


def test_what_was_left_out_is_missed_where_the_channel_needs_it(check: Any) -> None:
    checked = wide_check(check, wide(epost="kari@", kanal="EMAIL"), checks={"blank": ["Email"]})
    assert checked.held == 1


def test_values_are_normalised_into_the_letter(check: Any) -> None:
    row = wide(
        navn="\ufeff Åse  Bjørnøy\u00a0",
        land="Sverige",
        postnr="114 55",
        sted="Stockholm",
        mobil="070-123 45 67",
        orgnr="556036-0793",
        epost=" a@example.com ",
        fnr=f"{SYNTHETIC[:6]} {SYNTHETIC[6:]}",
        kanal="digipost",
    )
    checked = wide_check(check, row)
    assert checked.problems.is_empty(), checked.problems.rows()
    (letter,) = checked.snapshot.letters()
    assert letter.channel == letter.fields["Channel"] == "DIGIPOST"
    assert letter.fields["Invoicee"] == {
        "Name": "Åse  Bjørnøy",
        "Address1": "Storgata 1",
        "PostCode": "114 55",
        "City": "Stockholm",
        "CountryCode": "SE",
        "NationalId": SYNTHETIC,
        "OrganizationNumber": "5560360793",
        "Email": "a@example.com",
        "Mobile": "46701234567",
    }


def test_recipients_without_a_country_live_in_the_home_country(check: Any) -> None:
    (letter,) = check([GOOD]).snapshot.letters()
    assert letter.fields["Invoicee"]["CountryCode"] == "NO"
    checked = check([good(postnr="11455")], checks={"country": "SE"})
    (letter,) = checked.snapshot.letters()
    assert letter.fields["Invoicee"]["CountryCode"] == "SE"


@pytest.mark.parametrize(
    ("column", "row"),
    [
        ("Navn", {"navn": "x" * 131}),
        ("Adresse", {"adresse": "x" * 101}),
        ("Poststed", {"sted": "Ø" * 81}),
    ],
)
def test_lines_have_a_length(check: Any, told: Any, column: str, row: dict[str, str]) -> None:
    assert (2, column, "error") in told(check([good(**row)]))
    shorter = {name: text[:-1] for name, text in row.items()}
    assert check([good(**shorter)]).held == 0


def test_lengths_are_settings_of_each_channel(check: Any) -> None:
    rows = [wide(nr="1", kanal="PRINT"), wide(nr="2", kanal="DIGIPOST", navn="Kari M Nordmann")]
    checked = wide_check(check, *rows, checks={"lengths": {"DIGIPOST": {"Name": 14}}})
    (problem,) = checked.problems.rows(named=True)
    assert problem["row"] == 3
    assert problem["message"] == "15 characters, and DIGIPOST takes 14. Shorten it."


@pytest.mark.parametrize(
    ("column", "row", "said"),
    [
        ("Navn", {"navn": "KARI NORDMANN"}, "in capitals"),
        ("Navn", {"navn": "12345678"}, "looks like no name"),
        ("Navn", {"navn": "01.01.1990"}, "looks like no name"),
        ("Navn", {"navn": "TRUE"}, "looks like no name"),
        ("Navn", {"navn": "kari@example.no"}, "looks like no name"),
        ("Navn", {"navn": "«Navn»"}, "looks like no name"),
        ("Navn", {"navn": "ÅSE-LISE BJØRNØY"}, "in capitals"),
        ("Navn", {"navn": "K\u00c3\u00a5re Nordmann"}, "mangled"),
        ("Navn", {"navn": "K\ufffdre Nordmann"}, "mangled"),
        ("Navn", {"navn": "Kari ☃ Nordmann"}, "unusual characters"),
        ("Navn", {"navn": "Κάρι"}, "unusual characters"),
        ("Adresse", {"adresse": "Storgata 1\nOslo"}, "line break"),
        ("Adresse", {"adresse": "=Storgata 1"}, "such a character"),
        ("Adresse", {"adresse": "Storgata 1, Oslo"}, "town stands in this line"),
        ("Adresse", {"adresse": "Storgata 1, 0150 OSLO"}, "town stands in this line"),
    ],
)
def test_what_looks_odd_is_warned_of_and_sent(
    check: Any, column: str, row: dict[str, str], said: str
) -> None:
    checked = check([good(**row)])
    (problem,) = checked.problems.rows(named=True)
    assert (problem["column"], problem["severity"]) == (column, "warning")
    assert said in problem["message"]
    assert problem["value"] == next(iter(row.values()))
    assert checked.letters == 1


@pytest.mark.parametrize("number", ["010190 12345", "01019012345", "19900101-1234", "010190-123A"])
def test_a_national_id_in_a_name_is_warned_of_and_not_shown(check: Any, number: str) -> None:
    checked = check([good(navn=f"Kari Nordmann {number}")])
    (problem,) = checked.problems.rows(named=True)
    assert "national id stands in it" in problem["message"]
    assert problem["value"].startswith("Kari Nordmann ")
    assert number not in problem["value"]


@pytest.mark.parametrize(
    "row",
    [
        {"navn": "NRK AS"},
        {"navn": "1881 Nummeropplysning AS"},
        {"navn": "Jean-Luc d'Été von Müller"},
        {"navn": "Ole Å"},
        {"navn": "Ólafur Þór Guðmundsson"},
        {"navn": "Łukasz Żółć"},
        {"navn": "Kari & Ola Nordmann"},
        {"adresse": "Osloveien 3"},
        {"adresse": "Gamle Oslo"},
        {"adresse": "Postboks 12 Sentrum"},
        {"adresse": "c/o Hansen, Storgata 1 B, 3. etg."},
        {"adresse": "Å", "postnr": "1430", "sted": "Ås"},
    ],
)
def test_usual_names_and_addresses_are_not_warned_of(check: Any, row: dict[str, str]) -> None:
    assert check([good(**row)]).problems.is_empty()


def test_repeated_identifiers_name_every_row(check: Any, told: Any) -> None:
    rows = [good(), good(nr="2", navn="A B"), good(navn="C D"), good(nr=" 1001 ", navn="E F")]
    checked = check(rows)
    assert told(checked) == [(row, "Kundenr.", "error") for row in (2, 4, 5)]
    assert set(checked.problems["message"]) == {
        "Rows 2, 4, 5 have the same identifier, test-1001. Delete the copy; or set group_by = "
        '["kundenr"] under [list] to make one letter of these rows; or build Identifier from '
        "columns that tell them apart."
    }
    assert set(checked.problems["value"]) == {"1001"}
    assert (checked.letters, checked.held) == (1, 3)


def test_what_repeats_is_shown_as_it_stands_in_its_columns(check: Any) -> None:
    rows = [good(), good(nr="2", navn="A B"), good()]
    checked = check(rows, letter={"Identifier": "{{ poststed }}-{{ kundenr }}"})
    repeated = checked.problems.filter(pl.col("severity") == "error")
    assert set(repeated["column"]) == {"Poststed, Kundenr."}
    assert set(repeated["value"]) == {"Oslo, 1001"}
    assert 'group_by = ["poststed", "kundenr"]' in repeated["message"][0]


def test_a_repeat_that_comes_from_no_column_is_told_of_its_place(check: Any) -> None:
    checked = check(
        [good(), good(nr="2", navn="A B")], letter={"Identifier": "{{ rows | length }}"}
    )
    assert set(checked.problems["column"]) == {"Identifier"}
    assert "group_by" not in checked.problems["message"][0]


def test_very_many_rows_of_one_identifier_are_counted(check: Any) -> None:
    checked = check([good(navn=f"Navn {number}", adresse=f"Vei {number}") for number in range(30)])
    assert "20, 21 and 10 more have" in checked.problems.item(0, "message")


def test_likely_duplicates_are_warned_of_and_listed(check: Any, told: Any) -> None:
    rows = [
        good(),
        good(nr="2", navn="kari NORDMANN", adresse="storgata 1"),
        good(nr="3", navn="Ola"),
    ]
    checked = check(rows)
    assert told(checked) == [(2, "Navn", "warning"), (3, "Navn", "warning")]
    assert "Rows 2, 3 go to the same name and address" in checked.problems.item(0, "message")
    assert checked.letters == 3


def test_of_a_row_that_is_no_recipient_only_that_is_told(check: Any, told: Any) -> None:
    message = "this row repeats the headings of row 1 and is no recipient; delete it"
    found = pl.DataFrame(
        [(row, "", "", message, "error") for row in (3, 5)], schema=PROBLEMS, orient="row"
    )
    # Twice, so that as recipients they would be repeats of each other too.
    checked = check([good(), HEADINGS, good(nr="3", navn="A B"), HEADINGS], problems=found)
    assert told(checked) == [(3, "", "error"), (5, "", "error")]
    assert (checked.letters, checked.held) == (2, 2)


def test_what_a_short_row_does_not_have_is_told_as_one_problem(check: Any, told: Any) -> None:
    rows = [good(), good(nr="2", navn="A B", postnr="", sted=""), good(nr="3", navn="")]
    checked = check(rows, short=[(3, 3), (4, 4)])
    assert told(checked) == [(3, "", "error"), (4, "Navn", "error")]
    assert checked.problems["message"][0].startswith(
        "the row ends after 3 of 5 cells: Postnr, Poststed are missing."
    )


def test_a_short_row_that_lacks_nothing_is_sent(check: Any) -> None:
    rows = [(*good(), "x"), (*good(nr="2", navn="A B"), ""), (*good(nr="3", navn="C D"), "")]
    checked = check(rows, (*HEADINGS, "Merknad"), short=[(3, 5)])
    assert checked.problems.is_empty()
    assert checked.letters == 3


def test_a_list_whose_only_trouble_is_a_row_that_was_cut(check: Any, told: Any) -> None:
    found = pl.DataFrame([(3, "", "", "cut", "error")], schema=PROBLEMS, orient="row")
    checked = check([good(), good(nr="", navn="", postnr="")], problems=found, short=[(3, 2)])
    assert told(checked) == [(3, "", "error")]


def test_rows_the_reader_found_wrong_are_kept_back_too(check: Any) -> None:
    found = pl.DataFrame(
        [
            (3, "", "", "The row has two cells more than there are headings.", "error"),
            (4, "Navn", "", "The cell was odd.", "warning"),
        ],
        schema=PROBLEMS,
        orient="row",
    )
    rows = [good(nr=str(number), navn=f"Navn {number}") for number in range(4)]
    checked = check(rows, problems=found)
    assert checked.problems.height == 2
    fates = checked.snapshot.frame.select("row", "held", "reasons").collect().rows()
    assert fates == [
        (2, False, ""),
        (3, True, "The row has two cells more than there are headings."),
        (4, False, ""),
        (5, False, ""),
    ]


def test_national_ids_are_masked_wherever_they_are_shown(check: Any) -> None:
    wrong = SYNTHETIC[:-1] + "0"
    rows = [wide(fnr=wrong), wide(nr="2", fnr=wrong, navn="B C")]
    checked = check(
        rows,
        WIDE,
        letter={"Note": "{{ fnr | money }}"},
        invoicee={"NationalId": "{{ fnr }}"},
        uses=frozenset({"fnr"}),
        formats={"fnr": {"date"}},
    )
    told = " ".join(str(text) for row in checked.problems.rows() for text in row)
    assert wrong not in told
    assert "*****" in told
    assert checked.snapshot.sensitive == {"c6"}
    reasons = " ".join(checked.snapshot.frame.select("reasons").collect().to_series())
    assert wrong not in reasons


@pytest.mark.parametrize(
    "heading",
    [
        *("Fødselsnummer", "fnr", "Personnr.", "CPR-nr", "F.nr", "Personnummer (11 siffer)"),
        *("Fnr ektefelle", "Fødselsnummer medsøker", "Fødsels- og personnummer"),
    ],
)
def test_columns_headed_like_national_ids_are_sensitive_though_not_mapped(
    check: Any, heading: str
) -> None:
    checked = check([(*GOOD, SYNTHETIC)], (*HEADINGS, heading))
    assert checked.snapshot.sensitive == {"c5"}


@pytest.mark.parametrize("heading", ["Merknad", "Kundenummer gammelt", "Født"])
def test_other_columns_are_not(check: Any, heading: str) -> None:
    checked = check([(*GOOD, SYNTHETIC)], (*HEADINGS, heading))
    assert checked.snapshot.sensitive == frozenset()


def test_an_identifier_made_of_national_ids_is_refused(check: Any) -> None:
    with pytest.raises(SettingsError, match="Fnr, which holds national ids"):
        check([(*GOOD, SYNTHETIC)], (*HEADINGS, "Fnr"), letter={"Identifier": "{{ fnr }}"})


@pytest.mark.parametrize(
    ("filters", "cells", "wrong"),
    [
        (
            {"money"},
            ["1234,50", "1 234,50", "1.234,50", "-3", "kr 12", "1.234", "", "tolv"],
            ["1.234", "", "tolv"],
        ),
        (
            {"date"},
            ["15.03.2026", "2026-03-15", "2026-03-15 00:00:00", "31.02.2026", "3/4/2026", ""],
            ["31.02.2026", "3/4/2026", ""],
        ),
        ({"long_date"}, ["29.02.2024", "29.02.2026", "31.12.2026"], ["29.02.2026"]),
        ({"upper"}, ["", "anything"], []),
        (
            {"money", "currency:NOK"},
            ["5", "kr 5", "5 nok", "100 EUR", "€ 100", "USD 5", "SEK 5", "-$ 5"],
            ["100 EUR", "€ 100", "USD 5", "SEK 5", "-$ 5"],
        ),
        ({"total", "currency:CAD"}, ["$ 5", "5", "5 USD"], ["5 USD"]),
    ],
)
def test_cells_the_template_formats_must_be_what_it_takes_them_for(
    check: Any, filters: set[str], cells: list[str], wrong: list[str]
) -> None:
    rows = [(*good(nr=str(place), navn=f"N {place}"), cell) for place, cell in enumerate(cells)]
    checked = check(
        rows, (*HEADINGS, "Beløp"), uses=frozenset({"beløp"}), formats={"beløp": filters}
    )
    assert checked.problems["value"].to_list() == wrong
    assert set(checked.problems["column"]) <= {"Beløp"}
    assert checked.held == len(wrong)


@pytest.mark.parametrize(
    ("cells", "warned"),
    [
        (["5", "6", "7 EUR", "kr 8"], ["7 EUR"]),
        (["5 EUR", "€ 6", "7 €"], []),
        (["5", "6 kr", "7 NOK", "8,-"], []),
    ],
)
def test_an_amount_in_another_currency_than_others_is_warned_of(
    check: Any, cells: list[str], warned: list[str]
) -> None:
    rows = [(*good(nr=str(place), navn=f"N {place}"), cell) for place, cell in enumerate(cells)]
    checked = check(
        rows, (*HEADINGS, "Beløp"), uses=frozenset({"beløp"}), formats={"beløp": {"money"}}
    )
    assert checked.problems["value"].to_list() == warned
    assert checked.held == 0


@pytest.mark.parametrize(
    ("cells", "warned"),
    [
        (["1234", "1234.5", "-0.25", ""], ["1234.5"]),
        (["1234.5", "12 kr"], []),
        (["14.30", "8.15"], []),
        (["01.5", "2.5"], []),
        (["1234,5", "12"], []),
        (["1234", "12"], []),
    ],
)
def test_numbers_that_a_field_in_word_shows_as_they_are_stored_are_told_once(
    check: Any, cells: list[str], warned: list[str]
) -> None:
    rows = [(*good(nr=str(place), navn=f"N {place}"), cell) for place, cell in enumerate(cells)]
    shown = {"uses": frozenset({"beløp"}), "formats": {"beløp": {"readable"}}}
    checked = check(rows, (*HEADINGS, "Beløp"), **shown)
    assert checked.problems["value"].to_list() == warned
    assert checked.held == 0
    assert all("«Beløp»" in said for said in checked.problems["message"].to_list())
    english = check(rows, (*HEADINGS, "Beløp"), letter={"LanguageID": "EN"}, **shown)
    assert english.problems.is_empty()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"invoicee": {"City": None}}, "No letter has Invoicee.City, and every letter by PRINT"),
        ({"invoicee": {"PostCode": ""}}, "No letter has Invoicee.PostCode"),
        ({"letter": {"Channel": "EMAIL"}}, "No letter has Invoicee.Email"),
        ({"letter": {"Channel": "KIVRA"}}, "No letter has Invoicee.NationalId"),
        ({"letter": {"Channel": ""}}, "No letter has Channel"),
        ({"letter": {"Identifier": "same"}}, "Identifier is the same in every letter"),
        ({"letter": {"Invoicer": {"Name": ""}}}, "No letter has Invoicer.Name"),
        (
            {"invoicee": {"PostCode": "620"}, "checks": {"same": ["PostCode"]}},
            "PostCode = “620”: A postcode in Norway has 4 digits",
        ),
        ({"invoicee": {"CountryCode": "Narnia"}}, "There is no such country"),
        ({"letter": {"Invoicer": {"Name": "a", "Email": "post@"}}}, "Not an e-mail address"),
        (
            {"letter": {"Invoicer": {"Name": "a", "PostCode": "11455", "CountryCode": "NO"}}},
            "Not a postcode in Norway",
        ),
    ],
)
def test_what_is_wrong_in_every_letter_stops_the_mailing(
    check: Any, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        check([GOOD], **changes)
    assert said in caught.value.message


def test_the_documented_examples_sender_passes(check: Any) -> None:
    sender = {
        "CompanyRegNo": "98741562",
        "Name": "Utleier AS",
        "Address1": "Kongeveien 1",
        "City": "Oslo",
        "PostCode": "0580",
        "CountryCode": "Norge",
        "Email": "contact@company.com",
        "Phone": "22 55 66 99",
        "WebAddress": "www.company.com",
    }
    (letter,) = check([GOOD], letter={"Invoicer": sender}).snapshot.letters()
    normalised = sender | {"CountryCode": "NO", "Phone": "4722556699"}
    assert letter.fields["Invoicer"] == normalised


def test_an_unknown_channel_of_all_letters_is_said_aloud(check: Any) -> None:
    checked = check([GOOD], letter={"Channel": "FAX"})
    assert "Channel = “FAX”" in checked.notes[-1]
    assert checked.letters == 1


def test_synthetic_numbers_can_be_refused(check: Any, told: Any) -> None:
    rows = [wide(fnr=SYNTHETIC)]
    assert wide_check(check, *rows).held == 0
    assert told(wide_check(check, *rows, checks={"synthetic_ids": False, **HOLD})) == [
        (2, "Fnr", "error")
    ]


def test_a_list_without_rows_is_told(check: Any) -> None:
    with pytest.raises(ListError, match="no rows"):
        check([])


def test_many_portions_come_to_the_same_as_one(check: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        wide(nr=str(place // 2 if place % 50 == 0 else place), navn=f"N {place % 90}", postnr=code)
        for place, code in zip(range(300), ["0150", "620", "9990"] * 100, strict=True)
    ]
    whole = wide_check(check, *rows)
    monkeypatch.setattr("batchsend.letters.drafting.PORTION", 37)
    monkeypatch.setattr("batchsend.letters.grouping.WINDOW", 13)
    cut = wide_check(check, *rows)
    assert cut.problems.equals(whole.problems)
    assert cut.snapshot.frame.collect().equals(whole.snapshot.frame.collect())
    assert list(cut.snapshot.letters()) == list(whole.snapshot.letters())


def test_a_list_all_in_capitals_is_not_warned_of_row_by_row_for_ever(check: Any) -> None:
    rows = [good(nr=str(number), navn=f"KARI NORDMANN {number}") for number in range(1200)]
    checked = check(rows)
    assert checked.problems.height == 1000
    assert checked.notes[-1] == "200 more warnings about Navn are not listed."
    assert checked.letters == 1200


def test_errors_are_all_told(check: Any) -> None:
    rows = [good(nr=str(number), navn=f"N {number}", postnr="620") for number in range(1200)]
    assert check(rows).problems.height == 1200


def test_a_disk_without_room_is_told_and_nothing_is_left_behind(check: Any, tmp_path: Path) -> None:
    resource = pytest.importorskip("resource", reason="Windows has no limit on files to set")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        with pytest.raises(ListError, match="The check cannot be written in"):
            check([GOOD])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []


def test_an_identifier_of_today_is_refused(check: Any) -> None:
    for source in ("{{ today() }}-{{ kundenr }}", "{{ kundenr }}{% set d = today %}{{ d() }}"):
        with pytest.raises(SettingsError, match="changes every day"):
            check([GOOD], letter={"Identifier": source})
    headings = (*HEADINGS, "Today")
    named = check([(*GOOD, "2026-03")], headings, letter={"Identifier": "{{ row.today }}-x"})
    assert named.letters == 1


def test_other_texts_of_today_are_told_of(check: Any) -> None:
    checked = check([GOOD], letter={"Note": "Sendt {{ today() | date }}"})
    (note,) = (note for note in checked.notes if "every day" in note)
    assert note.startswith("payload.Letter.Note = “Sendt {{ today() | date }}”")
    assert checked.letters == 1
    assert not any("every day" in note for note in check([GOOD]).notes)

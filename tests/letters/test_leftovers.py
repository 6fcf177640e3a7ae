"""What programs leave in a cell in place of its value."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
import pytest
from letters.conftest import GOOD, HEADINGS, Check

from batchsend.text import column_name

NOTHING = (
    "n.a.", "NULL NULL", "None None", "nan nan", "''", "ej känt",
    "NULL", "null", "(null)", "<null>", "None", "nan", "NaN", r"\N", "n/a", "N/A", " NULL ", "NIL",
    "#NULL", "DBNull", "System.DBNull", "[object Object]", "N.A.", "k.A.", "ukjent", "Ikke oppgitt",
    "(tom)", "okänd", "uppgift saknas", "ikke angivet", "ei tietoa", "PUUTTUU", "unbekannt",
    "nicht angegeben", "unknown", "TBD", "-", "–", "?", "...", "xxx", "0", "NA", "NaN, NaN",
    "1.#QNAN", "-1.#IND", "inf", "-Infinity", "{}", "[]", "System.String[]", "DBNull.Value",
    "0000-00-00", "0000-00-00 00:00:00", "00.00.0000", "(ingen)", "inget", "ei ole",
    "do.", "-\"-", "〃",
)  # fmt: skip
ERRORS = (
    "#REF!", "#NAVN?", "#VERDI!", "#I/T", "#OVERFLYT!", "#VÄRDEFEL!", "#SAKNAS!", "#DIVISION/0!",
    "#VÆRDI!", "#PUUTTUU!", "#JAKO/0!", "#LUKU!", "#NV", "#WERT!", "#BEZUG!", "#ZAHL!", "#N/A",
    "#ref!", "#####", "Err:502", "#N/A N/A", "#Error", "#Feil", "#Deleted", "#Slettet",
    "#Type!", "#MULTIVALUE",
)  # fmt: skip
MANGLED = (
    "BjÃ¸rn", "SÃ¦ther", "Ã…se", "Bj├©rn", "Bj¿rn", "Bj?rn", "S?ther", "Troms?", "?se",
    "Bj|rn", "S{ther", "}lesund", "BjÃƒÂ¸rn", "Bj=F8rn", "Bj=C3=B8rn", "Bj%C3%B8rn", "Bj%F8rn",
    r"Bj\u00f8rn", r"Bj\xf8rn", "S&oslash;ren", "Hansen &amp; S&#248;nn", "Bj√∏rn", "BjĂ¸rn",
    "Bj\ufffdrn", "Bj\x9brn", "Kari%20Hansen", r"Bj\370rn", "Bj+APg-rn", "Bj¸rn", "S¿ther", "¨ye",
    "Ãse", "MŸller", "RenŽ L", "K”benhavn", "Bj°rn", "S³ren", "Bjƒrn", "Bjřrn Ĺs", "Bj??rn",
    "Bj_rn", "Bj*rn", "Bj#rn", "Bj¤rn", "BjÃrn", "Kari<br>Dahl", "<b>Kari</b>", r"Kari\r\nDahl",
    r"Kari\nDahl", "Kari%26Ola", "M&hellip;", "&copy; AS",
    "Kari_x000D_", "BJ\\RN", "B[RD", "HÂkon", "VÊrnes", "ÿystein",
)  # fmt: skip
RIGHT = (
    "O'Brien", "Null Hansen", "Nan Goldin", "Åse & Co", "Ærø", "Ångström", "Café 50 %", "A/S",
    "Hansen (bo)", "Ukjent Hansen", "Xu", "Tom Hansen", "Oslo - Vest", "#1 Frisør",
    "Œuvre AS", "Ă Moon", "Storgata 1=2", "100 % AS", "K&A",
    "C\\O KARI", "5 °C AS", "M³ AS", "ŠKODA AS", "Ženja", "IDŽ AS",
)  # fmt: skip


def _not_warned_of(check: Check, at: int, values: Sequence[str]) -> list[str]:
    """Of a list that has each value in one row's cell, those of which nothing is said."""
    rows = [[str(1001 + number), f"Kari {number} Dal", *GOOD[2:]] for number in range(len(values))]
    for row, value in zip(rows, values, strict=True):
        row[at] = value
    found = check([*rows, ("9001", *GOOD[1:])]).problems.filter(column=HEADINGS[at])
    told = set(found["row"])
    assert len(rows) + 2 not in told, "the row in which nothing is wrong"
    return [value for number, value in enumerate(values, 2) if number not in told]


@pytest.mark.parametrize("at", [1, 2, 4])
def test_a_word_for_nothing_is_warned_of(check: Check, at: int) -> None:
    assert not _not_warned_of(check, at, NOTHING)


@pytest.mark.parametrize("value", ERRORS)
def test_an_error_value_is_held_in_any_language(check: Check, value: str) -> None:
    checked = check([("1001", value, *GOOD[2:])])
    assert checked.problems["severity"].to_list() == ["error"]
    assert checked.letters == 0


@pytest.mark.parametrize("value", ["-", "0", "ukjent", "x"])
def test_a_dash_in_a_second_line_of_the_address_is_let_be(check: Check, value: str) -> None:
    rows = [(*GOOD, value)]
    headings = (*HEADINGS, "Adresse 2")
    assert check(rows, headings, invoicee={"Address2": "{{ adresse_2 }}"}).problems.is_empty()


@pytest.mark.parametrize("at", [1, 2, 4])
def test_mangled_letters_are_warned_of(check: Check, at: int) -> None:
    assert not _not_warned_of(check, at, MANGLED)


@pytest.mark.parametrize("value", RIGHT)
def test_a_real_name_is_not(check: Check, value: str) -> None:
    cells = ("1001", value, *GOOD[2:])
    said = " ".join(check([cells]).problems["message"])
    assert "mangled" not in said
    assert "empty cell" not in said


@pytest.mark.parametrize("value", [*MANGLED[:6], "Kjære Bj%C3%B8rn", "NULL"])
def test_in_a_column_that_only_the_template_shows_too(check: Check, value: str) -> None:
    rows = [(*GOOD, value)]
    headings = (*HEADINGS, "Hilsen")
    for uses, number in ((frozenset({"hilsen"}), 1), (frozenset[str](), 0)):
        assert check(rows, headings, uses=uses).problems.height == number


def test_a_question_or_an_address_of_the_web_is_none(check: Check) -> None:
    for text in ("Har du spørsmål? Ring oss.", "https://example.com/a?b=c", "a=1&b=2"):
        rows = [(*GOOD, text)]
        assert check(rows, (*HEADINGS, "Note"), uses=frozenset({"note"})).problems.is_empty()


@pytest.mark.parametrize("value", ["1,00E+11", "1.5E+12", "4E+7", "1002.0", "1002,00"])
def test_a_number_that_names_something_has_neither_exponent_nor_decimals(
    check: Check, value: str
) -> None:
    checked = check([(value, *GOOD[1:]), ("1003", *GOOD[1:])])
    assert checked.problems.filter(row=2, severity="error")["column"].to_list() == ["Kundenr."]
    assert (checked.letters, checked.held) == (1, 1)


@pytest.mark.parametrize("value", ["10-E", "12E4", "1.2.3", "F-1,5", "0"])
def test_other_names_pass(check: Check, value: str) -> None:
    assert check([(value, *GOOD[1:])]).held == 0


DATES = (
    "2026-04-02", "2026-04-02 00:00:00", "02.apr", "10.des", "2-apr", "mar.15", "02.04.2026",
    "2. april", "12. maaliskuuta", "Dezember 10", "5-maj", "02-04-2026", "2026/04/02", "02.04.26",
    "2026-04-02 0:00",
)  # fmt: skip


@pytest.mark.parametrize("value", DATES)
def test_a_house_number_made_a_date_is_warned_of(check: Check, value: str) -> None:
    headings = ("Kundenr.", "Navn", "Gate", "Husnr", "Postnr", "Poststed")
    rows = [("1", "Kari", "Storgata", value, "0150", "Oslo")]
    checked = check(rows, headings, invoicee={"Address1": "{{ gate }} {{ husnr }}"})
    assert checked.problems["column"].to_list() == ["Husnr"]


@pytest.mark.parametrize("value", DATES)
def test_a_customer_number_made_a_date_is_warned_of(check: Check, value: str) -> None:
    rows = [(number, *GOOD[1:]) for number in ("10-A", "11-B", value)]
    found = check(rows).problems.filter(column="Kundenr.")
    assert found.select("row", "severity").rows() == [(4, "warning")]


def test_a_column_of_dates_may_be_a_part_of_the_key(check: Check) -> None:
    rows = [(f"2026-04-0{day}", *GOOD[1:]) for day in range(1, 5)]
    assert check(rows).problems.filter(column="Kundenr.").is_empty()


def test_a_street_named_by_a_day_is_none(check: Check) -> None:
    assert check([("1", "Kari", "17. mai-gata 2", "0150", "Oslo")]).problems.is_empty()


NO_DAYS = ("01.01.1900", "1970-01-01T00:00:00Z", "1970-01-01", "31.12.9999", "15.11.2206")


@pytest.mark.parametrize("value", NO_DAYS)
def test_a_day_that_stands_for_none_is_warned_of(check: Check, value: str) -> None:
    rows = [(*GOOD, value), ("1002", *GOOD[1:], "15.11.2026")]
    checked = check(rows, (*HEADINGS, "Forfall"), formats={"forfall": {"date"}})
    found = checked.problems.filter(column="Forfall").select("row", "severity").rows()
    assert found == [(2, "warning")]


BESIDE = ("Kari nan", "NULL Hansen", "Hansen, None", "Storgata null", "Gata undefined", "Gata #N/A")


@pytest.mark.parametrize("at", [1, 2])
def test_a_word_for_nothing_beside_a_name_is_warned_of(check: Check, at: int) -> None:
    assert not _not_warned_of(check, at, BESIDE)


@pytest.mark.parametrize("value", [*BESIDE, "Nan Hansen", "Nullveien 3", "Hansen Nonesuch"])
def test_such_a_word_in_a_sentence_is_none(check: Check, value: str) -> None:
    rows = [(*GOOD, f"Hei {value} og flere")]
    assert check(rows, (*HEADINGS, "Tekst"), uses=frozenset({"tekst"})).problems.is_empty()


SPOILT = ("Storgata 02.apr", "Storgata 2. apr", "Storgata 2026-04-02 00:00:00", "Gata 10.12.2026",
          "04.mai.26", "2-Apr-26", "Storgata 12.0", "12,0")  # fmt: skip


def test_a_house_number_spoilt_beside_its_street_is_warned_of(check: Check) -> None:
    assert not _not_warned_of(check, 2, SPOILT)


@pytest.mark.parametrize("value", ["1,00E+11", "Storgata 1.2E+05"])
def test_a_house_number_cut_short_is_held(check: Check, value: str) -> None:
    assert check([("1001", "Kari", value, *GOOD[3:])]).letters == 0


HOUSES = (*HEADINGS, "Husnr")


def _with_house(number: str, *others: str) -> list[tuple[str, ...]]:
    return [(f"10{at:02}", *GOOD[1:], house) for at, house in enumerate((number, *others))]


def test_a_date_that_is_a_number_again_is_warned_of(check: Check) -> None:
    rows = _with_house("46114", "2", "4B", "12")
    checked = check(rows, HOUSES, invoicee={"Address1": "{{ adresse }} {{ husnr }}"})
    assert checked.problems["row"].to_list() == [2]
    boxes = _with_house("46114", "46115", "45001")
    checked = check(boxes, HOUSES, invoicee={"Address1": "Box {{ husnr }}"})
    assert checked.problems.is_empty()


def test_a_customer_number_that_says_nothing_is_warned_of(check: Check) -> None:
    assert not _not_warned_of(check, 0, ["-", "?", "---"])


LAWFUL = ("17. mai gate 3", "1. januar-veien 3", "Storgata 2-4", "Veien 12 B", "Box 45000")


def test_a_street_with_numbers_is_none(check: Check) -> None:
    assert _not_warned_of(check, 2, LAWFUL) == list(LAWFUL)


@pytest.mark.parametrize("blank", ["", "  ", "\u00a0"])
def test_a_letter_whose_identifier_lacks_its_column_is_held(check: Check, blank: str) -> None:
    checked = check(
        [(blank, *GOOD[1:]), GOOD],
        invoicee={"CustomerNo": ""},
        letter={"Identifier": "rent-{{ kundenr }}"},
    )
    told = checked.problems.filter(severity="error")
    assert told["row"].to_list() == [2]
    assert "letter's identifier is built from it" in told["message"].item()
    assert (checked.letters, checked.held) == (1, 1)


def test_a_period_alone_names_no_letter(check: Check) -> None:
    checked = check(
        [("", *GOOD[1:], "2026-12"), (*GOOD, "2026-12")],
        (*HEADINGS, "period"),
        invoicee={"CustomerNo": ""},
        letter={"Identifier": "rent-{{ period }}-{{ kundenr }}"},
    )
    told = checked.problems.filter(severity="error")
    assert told.select("row", "column").rows() == [(2, "Kundenr.")]
    assert "letter's identifier is built from it" in told["message"].item()


def test_rows_without_what_names_their_letters_are_no_copies_of_each_other(check: Check) -> None:
    rows = [("", f"Kari Nordmann {n}", *GOOD[2:]) for n in (1, 2)]
    checked = check(rows, invoicee={"CustomerNo": ""}, letter={"Identifier": "rent-{{ kundenr }}"})
    told = checked.problems.filter(severity="error")
    assert told["row"].to_list() == [2, 3]
    assert told["message"].str.contains("is built from it").all()


BARE = (
    "1002.0",
    "1,23E+12",
    "9.01E+07",
    "01.01.1900",
    "1970-01-01T00:00:00Z",
    "31.12.9999",
    "0001-01-01",
)


@pytest.mark.parametrize("value", BARE)
def test_what_a_program_has_left_in_a_column_shown_as_it_stands(check: Check, value: str) -> None:
    headings = (*HEADINGS, "Kontraktnr")
    found = check([(*GOOD, value)], headings, uses=frozenset({"kontraktnr"})).problems
    assert found.select("column", "severity").rows() == [("Kontraktnr", "warning")]


@pytest.mark.parametrize("value", ["1250.0", "1250,00", "12E4", "01.01.1970-", "15.03.2026"])
def test_amounts_and_days_shown_as_they_stand_are_let_be(check: Check, value: str) -> None:
    found = check([(*GOOD, value)], (*HEADINGS, "Husleie"), uses=frozenset({"husleie"}))
    assert found.problems.is_empty()


@pytest.mark.parametrize("text", ["?yvind", "Kari<br/>Dahl", r"Kari\tDahl", "&ndash;", "Bj¤rn"])
def test_what_is_mangled_in_any_text_is_warned_of(check: Check, text: str) -> None:
    assert "mangled" in " ".join(_shown(check, text)["message"])


@pytest.mark.parametrize(
    "text", ["se https://example.com/s%C3%B8k", r"C:\temp\navn", "5 < 6", "fil_navn", "Hei? Ja."]
)
def test_what_belongs_to_a_text_is_not(check: Check, text: str) -> None:
    assert _shown(check, text).is_empty()


@pytest.mark.parametrize(
    "day",
    ["31.06.2027", "30.2.2027", "29.02.2027", "2027-06-31", "32.01.2027", "31/4-2027", "2026-13-01",
     "1900-02-29"],
)  # fmt: skip
def test_a_day_that_no_calendar_has_is_warned_of_where_it_is_shown(check: Check, day: str) -> None:
    assert "no such day" in " ".join(_shown(check, day)["message"])


@pytest.mark.parametrize("day", ["29.02.2028", "31.07.2027", "2028-02-29", "30.06.2027"])
def test_a_day_of_the_calendar_is_right(check: Check, day: str) -> None:
    assert _shown(check, day).is_empty()


def test_the_month_may_stand_first_in_an_english_letter_only(check: Check) -> None:
    rows, headings, uses = [(*GOOD, "12/25/2026")], (*HEADINGS, "Day"), frozenset({"day"})
    english = check(rows, headings, uses=uses, letter={"LanguageID": "EN"})
    assert english.problems.is_empty()
    (message,) = check(rows, headings, uses=uses).problems["message"]
    assert "no such day" in message


@pytest.mark.parametrize(
    "moment", ["2026-11-14T23:00:00Z", "2026-11-14T23:00:00.000Z", "2026-11-14 23:00 +00:00"]
)
def test_a_moment_of_a_program_is_warned_of_where_it_is_shown(check: Check, moment: str) -> None:
    (message,) = _shown(check, moment)["message"]
    assert "A moment as programs write it" in message
    assert "{{ … | date }}" in message


@pytest.mark.parametrize(
    ("heading", "text"),
    [
        ("E-postadresse", "ola_nordmann@example.com"),
        ("Epostadresse", "ola_nordmann@example.com"),
        ("Kontaktperson e-post", "ola_nordmann@example.com"),
        ("Email address", "ola_nordmann@example.com"),
        ("Nettadresse", "example.com/min_side"),
        ("Brukernavn", "ola_nordmann"),
        ("Filnavn", "avtale_2.pdf, vedlegg_a.pdf"),
    ],
)
def test_a_name_or_an_address_of_a_computers_is_not(check: Check, heading: str, text: str) -> None:
    key = column_name(heading)
    rows, headings = [(*GOOD, text)], (*HEADINGS, heading)
    assert check(rows, headings, uses=frozenset({key})).problems.is_empty()


@pytest.mark.parametrize(
    "heading", ["Kontaktperson", "Postadresse", "Adresse postnr", "Filial navn"]
)
def test_a_name_that_only_the_letter_shows_is_looked_at_like_the_recipients(
    check: Check, heading: str
) -> None:
    found = check([(*GOOD, "Bj_rn")], (*HEADINGS, heading), uses=frozenset({column_name(heading)}))
    assert found.problems["column"].to_list() == [heading]


def _shown(check: Check, text: str) -> pl.DataFrame:
    """What is said of a text that the letter shows as it stands."""
    checked = check([(*GOOD, text)], (*HEADINGS, "Tekst"), uses=frozenset({"tekst"}))
    return checked.problems.filter(column="Tekst")


def test_an_error_value_that_paper_does_not_need_is_left_out(check: Check) -> None:
    headings, invoicee = (*HEADINGS, "E-post"), {"Email": "{{ e_post }}"}
    rows = [(*GOOD, "#N/A")]
    assert check(rows, headings, invoicee=invoicee).letters == 1
    shown = check(rows, headings, invoicee=invoicee, uses=frozenset({"e_post"}))
    assert shown.letters == 0


@pytest.mark.parametrize(
    ("field", "source"),
    [
        ("Address2", "{{ felt }}"),
        ("City", "{{ felt }}"),
        ("Reference", "{{ felt }}"),
        ("Email", "{{ felt }}@example.com"),
        ("Email", "{% if felt %}post@example.com{% endif %}"),
    ],
)
def test_an_error_value_that_no_rule_sees_holds_the_letter_whatever_it_may_go_without(
    check: Check, field: str, source: str
) -> None:
    found = check(
        [(*GOOD, "#REF!")],
        (*HEADINGS, "Felt"),
        invoicee={field: source},
        checks={"blank": [field]},
    )
    assert found.letters == 0

"""Countries, postcodes, organisation numbers, e-mail and telephone: tables of what people write.

Where a library knows better than a table, it is asked as well.
"""

from __future__ import annotations

import phonenumbers
import polars as pl
import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import example, given, settings
from hypothesis import strategies as st
from stdnum.dk import cvr
from stdnum.fi import alv
from stdnum.no import orgnr
from thoroughness import examples

from batchsend.letters.checks.countries import judge_countries
from batchsend.letters.checks.emails import judge_emails
from batchsend.letters.checks.judged import Judged, Rule
from batchsend.letters.checks.organisations import judge_organisations
from batchsend.letters.checks.phones import judge_mobiles, judge_phones
from batchsend.letters.checks.postcodes import judge_postcodes

soon = settings(deadline=None, max_examples=examples(40))


def ask(rule: Rule, texts: list[str], country: str = "NO") -> Judged:
    return rule(pl.Series(texts, dtype=pl.String), pl.repeat(country, len(texts), eager=True))


def one(rule: Rule, text: str, country: str = "NO") -> tuple[str, str | None]:
    found = ask(rule, [text], country)
    return found.values.item(), found.wrong.item()


# Countries


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("NO", "NO"),
        ("no", "NO"),
        ("", "NO"),
        ("Norge", "NO"),
        ("NORGE", "NO"),
        ("Noreg", "NO"),
        ("Norway", "NO"),
        ("Norwegen", "NO"),
        ("Norja", "NO"),
        ("NOR", "NO"),
        ("N", "NO"),
        ("Sverige", "SE"),
        ("Svíþjóð", "SE"),
        ("Schweden", "SE"),
        ("Ruotsi", "SE"),
        ("Danmark", "DK"),
        ("Tanska", "DK"),
        ("Finland", "FI"),
        ("Suomi", "FI"),
        ("Tyskland", "DE"),
        ("Deutschland", "DE"),
        ("Island", "IS"),
        ("Færøyene", "FO"),
        ("Storbritannia", "GB"),
        ("UK", "GB"),
        ("England", "GB"),
        ("USA", "US"),
        ("De forente stater", "US"),
        ("Åland", "AX"),
        ("Svalbard og Jan Mayen", "SJ"),
        ("Holland", "NL"),
        ("Sør-Korea", "KR"),
    ],
)
def test_countries_are_sent_as_codes(text: str, code: str) -> None:
    found = judge_countries(pl.Series([text]), "NO")
    assert (found.values.item(), found.wrong.item()) == (code, None)


@pytest.mark.parametrize("text", ["XX", "EU", "Norgge", "Narnia", "0047", "-"])
def test_what_is_no_country_is_told(text: str) -> None:
    found = judge_countries(pl.Series([text]), "NO")
    assert "There is no such country." in found.wrong.item()
    assert found.values.item() == text


def test_a_country_that_is_nearly_written_is_proposed() -> None:
    assert "Did you mean Sverige?" in judge_countries(pl.Series(["Sverge"]), "NO").wrong.item()


def test_an_address_without_a_country_is_at_home() -> None:
    assert judge_countries(pl.Series([""]), "SE").values.item() == "SE"


# Postcodes


@pytest.mark.parametrize(
    ("country", "text"),
    [
        ("NO", "0150"),
        ("NO", "9990"),
        ("SJ", "9170"),
        ("SE", "11455"),
        ("SE", "114 55"),
        ("DK", "2100"),
        ("FI", "00100"),
        ("AX", "22100"),
        ("IS", "101"),
        ("FO", "100"),
        ("DE", "01067"),
        ("GB", "SW1A 1AA"),
        ("GB", "m1 1ae"),
        ("NL", "1012 AB"),
        ("PL", "00-001"),
        ("US", "10001-1234"),
        ("CA", "K1A 0B1"),
        ("LV", "LV-1050"),
        ("AE", "anything"),
        ("NO", ""),
    ],
)
def test_postcodes_have_their_countrys_form(country: str, text: str) -> None:
    assert one(judge_postcodes, text, country) == (text, None)


@pytest.mark.parametrize(
    ("country", "text", "said"),
    [
        ("NO", "620", "Then it is 0620;"),
        ("NO", "O150", "Not a postcode in Norway"),
        ("NO", "0150 Oslo", "Not a postcode in Norway"),
        ("NO", "01500", "Not a postcode in Norway"),
        ("NO", "0000", "Not a postcode in Norway"),
        ("NO", "SE-0150", "the digits alone"),
        ("NO", "X-0150", "the digits alone"),
        ("DK", "800", "Then it is 0800;"),
        ("FI", "1000", "Then it is 01000;"),
        ("DE", "1067", "Then it is 01067;"),
        ("SE", "1145", "those look like 114 55"),
        ("SE", "1145 5", "those look like 114 55"),
        ("GB", "12345", "those look like SW1A 1AA"),
        ("US", "1001", "Then it is 01001;"),
    ],
)
def test_a_wrong_postcode_says_what_to_write(country: str, text: str, said: str) -> None:
    value, wrong = one(judge_postcodes, text, country)
    assert value == text
    assert said in str(wrong)


def test_each_row_has_its_own_country() -> None:
    found = judge_postcodes(pl.Series(["0150", "0150", "11455"]), pl.Series(["NO", "SE", "SE"]))
    assert found.wrong.is_null().to_list() == [True, False, True]


# Organisation numbers


@pytest.mark.parametrize(
    ("country", "text", "sent"),
    [
        ("NO", "974760673", "974760673"),
        ("NO", "974 760 673", "974760673"),
        ("NO", "NO 974 760 673 MVA", "974760673"),
        ("SE", "556036-0793", "5560360793"),
        ("DK", "13585628", "13585628"),
        ("DK", "DK 13 58 56 28", "13585628"),
        ("FI", "2077474-0", "20774740"),
        ("DE", "DE136695976", "DE136695976"),
        ("AQ", "whatever they use there", "whatever they use there"),
    ],
)
def test_organisation_numbers_are_sent_as_digits(country: str, text: str, sent: str) -> None:
    assert one(judge_organisations, text, country) == (sent, None)


@pytest.mark.parametrize(
    ("country", "text"),
    [
        ("NO", "974760674"),
        ("NO", "98741562"),
        ("NO", "556036-0793"),
        ("SE", "556036-0794"),
        ("DK", "13585629"),
        ("FI", "2077474-1"),
        ("DE", "DE136695977"),
    ],
)
def test_a_wrong_organisation_number_names_its_country(country: str, text: str) -> None:
    value, wrong = one(judge_organisations, text, country)
    assert value == text
    assert "Not an organisation number in " in str(wrong)


@soon
@given(
    st.sampled_from([("NO", 9, orgnr), ("DK", 8, cvr), ("FI", 8, alv)]),
    st.lists(st.integers(10**7, 10**9 - 1).map(str), min_size=1, max_size=50),
)
def test_nordic_numbers_are_those_that_stdnum_knows(
    rule: tuple[str, int, object], numbers: list[str]
) -> None:
    country, digits, known = rule
    texts = [number.zfill(digits)[:digits] for number in numbers]
    right = ask(judge_organisations, texts, country).wrong.is_null().to_list()
    assert right == [known.is_valid(text) for text in texts]  # type: ignore[attr-defined]  # modules of one shape


# E-mail


def accepted(text: str) -> bool:
    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kari", "it has no @"),
        ("kari.example.com", "it has no @"),
        ("kari@example", "no full stop"),
        ("kari@example.com; ola@example.com", "Write one"),
        ("kari@@example.com", "Write one"),
        ("kari @example.com", "a blank in it"),
        ("@example.com", "nothing before the @"),
        ("kari@example..com", "two periods"),
        ("kari.@example.com", "period"),
        ("kari@example.com.", "period"),
        ("kari@example.com,", "','"),
        ("<kari@example.com>", "angle brackets"),
        ("kari@firma.local", "special-use"),
    ],
)
def test_what_is_no_address_of_mail_is_told_in_words(text: str, said: str) -> None:
    value, wrong = one(judge_emails, text)
    assert value == text
    assert said in str(wrong)


def test_an_address_few_systems_take_is_only_warned_of() -> None:
    found = ask(judge_emails, ["kåre@example.com", "kare@example.com", ""])
    assert found.wrong.null_count() == 3
    assert found.doubtful.is_null().to_list() == [False, True, True]


signs = st.text("aB1.-_+@ø,; ", max_size=8)


@soon
@given(
    st.lists(
        st.one_of(
            st.builds("{}@{}.{}".format, signs, signs, st.sampled_from(["no", "test", "c", "x1"])),
            st.emails(),
        ),
        min_size=1,
        max_size=30,
    )
)
@example(["a@b--c.no", "a@bc--d.no", "a@local.no", "a@a.local", "x" * 65 + "@a.no"])
def test_addresses_are_those_that_email_validator_takes(texts: list[str]) -> None:
    """The fast way for plain addresses must not let anything else through."""
    texts = [text for text in texts if text.strip() == text]
    right = ask(judge_emails, texts).wrong.is_null().to_list()
    assert right == [accepted(text) for text in texts]


# Telephone


@pytest.mark.parametrize(
    ("country", "text", "sent"),
    [
        ("NO", "99653241", "4799653241"),
        ("NO", "996 53 241", "4799653241"),
        ("NO", "+47 996 53 241", "4799653241"),
        ("NO", "0047 99653241", "4799653241"),
        ("NO", "4799653241", "4799653241"),
        ("NO", "(+47) 996-53-241", "4799653241"),
        ("NO", "99/65/32/41", "4799653241"),
        ("DE", "0151/23456789", "4915123456789"),
        ("NO", "996\u00a053\u00a0241", "4799653241"),
        ("NO", "+46 70 123 45 67", "46701234567"),
        ("SE", "070-123 45 67", "46701234567"),
        ("SE", "0701234567", "46701234567"),
        ("SE", "+47 99653241", "4799653241"),
        ("DK", "20 12 34 56", "4520123456"),
        ("FI", "040 1234567", "358401234567"),
        ("GB", "07400 123456", "447400123456"),
        ("NO", "", ""),
    ],
)
def test_mobile_numbers_are_sent_with_their_countrys_code(
    country: str, text: str, sent: str
) -> None:
    assert one(judge_mobiles, text, country) == (sent, None)


@pytest.mark.parametrize(
    ("country", "text", "said"),
    [
        ("NO", "9965324", "Not a mobile number in Norway"),
        ("NO", "996532411", "Not a mobile number in Norway"),
        ("NO", "0701234567", "Not a mobile number in Norway"),
        ("NO", "tlf. 99653241", "Not a mobile number in Norway"),
        ("NO", "99653241/99653242", "Not a mobile number in Norway"),
        # Two numbers; run together, they would be a third person's.
        ("FI", "040 1234567/8", "Not a mobile number in Finland"),
        ("FI", "(040) 123456 / 57", "Not a mobile number in Finland"),
        ("DE", "0151 2345678/9", "Not a mobile number in Germany"),
        ("NO", "22 55 66 99", "not a mobile one"),
        ("SE", "08-123 456 78", "not a mobile one"),
    ],
)
def test_a_wrong_mobile_number_is_told(country: str, text: str, said: str) -> None:
    value, wrong = one(judge_mobiles, text, country)
    assert value == text
    assert said in str(wrong)


def test_the_senders_telephone_may_be_a_landline() -> None:
    assert one(judge_phones, "22 55 66 99") == ("4722556699", None)
    assert "Not a telephone number" in str(one(judge_phones, "22 55")[1])


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("+47 (0) 22 55 66 99", "4722556699"),
        ("+46 (0)8 123 456 78", "46812345678"),
        ("+39 (0)6 69812345", "390669812345"),
        ("+39 (0) 2 12345678", "390212345678"),
    ],
)
def test_a_zero_in_brackets_stays_in_the_countries_that_dial_it(text: str, sent: str) -> None:
    assert one(judge_phones, text) == (sent, None)


@soon
@given(
    st.sampled_from(["NO", "SE", "DK", "FI"]),
    st.lists(
        st.builds(
            "{}{}".format,
            st.sampled_from(["", "0", "+47", "0046", "+45 ", "+358", "7", "4", "04", "07"]),
            st.from_regex(r"\A[0-9]{6,9}\Z"),
        ),
        min_size=1,
        max_size=30,
    ),
)
def test_mobile_numbers_are_those_that_phonenumbers_knows(country: str, texts: list[str]) -> None:
    """The fast way for plain numbers must not let anything else through."""
    found = ask(judge_mobiles, texts, country)
    for text, value, wrong in zip(texts, found.values, found.wrong, strict=True):
        try:
            number = phonenumbers.parse(text, country)
        except phonenumbers.NumberParseException:
            assert wrong is not None
            continue
        mobile = phonenumbers.number_type(number) in {1, 2} and phonenumbers.is_valid_number(number)
        assert (wrong is None) == mobile
        if mobile:
            assert f"+{value}" == phonenumbers.format_number(number, 0)

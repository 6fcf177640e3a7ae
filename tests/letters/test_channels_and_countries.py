"""What a channel does not need, countries without postcodes, and telephone numbers of firms."""

from __future__ import annotations

import pytest
from letters.conftest import GOOD, HEADINGS, Check

from batchsend.errors import SettingsError

OTHER = {
    "Email": "har ikke",
    "Mobile": "ingen",
    "NationalId": "01010112345",
    "OrganizationNumber": "987",
}


def _of(check: Check, channel: str, name: str, **checks: object) -> tuple[int, dict[str, str]]:
    """How many letters go, and the recipient of the first."""
    invoicee = {name: "{{ annet }}", "Email": "kari@example.com", "NationalId": "01881096303"}
    invoicee |= {name: "{{ annet }}"}
    same = ["Email", "NationalId"]
    checked = check(
        [(*GOOD, OTHER[name])],
        (*HEADINGS, "Annet"),
        letter={"Channel": channel},
        invoicee=invoicee if channel != "PRINT" else {name: "{{ annet }}"},
        checks={"same": same, **checks},
    )
    made = list(checked.snapshot.letters())
    assert checked.problems.filter(column="Annet").height == 1
    return checked.letters, made[0].fields["Invoicee"] if made else {}


@pytest.mark.parametrize("name", OTHER)
def test_a_wrong_value_that_paper_does_not_need_is_left_out(check: Check, name: str) -> None:
    letters, sent = _of(check, "PRINT", name)
    assert letters == 1
    assert sent[name] == ""
    assert _of(check, "PRINT", name, hold=[name])[0] == 0


@pytest.mark.parametrize("name", ["NationalId", "OrganizationNumber"])
def test_a_digital_mailbox_needs_to_know_whom_it_is_of(check: Check, name: str) -> None:
    assert _of(check, "DIGIPOST", name)[0] == 0


def test_an_email_needs_its_address_and_no_postcode(check: Check) -> None:
    rows = [(*GOOD[:3], "15O", "Oslo", mail) for mail in ("kari@example.com", "har ikke")]
    checked = check(
        [(str(at), *row[1:]) for at, row in enumerate(rows)],
        (*HEADINGS, "E-post"),
        letter={"Channel": "EMAIL"},
        invoicee={"Email": "{{ e_post }}"},
    )
    (letter,) = checked.snapshot.letters()
    assert letter.fields["Invoicee"]["PostCode"] == ""


def test_of_a_channel_nobody_knows_nothing_is_left_out(check: Check) -> None:
    row = (*GOOD, "SMS", "12345")
    mobile = {"Mobile": "{{ mobil }}"}
    letter = {"Channel": "{{ kanal }}"}
    assert check([row], (*HEADINGS, "Kanal", "Mobil"), letter=letter, invoicee=mobile).held == 1


def _abroad(check: Check, land: str, code: str) -> tuple[int, str, str]:
    cells = [("1001", "A", "Gate 1", code, "By", land)]
    checked = check(cells, (*HEADINGS, "Land"), invoicee={"CountryCode": "{{ land }}"})
    for letter in checked.snapshot.letters():
        invoicee = letter.fields["Invoicee"]
        return 1, invoicee["CountryCode"], invoicee["PostCode"]
    return 0, "", ""


@pytest.mark.parametrize("land", ["QA", "AE", "HK", "IE", "Irland", "Hong Kong", "Qatar"])
def test_countries_without_postcodes_need_none(check: Check, land: str) -> None:
    assert _abroad(check, land, "")[0] == 1


@pytest.mark.parametrize("land", ["NO", "SE", "DE", "US", "XK"])
def test_others_need_one(check: Check, land: str) -> None:
    assert _abroad(check, land, "")[0] == 0


@pytest.mark.parametrize(
    ("land", "code", "country"),
    [
        ("Kosovo", "10000", "XK"), ("XK", "10000", "XK"), ("Svalbard", "9170", "SJ"),
        ("Åland", "22100", "AX"), ("Færøyene", "100", "FO"), ("Føroyar", "100", "FO"),
        ("Grønland", "3900", "GL"), ("Kalaallit Nunaat", "3900", "GL"),
    ],
)  # fmt: skip
def test_lands_of_their_own_post_are_known(
    check: Check, land: str, code: str, country: str
) -> None:
    assert _abroad(check, land, code) == (1, country, code)


@pytest.mark.parametrize(
    ("land", "written", "code"),
    [
        ("DE", "D-10115", "10115"), ("SE", "SE-114 55", "114 55"), ("SE", "S-114 55", "114 55"),
        ("NO", "N-0150", "0150"), ("NO", "NO 0150", "0150"), ("DK", "DK-2100", "2100"),
        ("FI", "FI-00100", "00100"), ("FO", "FO-100", "100"), ("AT", "A-1010", "1010"),
        ("CH", "CH-8001", "8001"), ("LV", "LV-1050", "LV-1050"), ("IE", "-", ""),
        ("GB", "SW1A 1AA", "SW1A 1AA"), ("QA", "-", "-"),
    ],
)  # fmt: skip
def test_the_countrys_letters_in_front_of_a_postcode_stay_off(
    check: Check, land: str, written: str, code: str
) -> None:
    assert _abroad(check, land, written) == (1, land, code)


@pytest.mark.parametrize(
    ("land", "written", "code"),
    [
        ("SE", "114\u00a055", "114 55"), ("SE", "114  55", "114 55"), ("LU", "LU-1234", "1234"),
        ("LU", "L1234", "1234"), ("FI", "SF-00100", "00100"), ("GB", "GB-SW1A 1AA", "SW1A 1AA"),
        ("GR", "GR-104 31", "104 31"), ("LV", "LV1050", "1050"), ("LT", "LT 01100", "01100"),
        ("NL", "NL-1234 AB", "1234 AB"), ("CA", "CA K1A 0B1", "K1A 0B1"), ("FO", "FR-100", "100"),
    ],
)  # fmt: skip
def test_blanks_and_rarer_letters_in_front_of_a_postcode_stay_off(
    check: Check, land: str, written: str, code: str
) -> None:
    assert _abroad(check, land, written) == (1, land, code)


@pytest.mark.parametrize(
    ("land", "code", "country"),
    [
        ("Polska", "00-001", "PL"), ("España", "28001", "ES"), ("Espana", "28001", "ES"),
        ("Suisse", "1201", "CH"), ("Eesti", "10111", "EE"), ("Lietuva", "01100", "LT"),
        ("Magyarország", "1051", "HU"), ("Hrvatska", "10000", "HR"), ("België", "1000", "BE"),
        ("Norga", "0150", "NO"), ("NO - Norge", "0150", "NO"), ("Norge (NO)", "0150", "NO"),
        ("NO Norge", "0150", "NO"), ("The United Kingdom", "W1A 0AX", "GB"),
        ("Republic of Ireland", "", "IE"), ("Republikken Irland", "", "IE"), ("Eire", "", "IE"),
        ("Ålandsøyene", "22100", "AX"), ("Landskapet Åland", "22100", "AX"),
        ("Ghana", "", "GH"), ("Panama", "", "PA"), ("Somalia", "", "SO"),
    ],
)  # fmt: skip
def test_a_country_is_known_by_its_own_name_and_beside_its_code(
    check: Check, land: str, code: str, country: str
) -> None:
    assert _abroad(check, land, code) == (1, country, code)


@pytest.mark.parametrize("land", ["SE Norge", "Norge (SE)", "XX - Norge"])
def test_a_name_beside_another_countrys_code_is_none(check: Check, land: str) -> None:
    assert _abroad(check, land, "0150")[0] == 0


@pytest.mark.parametrize("land", ["N/A", "n/a", "n.a.", "#N/A", "#NA", "I/T"])
def test_where_a_program_wrote_that_there_is_none_no_letter_goes_to_namibia_or_italy(
    check: Check, land: str
) -> None:
    assert _abroad(check, land, "0150")[0] == 0


def test_the_code_of_namibia_is_doubted(check: Check) -> None:
    cells = [("1001", "A", "Gate 1", "10001", "By", "NA")]
    checked = check(cells, (*HEADINGS, "Land"), invoicee={"CountryCode": "{{ land }}"})
    assert checked.letters == 1
    assert any("Namibia" in text for text in checked.problems["message"])


def test_another_countrys_letters_are_wrong(check: Check) -> None:
    assert _abroad(check, "SE", "D-11455")[0] == 0


@pytest.mark.parametrize(("land", "meant"), [("Noreg1", True), ("Sverge", True), ("Xyzania", False),
                                             ("Ukjent", False), ("Andre", False)])  # fmt: skip
def test_only_a_near_name_is_proposed(check: Check, land: str, meant: bool) -> None:
    cells = [("1001", "A", "Gate 1", "1000", "By", land)]
    checked = check(cells, (*HEADINGS, "Land"), invoicee={"CountryCode": "{{ land }}"})
    assert ("Did you mean" in " ".join(checked.problems["message"])) is meant


@pytest.mark.parametrize("phone", ["04045", "116117", "116 117", "0 40 45", "+47 04045"])
def test_a_firms_short_number_goes_with_a_warning(check: Check, phone: str) -> None:
    checked = check([GOOD], letter={"Invoicer": {"Name": "Utleier AS", "Phone": phone}})
    (letter,) = checked.snapshot.letters()
    assert letter.fields["Invoicer"]["Phone"] == phone.removeprefix("+47").replace(" ", "")
    assert any("short number" in note for note in checked.notes)


@pytest.mark.parametrize("phone", ["815", "12345", "11611", "040456"])
def test_other_short_numbers_are_refused(check: Check, phone: str) -> None:
    with pytest.raises(SettingsError, match="Phone"):
        check([GOOD], letter={"Invoicer": {"Name": "Utleier AS", "Phone": phone}})

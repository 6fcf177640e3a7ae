"""--to-me: one real letter to the operator, which is no letter of the list."""

from __future__ import annotations

from pathlib import Path

import pytest
from mailings import Api, MailingFolder

ME = """
[send.me]
Name = "Operatør {Ola}"
Address1 = "Kontorveien 7"
PostCode = "5003"
City = "Bergen"
"""
OF_THE_LETTER = """\
{{ letter.Invoicee.Name }}<br>{{ letter.Invoicee.Address1 }}<br>{{ letter.Invoicee.PostCode }} \
{{ letter.Invoicee.City }}"""


@pytest.fixture
def mailing(mailing: MailingFolder) -> MailingFolder:
    template = mailing.folder / "letter.html"
    text = template.read_text(encoding="utf-8")
    to = "{{ letter.Invoicee.Name }}<br>{{ letter.Invoicee.PostCode }} {{ poststed }}"
    assert to in text
    template.write_text(text.replace(to, OF_THE_LETTER), encoding="utf-8")
    mailing.path.write_text(mailing.path.read_text("utf-8") + ME, encoding="utf-8")
    return mailing


def to_me(mailing: MailingFolder, api: Api, row: int = 3) -> str:
    result = mailing.run("send", "--base-url", api.base_url, "--yes", "--to-me", str(row))
    assert result.exit_code == 0, result.output
    return api.identifiers()[-1]


def test_all_of_the_recipient_is_the_operators_and_the_text_the_rows(
    mailing: MailingFolder, api: Api
) -> None:
    identifier = to_me(mailing, api)
    [letter] = api.taken()
    given = {name: text for name, text in letter["fields"]["Invoicee"].items() if text}
    assert given == {
        "Name": "Operatør {Ola}",
        "Address1": "Kontorveien 7",
        "PostCode": "5003",
        "City": "Bergen",
        "CountryCode": "NO",
    }
    assert "1 234,50" in api.text(identifier).replace("\xa0", " ")
    assert "Bjørk" not in api.text(identifier)


def test_its_identifier_is_its_own_each_time_and_counts_for_nothing(
    mailing: MailingFolder, api: Api, data: Path
) -> None:
    first, second = to_me(mailing, api), to_me(mailing, api)
    assert first != second
    assert not {first, second} & {f"test-{number}" for number in range(1001, 1007)}
    assert not (mailing.folder / "ledger.sqlite").exists()
    assert not (mailing.folder / "report.csv").exists()
    assert not list(data.iterdir())
    result = mailing.run("send", "--base-url", api.base_url, "--yes")
    assert result.exit_code == 0, result.output
    assert len(api.taken()) == 8
    assert len(mailing.report()) == 6


def test_it_is_refused_where_the_page_shows_the_rows_address(
    mailing: MailingFolder, api: Api
) -> None:
    template = mailing.folder / "letter.html"
    text = template.read_text(encoding="utf-8")
    columns = "{{ fornavn }} {{ etternavn }}<br>{{ adresse }}<br>{{ postnr }} {{ poststed }}"
    for shown in (columns, OF_THE_LETTER.replace("Address1", "Reference")):
        template.write_text(text.replace(OF_THE_LETTER, shown), encoding="utf-8")
        result = mailing.run("send", "--base-url", api.base_url, "--yes", "--to-me", "3")
        assert result.exit_code == 2, result.output
        assert "address" in result.output
    assert not api.taken()


def test_it_is_refused_where_the_address_is_elsewhere_on_the_page(
    mailing: MailingFolder, api: Api
) -> None:
    template = mailing.folder / "letter.html"
    text = template.read_text(encoding="utf-8").replace("top: 30mm", "top: 130mm")
    template.write_text(text, encoding="utf-8")
    mailing.path.write_text(
        mailing.path.read_text("utf-8") + '[page.PRINT.rules]\naddressee = "off"\n', "utf-8"
    )
    result = mailing.run("send", "--base-url", api.base_url, "--yes", "--to-me", "3")
    assert result.exit_code == 2, result.output
    assert "does not show [send.me]" in result.output
    assert not api.taken()


def test_a_wrong_row_and_a_missing_table_are_said(mailing: MailingFolder, api: Api) -> None:
    result = mailing.run("send", "--base-url", api.base_url, "--yes", "--to-me", "99")
    assert result.exit_code == 2
    assert "no row 99" in result.output
    mailing.edit(ME, "")
    result = mailing.run("send", "--base-url", api.base_url, "--yes", "--to-me", "3")
    assert result.exit_code == 2
    assert "[send.me] is missing" in result.output
    assert not api.taken()


def test_nobody_is_sent_anything_without_being_asked(mailing: MailingFolder, api: Api) -> None:
    result = mailing.run("send", "--base-url", api.base_url, "--to-me", "3")
    assert result.exit_code == 2
    assert "Add --yes" in result.output
    assert not api.taken()


def test_a_letter_to_me_can_be_rehearsed(mailing: MailingFolder) -> None:
    result = mailing.run("send", "--sandbox", "--to-me", "3")
    assert result.exit_code == 0, result.output
    assert "PRINT, 1 page\n" in result.output
    [pdf] = (mailing.folder / "sandbox-letters").glob("*.pdf")
    assert "to-me-" in pdf.name

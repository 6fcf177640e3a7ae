"""The receipt: letters in doubt are decided about, and the other periods are there."""

from __future__ import annotations

import re

import pytest
from desks import Desk, shown, words
from mailings import Api, MailingFolder, row

from batchsend.sandbox import Fault

AT = "/mailing/rent/mailing.toml"


@pytest.fixture
def rent(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> MailingFolder:
    monkeypatch.setenv("BATCHSEND_SUBSCRIPTION_ID", "subscription")
    monkeypatch.setenv("BATCHSEND_STORAGE_ID", "storage")
    place = desk.folder / "rent"
    place.mkdir()
    return MailingFolder(place)


@pytest.mark.slow
@pytest.mark.parametrize(("said", "sent"), [("taken", 6), ("not taken", 7)])
def test_a_letter_in_doubt_is_settled(  # noqa: PLR0917 - four parts, and two of the table
    desk: Desk,
    rent: MailingFolder,
    api: Api,
    monkeypatch: pytest.MonkeyPatch,
    said: str,
    sent: int,
) -> None:
    monkeypatch.setenv("BATCHSEND_BASE_URL", api.base_url)
    api.misbehave(letters={"test-1002": (Fault.DROP_AFTER,)})
    rent.run("send", "--base-url", api.base_url, "--yes")
    client = desk.client()
    page = shown(client, f"{AT}/receipt?status=unknown")
    assert "I have asked the provider" in words(page)
    assert "test-1002" in words(page)
    send = shown(client, f"{AT}/send?to=real")
    assert f'{AT}/receipt?status=unknown">Decide' in send
    form = {"identifier": "test-1002", "to": api.base_url}
    desk.post(client, f"{AT}/receipt/settle", decision="perhaps", **form)
    assert rent.statuses()[3] == "unknown", "no other answer counts"
    client.post(f"{AT}/receipt/settle", data={"decision": said, **form})
    assert rent.statuses()[3] == "unknown", "nor one from another page"
    desk.post(client, f"{AT}/receipt/settle", decision=said, **form)
    receipt = words(shown(client, f"{AT}/receipt"))
    assert "not certain" not in receipt
    assert ("Go on: 1 letter has not gone" in receipt) == (said == "not taken")
    rent.run("send", "--base-url", api.base_url, "--yes")
    assert set(rent.statuses().values()) == {"accepted"}
    assert len(api.taken()) == sent


def test_letters_that_have_not_gone_are_counted_as_letters(
    desk: Desk, rent: MailingFolder, api: Api
) -> None:
    rent.write(row(1), row(2), row(2), row(2))
    rent.edit('path = "list.csv"', 'path = "list.csv"\ngroup_by = ["kundenr"]')
    api.misbehave(letters={"test-1002": (Fault.DROP_AFTER,)})
    rent.run("send", "--base-url", api.base_url, "--yes")
    assert rent.run("settle", "--failed", "test-1002").exit_code == 0
    receipt = words(shown(desk.client(), f"{AT}/receipt"))
    assert "Go on: 1 letter has not gone" in receipt


def test_a_letter_that_is_in_no_doubt_is_left(desk: Desk, rent: MailingFolder, api: Api) -> None:
    rent.run("send", "--base-url", api.base_url, "--yes")
    form = {"identifier": "test-1002", "to": api.base_url, "decision": "not taken"}
    refused = desk.post(desk.client(), f"{AT}/receipt/settle", **form)
    assert refused.status_code == 422
    assert rent.statuses()[3] == "accepted"


@pytest.mark.slow
def test_other_periods_are_there_with_their_receipts(
    desk: Desk, rent: MailingFolder, api: Api
) -> None:
    rent.edit('Identifier = "test-{{ kundenr }}"', 'Identifier = "{{ period }}-{{ kundenr }}"')
    to = ("send", "--base-url", api.base_url, "--yes", "--period")
    rent.write(row(1), row(2), row(3, postnr="x"))
    rent.run(*to, "2027-01")
    rent.write(row(1))
    rent.run(*to, "2027-02")
    client = desk.client()
    page = shown(client, f"{AT}/receipt")
    assert "Other periods" in words(page)
    assert "2027-01" in words(page).partition("Other periods")[2]
    january = client.get(f"{AT}/receipt/others/0/csv")
    assert january.status_code == 200
    assert "2027-01-1002" in january.text
    for away in ("others/0/toml", "others/1/csv"):
        assert client.get(f"{AT}/receipt/{away}").status_code == 404


def test_the_receipt_of_an_older_period_has_its_own_files_and_not_those_of_the_newest(
    desk: Desk, rent: MailingFolder, api: Api
) -> None:
    rent.edit('Identifier = "test-{{ kundenr }}"', 'Identifier = "{{ period }}-{{ kundenr }}"')
    for period, rent_now in (("2027-01", "100,00"), ("2027-02", "200,00")):
        rent.write(row(2, beløp=rent_now))
        rent.run("send", "--base-url", api.base_url, "--yes", "--period", period)
    rent.edit('name = "test"', 'name = "test"\nperiod = "2027-01"')
    client = desk.client()
    shown(client, f"{AT}/receipt")
    assert "2027-01-1002" in client.get(f"{AT}/receipt/files/real.csv").text
    assert "2027-02-1002" in client.get(f"{AT}/receipt/others/0/csv").text


def test_a_new_period_without_letters_has_the_receipts_of_the_others(
    desk: Desk, rent: MailingFolder, api: Api
) -> None:
    """As once the list of the next month is dropped."""
    rent.edit('Identifier = "test-{{ kundenr }}"', 'Identifier = "{{ period }}-{{ kundenr }}"')
    rent.edit('name = "test"', 'name = "test"\nperiod = "2027-01"')
    rent.run("send", "--base-url", api.base_url, "--yes")
    rent.edit('period = "2027-01"', 'period = "2027-02"')
    client = desk.client()
    page = words(shown(client, f"{AT}/receipt"))
    assert "Nothing has been sent yet" in page
    assert "2027-01" in page.partition("Other periods")[2]
    assert "2027-01-1002" in client.get(f"{AT}/receipt/others/0/csv").text


def test_a_ledger_that_cannot_be_read_is_not_taken_for_an_empty_one(
    desk: Desk, rent: MailingFolder, api: Api
) -> None:
    rent.run("send", "--base-url", api.base_url, "--yes")
    (rent.folder / "ledger.sqlite").write_bytes(b"no database" * 100)
    page = words(shown(desk.client(), f"{AT}/receipt"))
    assert "Nothing has been sent yet" not in page
    assert "ledger.sqlite" in page


def headings(page: str) -> list[str]:
    return re.findall(r'<th scope="col"[^>]*>([^<]+)</th>', page)


@pytest.mark.slow
def test_a_receipt_has_its_headings_in_the_readers_language_and_its_files_in_the_writers(
    desk: Desk, rent: MailingFolder, api: Api
) -> None:
    rent.edit('files = ["csv"]', 'files = ["csv", "html"]')
    rent.run("send", "--base-url", api.base_url, "--yes")
    client = desk.client()
    assert headings(shown(client, f"{AT}/receipt")) == ["Row", "Who", "Status", "When", "Pages"]
    desk.post(client, "/language", language="nb")
    assert headings(shown(client, f"{AT}/receipt")) == ["Rad", "Hvem", "Status", "Når", "Sider"]
    english = client.get(f"{AT}/receipt/files/real.html").text
    assert '<html lang="en"' in english, "as it was written by the command"
    desk.post(client, f"{AT}/receipt/again")
    norwegian = client.get(f"{AT}/receipt/files/real.html").text
    assert '<html lang="nb"' in norwegian

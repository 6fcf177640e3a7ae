"""A letter that went under a corrected identifier is found again without corrections and lists."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest
from mailings import Api, MailingFolder, row
from postgres import PostgresServer


def send(mailing: MailingFolder, api: Api, *options: str) -> list[str]:
    """How each row stands after sending."""
    mailing.run("send", "--base-url", api.base_url, "--yes", *options)
    return list(mailing.statuses().values())


@pytest.fixture
def corrected(mailing: MailingFolder, api: Api) -> MailingFolder:
    """Row 2's 1001 went as 7001; afterwards the list comes in another order."""
    mailing.write(row(1), row(2), row(3))
    assert mailing.run("correct", "--row", "2", "Kundenr.=7001").exit_code == 0
    assert send(mailing, api) == ["accepted"] * 3
    assert sorted(api.identifiers()) == ["test-1002", "test-1003", "test-7001"]
    mailing.write(row(3), row(1), row(2))
    return mailing


def hand_edit(mailing: MailingFolder, old: str, new: str) -> None:
    path = mailing.folder / "corrections.jsonl"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.slow
def test_corrections_deleted_after_all_was_purged(corrected: MailingFolder, api: Api) -> None:
    assert corrected.run("purge", "--older-than", "0").exit_code == 0
    (corrected.folder / "corrections.jsonl").unlink()
    assert send(corrected, api) == ["accepted", "repeat", "accepted"]
    assert corrected.report()[1]["reason"] == (
        "This row went in run 1 as test-7001, before the cell that its identifier is made of was "
        "corrected, or a correction of it was undone."
    )
    assert len(api.identifiers()) == 3


@pytest.mark.slow
@pytest.mark.parametrize("purged", [True, False])
def test_corrections_edited_by_hand(corrected: MailingFolder, api: Api, purged: bool) -> None:
    if purged:
        corrected.run("purge", "--older-than", "0")
    hand_edit(corrected, "7001", "8001")
    assert send(corrected, api) == ["accepted", "repeat", "accepted"]
    assert len(api.identifiers()) == 3


@pytest.mark.slow
def test_and_zeros_lost_as_well(mailing: MailingFolder, api: Api) -> None:
    mailing.write(row(1, kundenr="0001001"), row(2))
    mailing.run("correct", "--row", "2", "Kundenr.=7001")
    send(mailing, api)
    (mailing.folder / "corrections.jsonl").unlink()
    mailing.write(row(2), row(1))
    assert send(mailing, api) == ["accepted", "repeat"]


@pytest.mark.slow
def test_a_column_renamed_in_list_and_mailing(corrected: MailingFolder, api: Api) -> None:
    path = corrected.folder / "list.csv"
    path.write_bytes(path.read_bytes().replace(b"Kundenr.", b"Leietaker"))
    corrected.edit("{{ kundenr }}", "{{ leietaker }}")
    assert send(corrected, api) == ["accepted", "repeat", "accepted"]
    assert len(api.identifiers()) == 3


@pytest.mark.slow
def test_what_went_on_in_a_database_is_known_of_its_file(
    corrected: MailingFolder, api: Api, postgres: PostgresServer
) -> None:
    corrected.keep_ledger_at(postgres.new_place())
    (corrected.folder / "corrections.jsonl").unlink()
    assert send(corrected, api) == ["accepted", "repeat", "accepted"]


@pytest.mark.slow
def test_somebody_may_say_that_it_is_another_letter(corrected: MailingFolder, api: Api) -> None:
    (corrected.folder / "corrections.jsonl").unlink()
    assert send(corrected, api, "--again", "3") == ["accepted"] * 3
    assert len(api.identifiers()) == 4


@pytest.mark.slow
def test_a_new_customer_under_the_number_that_was_wrong(corrected: MailingFolder, api: Api) -> None:
    """The list itself has the right number by now, so the other row is somebody else's."""
    (corrected.folder / "corrections.jsonl").unlink()
    corrected.write(row(3), row(1, kundenr="7001"), row(2), row(1, adresse="Nygata 9"))
    send(corrected, api)
    assert "test-1001" in api.identifiers()
    assert len(api.identifiers()) == 4


def test_the_ledger_has_a_hash_of_it_alone(corrected: MailingFolder) -> None:
    with closing(sqlite3.connect(corrected.folder / "ledger.sqlite")) as ledger:
        (options,) = ledger.execute("SELECT options FROM runs").fetchone()
    assert "1001" not in json.dumps(json.loads(options)["formerly"]).replace("test-7001", "")


def test_where_nothing_was_corrected_nothing_is_noted(mailing: MailingFolder, api: Api) -> None:
    send(mailing, api)
    with closing(sqlite3.connect(mailing.folder / "ledger.sqlite")) as ledger:
        (options,) = ledger.execute("SELECT options FROM runs").fetchone()
    assert "formerly" not in json.loads(options)

"""A mailing that was renamed, with a ledger that mailings share: what is the same letter still."""

from __future__ import annotations

import json
from typing import Any

import pytest
from mailings import Api, MailingFolder, row
from postgres import PostgresServer


@pytest.fixture
def mailing(mailing: MailingFolder, postgres: PostgresServer, api: Api) -> MailingFolder:
    """Sent once, and called otherwise since."""
    mailing.keep_ledger_at(postgres.new_place())
    mailing.write(*(row(number, kundenr=f"{number:05}") for number in range(1, 7)))
    send(mailing, api)
    mailing.edit('name = "test"', 'name = "another"')
    return mailing


def send(mailing: MailingFolder, api: Api, *options: str, status: int = 0) -> dict[str, Any]:
    result = mailing.run("send", "--base-url", api.base_url, "--yes", "--json", *options)
    assert result.exit_code == status, result.output
    told: dict[str, Any] = json.loads(result.stdout)
    return told


def test_zeros_that_were_lost_make_no_new_letter(mailing: MailingFolder, api: Api) -> None:
    mailing.write(*(row(number, kundenr=str(number)) for number in range(1, 8)))
    told = send(mailing, api, status=1)
    assert told["by_status"] == {"repeat": 6, "accepted": 1}
    assert any("of a mailing with another name" in warning for warning in told["warnings"])
    assert len(api.taken()) == 7


def test_a_corrected_identifier_makes_no_new_letter(mailing: MailingFolder, api: Api) -> None:
    assert mailing.run("correct", "--row", "2", "kundenr=90001").exit_code == 0
    assert send(mailing, api, status=1)["by_status"] == {"repeat": 1, "accepted": 5}
    assert len(api.taken()) == 6


def test_a_correction_that_is_undone_makes_no_new_letter(mailing: MailingFolder, api: Api) -> None:
    mailing.write(*(row(number, kundenr=f"{number:05}") for number in range(11, 14)))
    assert mailing.run("correct", "--row", "2", "kundenr=90001").exit_code == 0
    assert send(mailing, api)["by_status"] == {"accepted": 3}
    mailing.edit('name = "another"', 'name = "a third"')
    (mailing.folder / "corrections.jsonl").unlink()
    assert send(mailing, api, status=1)["by_status"] == {"repeat": 1, "accepted": 2}
    assert len(api.taken()) == 9


def test_other_recipients_and_numbers_of_a_list_beside_each_other_get_letters(
    mailing: MailingFolder, api: Api
) -> None:
    elsewhere = row(3, kundenr="3", adresse="Nygata 9")
    mailing.write(row(21, kundenr="1"), row(22, kundenr="2"), row(2, kundenr="0002"), elsewhere)
    assert send(mailing, api, status=1)["by_status"] == {"accepted": 3, "repeat": 1}
    assert len(api.taken()) == 9


def test_two_letters_that_one_list_had_side_by_side_are_two(
    mailing: MailingFolder, api: Api
) -> None:
    mailing.write(row(8, kundenr="00008"), row(8, kundenr="8"))
    send(mailing, api, "--rows", "2")
    mailing.edit('name = "another"', 'name = "a third"')
    mailing.write(row(8, kundenr="8"))
    assert send(mailing, api)["by_status"] == {"accepted": 1}

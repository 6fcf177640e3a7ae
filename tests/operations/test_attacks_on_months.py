"""Attacks on months: whatever is done to list, corrections or folder between two sendings, nobody
gets a letter twice and nobody is missed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from mailings import Api, MailingFolder, row

from batchsend import Mailing, Plan, Target, execute, plan, render_ahead
from batchsend.commands import main


def send(mailing: MailingFolder, api: Api, *options: str) -> dict[str, Any]:
    result = mailing.run("send", "--base-url", api.base_url, "--yes", "--json", *options)
    assert result.stdout, result.output
    told: dict[str, Any] = json.loads(result.stdout)
    return told


def correct(mailing: MailingFolder, *options: str) -> None:
    result = mailing.run("correct", *options)
    assert result.exit_code == 0, result.output


def with_periods(mailing: MailingFolder) -> None:
    mailing.edit('Identifier = "test-{{ kundenr }}"', 'Identifier = "{{ period }}-{{ kundenr }}"')


def test_a_letter_whose_identifier_is_corrected_afterwards_does_not_go_again(
    mailing: MailingFolder, api: Api
) -> None:
    mailing.write(row(1), row(2))
    send(mailing, api)
    mailing.write(row(3), row(1), row(2))  # nor where the list has changed besides
    correct(mailing, "--row", "3", "Kundenr.=5001", "Adresse=Nygata 1")
    told = send(mailing, api)
    assert told["plan"]["repeats"] == 1
    assert sorted(api.identifiers()) == ["test-1001", "test-1002", "test-1003"]
    assert mailing.statuses()[3] == "repeat"
    told = send(mailing, api, "--again", "3")
    assert told["by_status"] == {"accepted": 3}, "unless somebody names its row"


def test_nor_where_such_a_correction_is_undone(mailing: MailingFolder, api: Api) -> None:
    mailing.write(row(1), row(2))
    correct(mailing, "--row", "2", "Kundenr.=5001")
    send(mailing, api)
    correct(mailing, "--undo")
    assert send(mailing, api)["plan"]["repeats"] == 1
    correct(mailing, "--row", "2", "Kundenr.=6001")
    assert send(mailing, api)["plan"]["repeats"] == 1, "nor corrected otherwise"
    assert sorted(api.identifiers()) == ["test-1002", "test-5001"]


def test_a_corrected_identifier_goes_in_the_next_period(mailing: MailingFolder, api: Api) -> None:
    mailing.write(row(1), row(2))
    with_periods(mailing)
    send(mailing, api, "--period", "2027-01")
    result = mailing.run("correct", "--row", "2", "Kundenr.=5001", "--period", "2027-02")
    if result.exit_code:
        mailing.edit('name = "test"', 'name = "test"\nperiod = "2027-02"')
        correct(mailing, "--row", "2", "Kundenr.=5001")
    assert send(mailing, api, "--period", "2027-02")["by_status"] == {"accepted": 2}


@pytest.mark.parametrize(
    "period", ["2027-01 ", "2027-1", "2027\u201301", "202701", "2027_01", "2027.01"]
)
def test_a_period_written_another_way_sends_nothing(
    mailing: MailingFolder, api: Api, period: str
) -> None:
    mailing.write(row(1))
    with_periods(mailing)
    send(mailing, api, "--period", "2027-01")
    assert send(mailing, api, "--period", period)["exit_status"] == 2
    assert api.identifiers() == ["2027-01-1001"]


def test_after_a_purge_the_period_is_still_done(mailing: MailingFolder, api: Api) -> None:
    mailing.write(row(1), row(2))
    with_periods(mailing)
    send(mailing, api, "--period", "2027-01")
    assert mailing.run("purge", "--older-than", "0").exit_code == 0
    assert send(mailing, api, "--period", "2027-01")["by_status"] == {"accepted": 2}
    assert len(api.identifiers()) == 2


def test_who_was_forgotten_gets_no_second_letter(mailing: MailingFolder, api: Api) -> None:
    mailing.write(row(1), row(2))
    send(mailing, api)
    assert mailing.run("purge", "--identifier", "test-1001").exit_code == 0
    send(mailing, api)
    correct(mailing, "--row", "2", "Adresse=Nygata 1")
    send(mailing, api)
    correct(mailing, "--row", "2", "Kundenr.=5001")
    assert send(mailing, api)["plan"]["repeats"] == 1
    assert sorted(api.identifiers()) == ["test-1001", "test-1002"]


@pytest.mark.parametrize("cell", ["Adresse=Nygata 1", "Etternavn=Hansen"])
def test_a_recipient_corrected_after_sending_is_a_conflict(
    mailing: MailingFolder, api: Api, cell: str
) -> None:
    mailing.write(row(1), row(2))
    send(mailing, api)
    correct(mailing, "--row", "2", cell)
    assert send(mailing, api)["by_status"] == {"accepted": 1, "conflict": 1}
    assert len(api.identifiers()) == 2


def test_a_list_sent_again_as_another_period_is_told(mailing: MailingFolder, api: Api) -> None:
    mailing.write(row(1), row(2))
    with_periods(mailing)
    send(mailing, api, "--period", "2027-01")
    told = send(mailing, api, "--period", "2027-02")
    assert told["compared_with_last"]["same"]

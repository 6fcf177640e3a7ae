"""Attacks on rows: what was corrected, renamed or forgotten after its letter went sends no second
letter."""

from __future__ import annotations

import json
from typing import Any

import pytest
from mailings import Api, MailingFolder, row

pytestmark = pytest.mark.slow


def send(mailing: MailingFolder, api: Api, *options: str) -> dict[str, Any]:
    result = mailing.run("send", "--base-url", api.base_url, "--yes", "--json", *options)
    assert result.stdout, result.output
    told: dict[str, Any] = json.loads(result.stdout)
    return told


def rename_its_column(mailing: MailingFolder) -> None:
    for path in (mailing.folder / "list.csv", mailing.path):
        said = path.read_bytes().replace(b"Kundenr.", b"Avtale")
        path.write_bytes(said.replace(b"{{ kundenr }}", b"{{ avtale }}"))


def test_a_corrected_identifier_whose_column_is_renamed_goes_to_nobody_again(
    mailing: MailingFolder, api: Api
) -> None:
    mailing.write(row(1), row(2))
    assert mailing.run("correct", "--row", "2", "Kundenr.=5001").exit_code == 0
    send(mailing, api)
    rename_its_column(mailing)
    told = send(mailing, api)
    assert told["plan"]["repeats"] == 1
    assert mailing.statuses() == {2: "repeat", 3: "accepted"}
    assert sorted(api.identifiers()) == ["test-1002", "test-5001"]
    assert send(mailing, api, "--again", "2")["by_status"] == {"accepted": 2}


def test_a_renamed_column_holds_nobody_else(mailing: MailingFolder, api: Api) -> None:
    mailing.write(row(1), row(2))
    assert mailing.run("correct", "--row", "2", "Kundenr.=5001").exit_code == 0
    send(mailing, api)
    mailing.write(row(2), row(3), row(1, kundenr="5001"))
    rename_its_column(mailing)
    assert send(mailing, api)["by_status"] == {"accepted": 3}
    assert sorted(api.identifiers()) == ["test-1002", "test-1003", "test-5001"]


@pytest.mark.parametrize("undone", [False, True])
def test_nor_where_its_identifier_was_written_another_way_and_then_corrected(
    mailing: MailingFolder, api: Api, undone: bool
) -> None:
    mailing.write(row(1, kundenr="0001001"), row(2))
    send(mailing, api)
    mailing.write(row(3), row(1), row(2))
    assert send(mailing, api)["plan"]["repeats"] == 1
    assert mailing.run("correct", "--row", "3", "Kundenr.=7001").exit_code == 0
    if undone:
        assert mailing.run("correct", "--undo").exit_code == 0
    told = send(mailing, api)
    assert told["plan"]["repeats"] == 1
    assert mailing.statuses() == {2: "accepted", 3: "repeat", 4: "accepted"}
    assert sorted(api.identifiers()) == ["test-0001001", "test-1002", "test-1003"]


@pytest.mark.parametrize("number", ["1001", "0-001001"])
def test_who_was_forgotten_gets_no_letter_under_an_identifier_written_another_way(
    mailing: MailingFolder, api: Api, number: str
) -> None:
    mailing.write(row(1, kundenr="0001001"), row(2))
    send(mailing, api)
    assert mailing.run("purge", "--identifier", "test-0001001").exit_code == 0
    mailing.write(row(1, kundenr=number), row(2), row(3))
    told = send(mailing, api)
    assert told["plan"]["repeats"] == 1
    assert mailing.statuses() == {2: "repeat", 3: "accepted", 4: "accepted"}
    assert sorted(api.identifiers()) == ["test-0001001", "test-1002", "test-1003"]
    [why] = [line["reason"] for line in mailing.report() if line["status"] == "repeat"]
    assert "test-0001001" in why
    assert send(mailing, api, "--again", "2")["by_status"] == {"accepted": 3}


def test_who_only_has_a_number_like_a_corrected_one_gets_their_letter(
    mailing: MailingFolder, api: Api
) -> None:
    mailing.write(row(1, kundenr="0001001"), row(2))
    send(mailing, api)
    mailing.write(row(3, kundenr="1001"), row(2))
    assert mailing.run("correct", "--row", "2", "Kundenr.=7001").exit_code == 0
    assert send(mailing, api)["by_status"] == {"accepted": 2}
    assert sorted(api.identifiers()) == ["test-0001001", "test-1002", "test-7001"]

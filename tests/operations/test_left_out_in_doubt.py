"""Rows that are left out while nobody knows whether their letters were taken."""

from __future__ import annotations

import json

import pytest
from mailings import Api, MailingFolder, row

from batchsend.sandbox import Fault

SKIP = "[list]\nskip = \"{{ 'ut' in poststed }}\"\n"


@pytest.fixture
def in_doubt(mailing: MailingFolder, api: Api) -> MailingFolder:
    """The letter of row 3 may have been taken in run 1."""
    mailing.edit("[list]\n", SKIP)
    api.misbehave(letters={"test-1002": [Fault.ERROR_AFTER]})
    assert send(mailing, api) == 1
    assert mailing.statuses()[3] == "unknown"
    api.misbehave()
    return mailing


def send(mailing: MailingFolder, api: Api, *options: str) -> int:
    return mailing.run("send", "--base-url", api.base_url, "--yes", *options).exit_code


def leave_out(mailing: MailingFolder, *numbers: int) -> None:
    rows = [row(n, poststed="ut") if n in numbers else row(n) for n in range(1, 7)]
    mailing.write(*rows)


@pytest.mark.slow
def test_the_row_says_that_its_letter_may_have_been_taken(
    in_doubt: MailingFolder, api: Api
) -> None:
    leave_out(in_doubt, 2, 3)
    assert send(in_doubt, api) == 1
    assert in_doubt.statuses() == {2: "accepted", 3: "unknown", 4: "left out"} | dict.fromkeys(
        (5, 6, 7), "accepted"
    )
    line = in_doubt.report()[1]
    assert line["identifier"] == "test-1002"
    assert line["reason"] == (
        "By skip under [list]: Poststed is “ut”. But before it was left out, its letter may have "
        "been taken in run 1: ask the provider, then settle it with batchsend settle."
    )
    assert line["Kundenr."] == "1002"


@pytest.mark.slow
def test_the_figures_count_it_once(in_doubt: MailingFolder, api: Api) -> None:
    leave_out(in_doubt, 2)
    send(in_doubt, api)
    told = json.loads(in_doubt.run("report", "--json").stdout)
    assert told["letters_by_status"] == {"accepted": 5, "unknown": 1}
    assert [each["status"] for each in told["attention"]] == ["unknown"]
    assert [line["status"] for line in told["rows"] if line["identifier"] == "test-1002"] == [
        "unknown"
    ]


@pytest.mark.slow
def test_an_exclude_list_leaves_the_doubt_too(in_doubt: MailingFolder, api: Api) -> None:
    (in_doubt.folder / "paid.csv").write_text("kundenr;x\n1002;y\n", encoding="utf-8")
    excluded = '[[list.exclude]]\npath = "paid.csv"\nmatch = "kundenr"\n[template]'
    in_doubt.edit("[template]", excluded)
    assert send(in_doubt, api) == 1
    assert in_doubt.statuses()[3] == "unknown"


@pytest.mark.slow
@pytest.mark.parametrize(("decision", "code"), [("--accepted", 0), ("--failed", 0)])
def test_once_settled_it_is_left_out(
    in_doubt: MailingFolder, api: Api, decision: str, code: int
) -> None:
    leave_out(in_doubt, 2)
    send(in_doubt, api)
    in_doubt.run("settle", "test-1002", decision)
    assert send(in_doubt, api) == code
    assert in_doubt.statuses()[3] == "left out"
    assert len(api.identifiers()) == 6


@pytest.mark.slow
def test_all_rows_of_a_letter_tell_it_and_it_is_one_letter(
    mailing: MailingFolder, api: Api
) -> None:
    mailing.edit("[list]\n", f'{SKIP}group_by = ["kundenr"]\n')
    mailing.write(row(1), row(2), row(2), row(3))
    api.misbehave(letters={"test-1002": [Fault.ERROR_AFTER]})
    send(mailing, api)
    api.misbehave()
    mailing.write(row(1), row(2, poststed="ut"), row(2, poststed="ut"), row(3))
    assert send(mailing, api) == 1
    assert list(mailing.statuses().values()) == ["accepted", "unknown", "unknown", "accepted"]
    told = json.loads(mailing.run("report", "--json").stdout)
    assert told["letters_by_status"] == {"accepted": 2, "unknown": 1}


@pytest.mark.slow
def test_where_other_rows_of_the_letter_stay_they_tell_it(mailing: MailingFolder, api: Api) -> None:
    mailing.edit("[list]\n", f'{SKIP}group_by = ["kundenr"]\n')
    mailing.write(row(1), row(2), row(2), row(3))
    api.misbehave(letters={"test-1002": [Fault.ERROR_AFTER]})
    send(mailing, api)
    api.misbehave()
    mailing.write(row(1), row(2), row(2, poststed="ut"), row(3))
    assert send(mailing, api) == 1
    assert list(mailing.statuses().values()) == ["accepted", "conflict", "left out", "accepted"]


def test_what_no_identifier_can_be_made_of_is_left_out(mailing: MailingFolder, api: Api) -> None:
    mailing.edit('"test-{{ kundenr }}"', '"test-{{ kundenr | int }}"')
    mailing.write(row(1), row(2), "Totalt;;;;;;;3400,00")
    assert send(mailing, api) == 0
    assert mailing.statuses() == {2: "accepted", 3: "accepted", 4: "left out"}

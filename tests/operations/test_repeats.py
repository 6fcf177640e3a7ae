"""A letter that went in other clothes does not go again, and one that only looks alike does."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import unicodedata
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from mailings import Api, MailingFolder, row

from batchsend.sandbox import Fault


def send(mailing: MailingFolder, api: Api, *options: str) -> dict[str, Any]:
    """What a run told, as a program sees it."""
    result = mailing.run("send", "--base-url", api.base_url, "--yes", "--json", *options)
    told: dict[str, Any] = json.loads(result.stdout)
    assert told["exit_status"] == result.exit_code
    return told


def reason(mailing: MailingFolder, number: int) -> str:
    return next(line["reason"] for line in mailing.report() if line["row"] == str(number))


def listed(mailing: MailingFolder, *numbers: str, **changes: str) -> None:
    """A list of these customers, who are those of the same number by its digits."""
    mailing.write(
        *(row(int(re.sub(r"\D", "", text.partition(".")[0])) - 1000, kundenr=text, **changes)
          for text in numbers)
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("0001001", "1001"),
        ("1001", "0001001"),
        ("1001", "1 001"),
        ("1001", "10-01"),
    ],
)
def test_a_letter_under_its_identifier_written_another_way(
    mailing: MailingFolder, api: Api, before: str, after: str
) -> None:
    listed(mailing, before, "1002")
    assert send(mailing, api)["exit_status"] == 0
    listed(mailing, after, "1002", "1003")
    told = send(mailing, api)
    assert told["exit_status"] == 1
    assert (told["plan"]["to_send"], told["plan"]["repeats"]) == (1, 1)
    assert f"test-{before}" in " ".join(told["warnings"])
    assert mailing.statuses() == {2: "repeat", 3: "accepted", 4: "accepted"}
    assert re.search(
        rf"accepted on \d{{4}}-\d\d-\d\d, in run 1: test-{before},", reason(mailing, 2)
    )
    assert len(api.identifiers()) == 3

    assert send(mailing, api)["by_status"] == {"accepted": 2, "repeat": 1}  # nor later
    assert mailing.run("report", "--attention", "--json").exit_code == 1
    assert len(api.identifiers()) == 3


@pytest.mark.slow
def test_an_identifier_that_a_program_took_for_an_amount_is_kept_back(
    mailing: MailingFolder, api: Api
) -> None:
    listed(mailing, "1001", "1002")
    send(mailing, api)
    listed(mailing, "1001.0", "1002")
    assert send(mailing, api)["exit_status"] == 1
    assert mailing.statuses() == {2: "invalid", 3: "accepted"}
    assert len(api.identifiers()) == 2


def test_letters_of_other_forms_and_cases(mailing: MailingFolder, api: Api) -> None:
    mailing.edit("test-{{ kundenr }}", "{{ etternavn }}")
    mailing.write(row(1, etternavn="Bjørkås"), row(2, etternavn="Lie"))
    send(mailing, api)
    lines = (row(1, etternavn=unicodedata.normalize("NFD", "bjørkås")), row(2, etternavn="LIE"))
    (mailing.folder / "list.csv").write_text(
        "\n".join(("Kundenr.;Fornavn;Etternavn;Adresse;Postnr;Poststed;E-post;Beløp", *lines)),
        encoding="utf-8",
    )
    assert send(mailing, api)["by_status"] == {"repeat": 2}


@pytest.mark.slow
def test_of_those_released_a_limit_counts_those_that_go(mailing: MailingFolder, api: Api) -> None:
    listed(mailing, "0001001", "0001002")
    send(mailing, api)
    listed(mailing, "1001", "1002")
    told = send(mailing, api, "--again", "2-3", "--limit", "1")
    assert (told["plan"]["to_send"], told["plan"]["released_by_again"]) == (1, 1)


@pytest.mark.slow
def test_it_is_released_row_by_row(mailing: MailingFolder, api: Api) -> None:
    listed(mailing, "0001001", "0001002")
    send(mailing, api)
    listed(mailing, "1001", "1002")
    told = send(mailing, api, "--again", "3")
    assert told["plan"]["released_by_again"] == 1
    assert mailing.statuses() == {2: "repeat", 3: "accepted"}
    assert api.identifiers() == ["test-0001001", "test-0001002", "test-1002"]
    assert send(mailing, api, "--again", "2-3")["exit_status"] == 0
    assert send(mailing, api, "--again", "2-3")["plan"]["to_send"] == 0  # never a second time
    assert len(api.identifiers()) == 4


def test_again_never_sends_what_is_accepted_or_in_doubt_itself(
    mailing: MailingFolder, api: Api
) -> None:
    api.misbehave(letters={"test-1001": [Fault.ERROR_AFTER]})
    listed(mailing, "1001", "1002")
    send(mailing, api)
    told = send(mailing, api, "--again", "2-")
    assert told["plan"]["to_send"] == 0
    assert mailing.statuses() == {2: "unknown", 3: "accepted"}


def test_a_letter_in_doubt_is_not_sent_another_way_either(mailing: MailingFolder, api: Api) -> None:
    api.misbehave(letters={"test-0001001": [Fault.ERROR_AFTER]})
    listed(mailing, "0001001")
    send(mailing, api)
    listed(mailing, "1001")
    assert send(mailing, api)["by_status"] == {"repeat": 1}
    assert "may have been taken" in reason(mailing, 2)


@pytest.mark.slow
def test_a_letter_that_certainly_did_not_go_is_none(mailing: MailingFolder, api: Api) -> None:
    api.misbehave(letters={"test-0001001": [Fault.FORBIDDEN]})
    listed(mailing, "0001001")
    send(mailing, api)
    listed(mailing, "1001")
    assert send(mailing, api)["by_status"] == {"accepted": 1}


def test_two_of_one_list_both_go(mailing: MailingFolder, api: Api) -> None:
    listed(mailing, "0001001", "1001")
    assert send(mailing, api, "--rows", "2")["exit_status"] == 0
    assert send(mailing, api)["by_status"] == {"accepted": 2}


@pytest.mark.slow
def test_one_that_joins_the_other_in_the_list_goes(mailing: MailingFolder, api: Api) -> None:
    listed(mailing, "0001001")
    send(mailing, api)
    listed(mailing, "0001001", "1001")
    assert send(mailing, api)["by_status"] == {"accepted": 2}


@pytest.mark.slow
def test_two_of_one_list_both_go_from_a_part_of_it(mailing: MailingFolder, api: Api) -> None:
    listed(mailing, "0001001", "1001")
    send(mailing, api, "--rows", "2")
    listed(mailing, "1001")  # as the rows to be corrected are a list of their own
    assert send(mailing, api)["by_status"] == {"accepted": 1}


def test_another_recipient_gets_the_letter(mailing: MailingFolder, api: Api) -> None:
    listed(mailing, "0001001")
    send(mailing, api)
    someone = {"fornavn": "Kari", "adresse": "Torget 9", "e_post": "kari@example.com"}
    listed(mailing, "1001", **someone)
    assert send(mailing, api)["by_status"] == {"accepted": 1}


@pytest.mark.slow
@pytest.mark.parametrize(
    "changes",
    [
        {"fornavn": "Aase"},
        {"adresse": "Torget 9", "e_post": ""},
        {"fornavn": "Kari", "adresse": "Torget 9"},
    ],
)  # fmt: skip
def test_a_name_or_an_address_makes_the_same_recipient(
    mailing: MailingFolder, api: Api, changes: dict[str, str]
) -> None:
    listed(mailing, "0001001")
    send(mailing, api)
    listed(mailing, "1001", **changes)
    assert send(mailing, api)["by_status"] == {"repeat": 1}


@pytest.mark.slow
def test_nothing_is_a_repeat_in_the_sandbox(mailing: MailingFolder) -> None:
    listed(mailing, "0001001")
    mailing.run("send", "--sandbox")
    listed(mailing, "1001")
    assert mailing.run("send", "--sandbox").exit_code == 0
    assert mailing.statuses() == {2: "accepted"}


@pytest.mark.slow
def test_where_the_checked_list_is_gone_it_says_what_it_cannot_know(
    mailing: MailingFolder, api: Api
) -> None:
    mailing.edit("[reports]", "[ledger]\nregister = false\n[reports]")
    listed(mailing, "0001001")
    send(mailing, api)
    for kept in (mailing.folder / "ledger.snapshots").iterdir():
        if kept.is_dir():
            shutil.rmtree(kept)
    listed(mailing, "1001", "1002")
    told = send(mailing, api)
    assert told["plan"]["perhaps_repeats"] == 1
    assert any("1 letter may have gone before" in warning for warning in told["warnings"])
    assert told["by_status"] == {"accepted": 2}


@pytest.mark.slow
def test_groups_are_told_and_released_by_any_of_their_rows(
    mailing: MailingFolder, api: Api
) -> None:
    mailing.edit('path = "list.csv"', 'path = "list.csv"\ngroup_by = ["kundenr"]')
    template = mailing.folder / "letter.html"
    text = template.read_text(encoding="utf-8").replace(
        "{{ beløp | money }}", "{{ rows | length }}"
    )
    template.write_text(text, encoding="utf-8")
    listed(mailing, "0001001", "0001001", "1002")
    send(mailing, api)
    listed(mailing, "1001", "1001", "1002")
    told = send(mailing, api)
    assert (told["plan"]["repeats"], told["by_status"]) == (1, {"accepted": 1, "repeat": 2})
    assert send(mailing, api, "--again", "3")["by_status"] == {"accepted": 3}


@pytest.mark.slow
def test_a_renamed_mailing_still_knows_its_letters(mailing: MailingFolder, api: Api) -> None:
    listed(mailing, "0001001")
    send(mailing, api)
    mailing.path = mailing.path.rename(mailing.folder / "reminder.toml")
    listed(mailing, "1001")
    assert send(mailing, api)["plan"]["repeats"] == 1


@pytest.mark.slow
def test_a_mailing_beside_it_in_one_ledger_has_its_own_letters(
    mailing: MailingFolder, api: Api
) -> None:
    copy_beside(mailing, api)
    mailing.edit('name = "test"', 'name = "another"')
    listed(mailing, "1001")
    assert send(mailing, api)["by_status"] == {"accepted": 1}


def copy_beside(mailing: MailingFolder, api: Api) -> None:
    """Send it, and go on with a copy of mailing.toml in the same folder."""
    listed(mailing, "0001001")
    send(mailing, api)
    mailing.path = Path(shutil.copy(mailing.path, mailing.folder / "mailing - Kopi.toml"))


@pytest.mark.parametrize("name", ["test", "Test "])
def test_a_copy_beside_it_has_the_same_letters(mailing: MailingFolder, api: Api, name: str) -> None:
    copy_beside(mailing, api)
    mailing.edit('name = "test"', f'name = "{name}"')
    listed(mailing, "1001")
    assert send(mailing, api)["by_status"] == {"repeat": 1}


def test_nor_does_one_go_from_a_copy_beside_it_under_a_corrected_identifier(
    mailing: MailingFolder, api: Api
) -> None:
    copy_beside(mailing, api)
    assert mailing.run("correct", "--row", "2", "Kundenr.=9001").exit_code == 0
    assert send(mailing, api)["by_status"] == {"repeat": 1}


def said_before(told: dict[str, Any]) -> str:
    return " ".join(each for each in told["warnings"] if "what went to" in each)


@pytest.mark.slow
def test_the_same_text_under_other_identifiers_is_told_and_sent(
    mailing: MailingFolder, api: Api
) -> None:
    send(mailing, api)
    mailing.edit("test-{{ kundenr }}", "november-{{ kundenr }}")
    told = send(mailing, api)
    assert told["plan"]["said_before"] == 6
    sentence = said_before(told)
    assert "6 letters" in sentence
    assert re.findall(r"before it ([\w-]+)", sentence) == ["test-1001", "test-1002", "test-1003"]
    assert "3 more" in sentence
    assert len(api.identifiers()) == 12
    assert "what went to" not in mailing.run("send", "--base-url", api.base_url).output


@pytest.mark.slow
def test_new_numbers_for_the_same_people_are_told(mailing: MailingFolder, api: Api) -> None:
    send(mailing, api)
    mailing.write(*(row(number, kundenr=f"K{90 - number}") for number in (2, 3, 1)))
    assert send(mailing, api)["plan"]["said_before"] == 3


@pytest.mark.slow
def test_another_text_is_not_the_same(mailing: MailingFolder, api: Api) -> None:
    send(mailing, api)
    mailing.edit("test-{{ kundenr }}", "november-{{ kundenr }}")
    mailing.write(*(row(number, beløp="99,00") for number in range(1, 7)))
    assert send(mailing, api)["plan"]["said_before"] == 0
    mailing.edit("november-{{ kundenr }}", "december-{{ kundenr }}")
    template = mailing.folder / "letter.html"
    template.write_text(template.read_text(encoding="utf-8").replace("Du", "Dere"), "utf-8")
    told = send(mailing, api)
    assert (told["plan"]["said_before"], told["warnings"]) == (0, [])


@pytest.mark.slow
def test_rows_of_one_list_in_turn_are_no_alarm(mailing: MailingFolder, api: Api) -> None:
    for rows in ("3", "5-7"):
        assert send(mailing, api, "--rows", rows)["warnings"] == []
    mailing.write(*(row(number) for number in (2, 4, 1)))  # a part of it, in another order
    assert send(mailing, api)["warnings"] == []


@pytest.mark.slow
@pytest.mark.parametrize("other", ["http://localhost:{}/%2e", "http://127.0.0.1:{}//"])
def test_one_api_at_another_address(mailing: MailingFolder, api: Api, other: str) -> None:
    send(mailing, api)
    port = api.base_url.rpartition(":")[2]
    there = Api(api.base_url)
    there.base_url = other.format(port)
    told = send(mailing, there)
    assert (told["plan"]["to_send"], told["plan"]["accepted_before"]) == (0, 6)
    assert told["exit_status"] == 0


@pytest.mark.slow
@pytest.mark.parametrize("stored", ["http://localhost:{}", "http://127.0.0.1:{}/%2e"])
def test_a_ledger_that_has_the_address_in_another_spelling(
    mailing: MailingFolder, api: Api, stored: str
) -> None:
    """As 0.1 kept it."""
    send(mailing, api)
    spelling = stored.format(api.base_url.rpartition(":")[2])
    with closing(sqlite3.connect(mailing.folder / "ledger.sqlite")) as database, database:
        database.execute("UPDATE runs SET destination = ?", [spelling])
        database.execute("UPDATE letters SET destination = ?", [spelling])
    assert json.loads(mailing.run("report", "--json").stdout)["letters_by_status"] == {
        "accepted": 6
    }
    told = send(mailing, api)
    assert (told["plan"]["to_send"], told["exit_status"]) == (0, 0)
    assert len(api.identifiers()) == 6

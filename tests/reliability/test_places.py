"""Where a ledger lies, and what people do to it: nobody is written to twice."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest
from mailings import MailingFolder, row
from postgres import PASSWORD, PostgresServer
from reliability.harness import Api

LETTERS = 3


@pytest.fixture
def mailing(mailing: MailingFolder, api: Api) -> MailingFolder:
    """A mailing that was sent."""
    mailing.write(*(row(number) for number in range(1, LETTERS + 1)))
    return mailing


def send(mailing: MailingFolder, api: Api, *options: str) -> str:
    """Send, and hold that nobody was written to twice; what was said."""
    result = mailing.run("send", "--base-url", api.base_url, "--yes", *options)
    assert result.exit_code in {0, 2}, result.output
    assert set(api.taken().values()) == {1}
    assert len(api.taken()) == LETTERS
    return result.output


def linked(mailing: MailingFolder, folder: Path) -> MailingFolder:
    """The mailing by a link to its mailing.toml in another folder; its list is looked for there."""
    there = MailingFolder.__new__(MailingFolder)
    there.folder, there.path = folder, folder / "mailing.toml"
    folder.mkdir()
    try:
        for path in mailing.folder.iterdir():
            if not path.name.startswith("ledger."):
                (folder / path.name).symlink_to(path)
    except OSError:
        pytest.skip("this system makes no symbolic links")
    return there


def test_an_emptied_ledger(mailing: MailingFolder, api: Api) -> None:
    send(mailing, api)
    (mailing.folder / "ledger.sqlite").write_bytes(b"")
    assert "is empty, but ledger.snapshots" in send(mailing, api)


def test_a_purged_and_lost_ledger(mailing: MailingFolder, api: Api) -> None:
    send(mailing, api)
    assert mailing.run("purge", "--older-than", "0").exit_code == 0
    (mailing.folder / "ledger.sqlite").unlink()
    assert "There is no ledger" in send(mailing, api)


@pytest.mark.parametrize("first", ["itself", "the link"])
def test_a_mailing_by_a_link_to_it_has_one_ledger(
    mailing: MailingFolder, api: Api, tmp_path: Path, first: str
) -> None:
    both = [mailing, linked(mailing, tmp_path / "linked")]
    for each in both if first == "itself" else reversed(both):
        assert f"accepted  {LETTERS}" in send(each, api)
    assert (mailing.folder / "ledger.sqlite").exists()
    assert not (tmp_path / "linked" / "ledger.sqlite").exists()


def test_a_ledger_that_0_1_left_beside_a_link_counts_while_it_is_the_only_one(
    mailing: MailingFolder, api: Api, tmp_path: Path
) -> None:
    there = linked(mailing, tmp_path / "linked")
    send(there, api, "--ledger", str(there.folder / "ledger.sqlite"))
    assert "Accepted before  3" in " ".join(send(there, api).split(" ")).replace("  ", "  ")
    (mailing.folder / "ledger.sqlite").touch()
    assert "there is a ledger beside each of them" in send(there, api)


def test_a_question_nobody_answered_is_no_harm(mailing: MailingFolder, api: Api) -> None:
    """As where its window was closed: the checked list stays, and its run never began."""
    dry = mailing.run("send", "--base-url", api.base_url, "--dry-run")
    assert dry.exit_code == 0
    (mailing.folder / "ledger.snapshots" / "mailing-20991231T235959.000000Z").mkdir()
    assert f"accepted  {LETTERS}" in send(mailing, api)


@pytest.mark.slow
def test_a_file_and_then_a_database(
    mailing: MailingFolder, api: Api, postgres: PostgresServer
) -> None:
    send(mailing, api)
    assert mailing.run("report").exit_code == 0
    mailing.keep_ledger_at(postgres.new_place())
    said = send(mailing, api)
    assert "was copied into the database, with 3 letters" in said
    assert PASSWORD not in said
    assert Counter(mailing.statuses().values()) == {"accepted": LETTERS}
    assert "copied into" not in send(mailing, api)
    assert mailing.run("report").exit_code == 0
    back = mailing.run("send", "--yes", "--base-url", api.base_url, "--ledger",
                       os.fspath(mailing.folder / "ledger.sqlite"))  # fmt: skip
    assert back.exit_code == 2
    assert "was copied into a database" in back.output


@pytest.mark.slow
def test_the_first_word_of_a_file_taken_along_may_be_a_report(
    mailing: MailingFolder, api: Api, postgres: PostgresServer
) -> None:
    send(mailing, api)
    mailing.keep_ledger_at(postgres.new_place())
    result = mailing.run("report")
    assert result.exit_code == 0, result.output
    assert Counter(mailing.statuses().values()) == {"accepted": LETTERS}

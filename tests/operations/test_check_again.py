"""A run that comes to what an earlier one checked today does not judge a million rows anew."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Self

import pytest
from mailings import Api, MailingFolder, row

from batchsend import Mailing, Target, execute, plan
from batchsend.errors import BatchsendError
from batchsend.letters import Checked
from batchsend.operations import check as checking
from batchsend.operations.check import check_again, check_into, templates_of


class Today(date):
    @classmethod
    def today(cls) -> Self:
        return cls(2026, 11, 23)


class Tomorrow(date):
    @classmethod
    def today(cls) -> Self:
        return cls(2026, 11, 24)


@pytest.fixture(autouse=True)
def _one_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Midnight does not come."""
    monkeypatch.setattr(checking, "date", Today)


@pytest.fixture
def snapshots(mailing: MailingFolder, tmp_path: Path) -> Path:
    """The folder of an earlier check's snapshot."""
    folder = tmp_path / "snapshots"
    loaded = Mailing.load(mailing.folder)
    check_into(folder / "first", loaded, templates_of(loaded))
    return folder


def again(mailing: MailingFolder, snapshots: Path) -> Checked | None:
    loaded = Mailing.load(mailing.folder)
    return check_again(sorted(snapshots.iterdir()), loaded, templates_of(loaded))


def test_an_earlier_check_is_used_again_and_says_so(
    mailing: MailingFolder, snapshots: Path, tmp_path: Path
) -> None:
    loaded = Mailing.load(mailing.folder)
    anew = check_into(tmp_path / "anew", loaded, templates_of(loaded))
    used = again(mailing, snapshots)
    assert used is not None
    assert used.snapshot.path == snapshots / "first"
    assert (used.rows, used.letters, used.held) == (anew.rows, anew.letters, anew.held)
    assert used.problems.equals(anew.problems)
    assert used.list_digest == anew.list_digest
    assert list(used.snapshot.letters()) == list(anew.snapshot.letters())
    assert used.notes[:-1] == anew.notes
    assert "Nothing has changed since" in used.notes[-1]


def change_the_list(mailing: MailingFolder) -> None:
    mailing.write(*(row(number) for number in range(1, 4)))


def change_a_check(mailing: MailingFolder) -> None:
    mailing.edit("[checks]", '[checks]\ncountry = "SE"')


def change_the_mapping(mailing: MailingFolder) -> None:
    mailing.edit("test-{{", "other-{{")


def change_the_template(mailing: MailingFolder) -> None:
    path = mailing.folder / "letter.html"
    path.write_text(path.read_text(encoding="utf-8") + "<p>{{ navn }}</p>", encoding="utf-8")


@pytest.mark.parametrize(
    "change", [change_the_list, change_a_check, change_the_mapping, change_the_template]
)
def test_whatever_a_check_hangs_on_makes_it_necessary_again(
    mailing: MailingFolder, snapshots: Path, change: object
) -> None:
    assert callable(change)
    change(mailing)
    assert again(mailing, snapshots) is None


def test_another_day_is_checked_again(
    mailing: MailingFolder, snapshots: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "date", Tomorrow)
    assert again(mailing, snapshots) is None


def test_a_list_that_is_gone_is_for_the_check_to_tell(
    mailing: MailingFolder, snapshots: Path
) -> None:
    (mailing.folder / "list.csv").unlink()
    assert again(mailing, snapshots) is None


def test_what_is_not_whole_is_passed_over(mailing: MailingFolder, snapshots: Path) -> None:
    (snapshots / "zzz half").mkdir()
    assert again(mailing, snapshots) is not None
    (snapshots / "first" / "fates.parquet").unlink()
    assert again(mailing, snapshots) is None


def lose(path: Path) -> None:
    path.unlink()


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:100])


@pytest.mark.parametrize("harm", [lose, cut_short])
@pytest.mark.parametrize("part", ["000000.parquet", "problems.parquet", "fates.parquet"])
def test_a_damaged_one_is_passed_over(
    mailing: MailingFolder, snapshots: Path, part: str, harm: Callable[[Path], None]
) -> None:
    harm(snapshots / "first" / part)
    assert again(mailing, snapshots) is None


@pytest.mark.slow
def test_one_that_breaks_while_letters_go_stops_the_run_in_words(
    mailing: MailingFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("batchsend.letters.drafting.PORTION", 2)
    loaded = Mailing.load(mailing.folder)

    planned = plan(loaded, Target.sandbox())
    (planned.checked.snapshot.path / "000001.parquet").unlink()
    with pytest.raises(BatchsendError, match="is damaged"):
        execute(planned)
    assert mailing.run("send", "--sandbox").exit_code == 0
    assert set(mailing.statuses().values()) == {"accepted"}


def test_a_second_run_adds_no_snapshot_and_sends_what_was_left(mailing: MailingFolder) -> None:
    mailing.run("send", "--sandbox", "--limit", "2")
    assert mailing.run("send", "--sandbox").exit_code == 0
    assert len(list((mailing.folder / "ledger.snapshots").glob("mailing-*"))) == 1
    assert set(mailing.statuses().values()) == {"accepted"}


@pytest.mark.slow
def test_the_list_of_a_plan_that_ends_is_not_used_by_another(mailing: MailingFolder) -> None:
    loaded = Mailing.load(mailing.folder)
    with plan(loaded, Target.sandbox()) as first:
        second = plan(loaded, Target.sandbox())
        assert second.checked.snapshot.path != first.checked.snapshot.path
    assert execute(second).all_accepted
    assert set(mailing.statuses().values()) == {"accepted"}


@pytest.mark.slow
def test_a_copied_folder_does_not_use_the_list_of_the_one_it_was_copied_from(
    mailing: MailingFolder, api: Api, tmp_path: Path
) -> None:
    (tmp_path / "november").mkdir()
    original = MailingFolder(tmp_path / "november")
    assert original.run("send", "--base-url", api.base_url, "--yes").exit_code == 0
    shutil.copytree(original.folder, tmp_path / "copy")
    copy = MailingFolder.__new__(MailingFolder)
    copy.folder, copy.path = tmp_path / "copy", tmp_path / "copy" / "mailing.toml"
    for folder in (copy, original):
        assert folder.run("send", "--base-url", api.base_url, "--yes").exit_code == 0
    assert copy.run("purge", "--older-than", "0").exit_code == 0
    result = copy.run("send", "--base-url", api.base_url, "--yes")
    assert result.exit_code == 0, result.output
    assert set(copy.statuses().values()) == {"accepted"}
    assert len(api.taken()) == 6

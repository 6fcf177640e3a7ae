"""What went from another folder is not sent again; what is another letter is sent."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from mailings import Api, MailingFolder, row
from postgres import PostgresServer


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    place = tmp_path / "data"
    monkeypatch.setenv("BATCHSEND_DATA", str(place))
    return place


@pytest.fixture
def mailing(mailing: MailingFolder, tmp_path: Path, data: Path) -> MailingFolder:
    """In a folder below, so that others fit beside it."""
    return MailingFolder(_made(tmp_path / "november"))


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def send(mailing: MailingFolder, api: Api, *options: str, status: int = 0) -> dict[str, Any]:
    result = mailing.run("send", "--base-url", api.base_url, "--yes", "--json", *options)
    assert result.exit_code == status, result.output
    told: dict[str, Any] = json.loads(result.stdout)
    return told


def copied(mailing: MailingFolder, name: str, *, ledger: bool) -> MailingFolder:
    folder = mailing.folder.parent / name
    leave = None if ledger else shutil.ignore_patterns("ledger.*")
    shutil.copytree(mailing.folder, folder, ignore=leave)
    copy = MailingFolder.__new__(MailingFolder)
    copy.folder, copy.path = folder, folder / "mailing.toml"
    return copy


@pytest.mark.parametrize("ledger", [True, False])
def test_a_copied_folder_sends_nothing_again(
    mailing: MailingFolder, api: Api, ledger: bool
) -> None:
    copy = copied(mailing, "copy", ledger=False)
    send(mailing, api)
    if ledger:
        shutil.rmtree(copy.folder)
        copy = copied(mailing, "copy", ledger=True)
        assert send(copy, api)["by_status"] == {"accepted": 6}
    else:
        told = send(copy, api, status=1)
        assert told["by_status"] == {"repeat": 6}
        assert any(str(mailing.folder) in warning for warning in told["warnings"])
    assert len(api.taken()) == 6


def test_a_copy_does_not_send_what_its_original_sent_since(
    mailing: MailingFolder, api: Api
) -> None:
    send(mailing, api, "--rows", "2-3")
    copy = copied(mailing, "copy", ledger=True)
    send(mailing, api)
    told = send(copy, api, status=1)
    assert told["by_status"] == {"accepted": 2, "repeat": 4}
    assert len(api.taken()) == 6


def test_what_is_released_goes(mailing: MailingFolder, api: Api) -> None:
    copy = copied(mailing, "copy", ledger=False)
    send(mailing, api)
    told = send(copy, api, "--again", "2-4", status=1)
    assert told["by_status"] == {"accepted": 3, "repeat": 3}
    assert len(api.taken()) == 9


def test_zeros_lost_on_the_way_to_another_folder(mailing: MailingFolder, api: Api) -> None:
    mailing.write(row(1, kundenr="0001001"))
    copy = copied(mailing, "copy", ledger=False)
    send(mailing, api)
    copy.write(row(1, kundenr="1001"))
    assert send(copy, api, status=1)["by_status"] == {"repeat": 1}


def test_a_renamed_mailing_is_known_by_its_recipients(mailing: MailingFolder, api: Api) -> None:
    copy = copied(mailing, "copy", ledger=False)
    send(mailing, api)
    copy.edit('name = "test"', 'name = "another"')
    assert send(copy, api, status=1)["by_status"] == {"repeat": 6}


def test_numbers_that_two_mailings_share_by_chance_are_told_and_sent(
    mailing: MailingFolder, api: Api
) -> None:
    other = copied(mailing, "other", ledger=False)
    send(mailing, api)
    other.edit('name = "test"', 'name = "another"')
    other.write(*(row(n, fornavn="Ola", adresse=f"Kirkeveien {n}") for n in range(1, 7)))
    told = send(other, api)
    assert told["by_status"] == {"accepted": 6}
    assert any(
        "6 of these identifiers went to other recipients" in warning for warning in told["warnings"]
    )


def test_the_next_months_letters_go(mailing: MailingFolder, api: Api) -> None:
    december = copied(mailing, "december", ledger=False)
    send(mailing, api)
    december.edit("test-{{ kundenr }}", "december-{{ kundenr }}")
    assert send(december, api)["by_status"] == {"accepted": 6}


def test_an_old_backup_of_the_ledger_is_refused(mailing: MailingFolder, api: Api) -> None:
    send(mailing, api, "--rows", "2")
    backup = (mailing.folder / "ledger.sqlite").read_bytes()
    send(mailing, api)
    shutil.rmtree(mailing.folder / "ledger.snapshots")  # where else the run is remembered
    for file in mailing.folder.glob("ledger.sqlite-*"):
        file.unlink()
    (mailing.folder / "ledger.sqlite").write_bytes(backup)
    told = send(mailing, api, status=2)
    assert "is an old one" in told["error"]["message"]
    assert len(api.taken()) == 6


def test_a_run_that_was_killed_is_entered_when_its_ledger_is_opened(
    mailing: MailingFolder, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = copied(mailing, "copy", ledger=False)
    with monkeypatch.context() as killed:
        killed.setattr("batchsend.pipeline.sending.enter_ended", lambda *_: "")
        send(mailing, api)
    send(mailing, api)
    assert send(copy, api, status=1)["by_status"] == {"repeat": 6}


def test_a_run_that_has_not_ended_elsewhere_is_told(
    mailing: MailingFolder, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = copied(mailing, "copy", ledger=False)
    monkeypatch.setattr("batchsend.pipeline.sending.enter_ended", lambda *_: "")
    send(mailing, api, "--rows", "2")
    told = send(copy, api, "--rows", "5")
    assert any("was broken off" in warning for warning in told["warnings"])


def _unwritable(data: Path) -> None:
    data.write_text("a file where the folder would be")


def _damaged(data: Path) -> None:
    data.mkdir()
    (data / "register.sqlite").write_bytes(b"no database" * 100)


@pytest.mark.parametrize("spoil", [_unwritable, _damaged])
def test_without_a_register_it_goes_on_and_says_so(
    mailing: MailingFolder, api: Api, data: Path, spoil: Callable[[Path], None]
) -> None:
    spoil(data)
    told = send(mailing, api)
    assert told["by_status"] == {"accepted": 6}
    assert any("cannot be looked up" in warning for warning in told["warnings"])


def test_it_can_be_left_out(mailing: MailingFolder, api: Api, data: Path) -> None:
    mailing.edit("[reports]", "[ledger]\nregister = false\n[reports]")
    copy = copied(mailing, "copy", ledger=False)
    send(mailing, api)
    assert send(copy, api)["by_status"] == {"accepted": 6}
    assert not data.exists()


def test_a_rehearsal_is_not_entered(mailing: MailingFolder, data: Path) -> None:
    assert mailing.run("send", "--sandbox").exit_code == 0
    assert not data.exists()


def test_a_database_needs_no_register(
    mailing: MailingFolder, api: Api, data: Path, postgres: PostgresServer
) -> None:
    mailing.keep_ledger_at(postgres.new_place())
    send(mailing, api)
    assert not data.exists()


def test_purging_leaves_where_and_what_and_no_person(
    mailing: MailingFolder, api: Api, data: Path
) -> None:
    copy = copied(mailing, "copy", ledger=False)
    send(mailing, api)
    assert mailing.run("purge", "--older-than", "0").exit_code == 0
    assert str(mailing.folder).encode() not in (data / "register.sqlite").read_bytes()
    assert send(copy, api, status=1)["by_status"] == {"repeat": 6}, "its name still agrees"


def test_what_was_settled_as_not_taken_may_go_from_another_folder(
    mailing: MailingFolder, api: Api
) -> None:
    mailing.write(row(1))
    copy = copied(mailing, "copy", ledger=False)
    from reliability import trial  # noqa: PLC0415

    from batchsend.sandbox import Fault  # noqa: PLC0415

    trial.Api(api.base_url).misbehave(rates={Fault.DROP_BEFORE: 1})
    assert mailing.run("send", "--base-url", api.base_url, "--yes").exit_code == 1
    trial.Api(api.base_url).misbehave()
    assert send(copy, api, status=1)["by_status"] == {"repeat": 1}
    assert mailing.run("settle", "--all", "--failed").exit_code == 0
    assert send(copy, api)["by_status"] == {"accepted": 1}

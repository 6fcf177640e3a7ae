"""What went from another folder is not sent again; what is another letter is sent."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from mailings import Api, MailingFolder, row
from postgres import PostgresServer
from reliability import harness
from waiting import until

from batchsend import Mailing, Target, execute, plan
from batchsend import send as send_mailing
from batchsend.operations.purge import purge
from batchsend.register import Register, RegisterError
from batchsend.sandbox import Fault


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


@pytest.mark.slow
def test_a_subscription_is_one_in_capitals_and_small_letters(
    mailing: MailingFolder, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a GUID is, which people copy from a mail or a portal."""
    subscription = "3F2504E0-4F89-11D3-9A0C-0305E82C3301"
    copy = copied(mailing, "copy", ledger=False)
    for folder, written in ((mailing, subscription), (copy, subscription.lower())):
        monkeypatch.setenv("BATCHSEND_SUBSCRIPTION_ID", written)
        told = send(folder, api, status=1 if folder is copy else 0)
    assert told["by_status"] == {"repeat": 6}


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


@pytest.mark.slow
def test_a_copy_does_not_send_what_its_original_sent_since(
    mailing: MailingFolder, api: Api
) -> None:
    send(mailing, api, "--rows", "2-3")
    copy = copied(mailing, "copy", ledger=True)
    send(mailing, api)
    told = send(copy, api, status=1)
    assert told["by_status"] == {"accepted": 2, "repeat": 4}
    assert len(api.taken()) == 6


@pytest.mark.slow
def test_what_went_is_known_when_its_folder_is_gone(mailing: MailingFolder, api: Api) -> None:
    copy = copied(mailing, "copy", ledger=False)
    send(mailing, api)
    shutil.rmtree(mailing.folder)
    assert send(copy, api, status=1)["by_status"] == {"repeat": 6}


def test_what_is_released_goes(mailing: MailingFolder, api: Api) -> None:
    copy = copied(mailing, "copy", ledger=False)
    send(mailing, api)
    told = send(copy, api, "--again", "2-4", status=1)
    assert told["by_status"] == {"accepted": 3, "repeat": 3}
    assert len(api.taken()) == 9


@pytest.mark.slow
def test_what_went_with_a_file_elsewhere_is_known_to_a_database(
    mailing: MailingFolder, api: Api, tmp_path: Path, postgres: PostgresServer
) -> None:
    """Only the file beside the mailing is copied into it."""
    send(mailing, api, "--rows", "2-5", "--ledger", str(tmp_path / "elsewhere.sqlite"))
    mailing.keep_ledger_at(postgres.new_place())
    assert send(mailing, api, status=1)["by_status"] == {"accepted": 2, "repeat": 4}
    assert send(mailing, api, "--again", "2", status=1)["by_status"] == {"accepted": 3, "repeat": 3}
    assert len(api.taken()) == 7


@pytest.mark.slow
def test_what_a_database_took_along_is_its_own(
    mailing: MailingFolder, api: Api, postgres: PostgresServer
) -> None:
    """What the register has of the file holds nothing there: the database knows how it ended."""
    api.misbehave(letters={"test-1002": [Fault.ERROR]})
    send(mailing, api, status=1)
    mailing.keep_ledger_at(postgres.new_place())
    assert mailing.run("settle", "--all", "--failed").exit_code == 0
    assert send(mailing, api)["by_status"] == {"accepted": 6}
    assert len(api.taken()) == 6


@pytest.mark.slow
@pytest.mark.parametrize(
    ("written", "again"),
    [("0001001", "1001"), ("1001", "1 001"), ("1001", "1.001"), ("A-1001", "a1001")],
)
def test_an_identifier_written_another_way_in_another_folder(
    mailing: MailingFolder, api: Api, written: str, again: str
) -> None:
    mailing.edit('CustomerNo = "{{ kundenr }}"\n', "")
    mailing.write(row(1, kundenr=written))
    copy = copied(mailing, "copy", ledger=False)
    send(mailing, api)
    copy.write(row(1, kundenr=again))
    assert send(copy, api, status=1)["by_status"] == {"repeat": 1}


def test_whom_a_letter_went_to_is_known_where_the_checked_lists_were_deleted(
    mailing: MailingFolder, api: Api
) -> None:
    """Somebody made room, and a spreadsheet took the zeros since."""
    mailing.write(row(1, kundenr="0001001"), row(2, kundenr="0001002"))
    send(mailing, api)
    shutil.rmtree(mailing.folder / "ledger.snapshots")
    mailing.write(row(1, kundenr="1001"), row(3, kundenr="1002"))
    told = send(mailing, api, status=1)
    assert told["by_status"] == {"repeat": 1, "accepted": 1}
    assert told["plan"]["perhaps_repeats"] == 1


@pytest.mark.parametrize("forgotten", [("--identifier", "test-0001001"), ("--older-than", "0")])
def test_nor_where_it_is_forgotten_to_whom_it_went(
    mailing: MailingFolder, api: Api, forgotten: tuple[str, str]
) -> None:
    mailing.write(row(1, kundenr="0001001"))
    copy = copied(mailing, "copy", ledger=False)
    send(mailing, api)
    assert mailing.run("purge", *forgotten).exit_code == 0
    copy.write(row(1, kundenr="1001"))
    assert send(copy, api, status=1)["by_status"] == {"repeat": 1}


def test_nor_in_a_copy_of_the_ledger_whatever_its_mailing_is_called(
    mailing: MailingFolder, api: Api
) -> None:
    mailing.write(row(1))
    send(mailing, api)
    copy = copied(mailing, "copy", ledger=True)
    mailing.write(row(1), row(2))
    send(mailing, api)
    assert mailing.run("purge", "--identifier", "test-1002").exit_code == 0
    copy.edit('name = "', 'name = "another ')
    copy.write(row(1), row(2))
    assert send(copy, api, status=1)["by_status"] == {"accepted": 1, "repeat": 1}


@pytest.mark.slow
@pytest.mark.parametrize("number", ["1001", "0001001"])
def test_what_a_copy_sent_under_a_corrected_identifier_is_not_sent_without_the_correction(
    mailing: MailingFolder, api: Api, number: str
) -> None:
    mailing.write(row(1), row(2))
    copy = copied(mailing, "copy", ledger=False)
    copy.run("correct", "--row", "2", "Kundenr.=7001")
    send(copy, api)
    assert sorted(api.identifiers()) == ["test-1002", "test-7001"]
    shutil.rmtree(copy.folder)
    mailing.write(row(1, kundenr=number))
    assert send(mailing, api, status=1)["by_status"] == {"repeat": 1}
    assert "as test-7001" in mailing.report()[0]["reason"]
    mailing.write(row(1, fornavn="Per"))
    assert send(mailing, api, status=1)["by_status"] == {"repeat": 1}, "at the same address"
    mailing.write(row(1, fornavn="Per", adresse="Nygata 2", e_post="per@example.com"))
    assert send(mailing, api)["by_status"] == {"accepted": 1}, "somebody else's"


@pytest.mark.slow
def test_nor_under_another_correction(mailing: MailingFolder, api: Api) -> None:
    mailing.write(row(1), row(2))
    copy = copied(mailing, "copy", ledger=False)
    for folder, number in ((copy, 7001), (mailing, 8001)):
        folder.run("correct", "--row", "2", f"Kundenr.={number}")
    send(copy, api)
    assert send(mailing, api, status=1)["by_status"] == {"repeat": 2}
    assert sorted(api.identifiers()) == ["test-1002", "test-7001"]


@pytest.mark.slow
def test_nor_while_a_copy_may_be_sending_it(mailing: MailingFolder, api: Api) -> None:
    mailing.write(row(1), row(2))
    copy = copied(mailing, "copy", ledger=False)
    copy.run("correct", "--row", "2", "Kundenr.=7001")
    api.misbehave(rates={"slow": 1}, delay=3600)
    with harness.sender(copy, api.base_url) as sending:
        until(harness.Api(api.base_url).requests, "a request")
        try:
            assert send(mailing, api, status=1)["by_status"] == {"repeat": 2}
        finally:
            sending.kill()


def test_a_corrected_letter_is_one_letter_to_the_register(mailing: MailingFolder, api: Api) -> None:
    mailing.write(row(1), row(2))
    mailing.run("correct", "--row", "2", "Kundenr.=7001")
    send(mailing, api)
    kept = json.loads(mailing.run("person", "test-7001", "--json").stdout)
    assert len(kept["registered"]) == 1
    assert purge(Mailing.load(mailing.path), datetime.now(UTC)).recipients == 2


def test_somebody_elses_identifier_that_is_written_alike_is_another_letter(
    mailing: MailingFolder, api: Api
) -> None:
    mailing.write(row(1, kundenr="0001001"))
    copy = copied(mailing, "copy", ledger=False)
    send(mailing, api)
    somebody = {"fornavn": "Ola", "etternavn": "Dahl", "adresse": "Kirkeveien 1"}
    copy.write(row(1, kundenr="1001", e_post="ola@example.com", **somebody))
    assert send(copy, api)["by_status"] == {"accepted": 1}


def test_another_number_of_the_same_recipient_is_another_letter(
    mailing: MailingFolder, api: Api
) -> None:
    """What the register takes for alike at first: 11 and 101, by their digits but for zeros."""
    mailing.write(row(1, kundenr="11"))
    copy = copied(mailing, "copy", ledger=False)
    send(mailing, api)
    copy.write(row(1, kundenr="101"))
    assert send(copy, api)["by_status"] == {"accepted": 1}


def test_a_renamed_mailing_is_known_by_its_recipients(mailing: MailingFolder, api: Api) -> None:
    copy = copied(mailing, "copy", ledger=False)
    send(mailing, api)
    copy.edit('name = "test"', 'name = "another"')
    assert send(copy, api, status=1)["by_status"] == {"repeat": 6}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("then", "now", "ends"),
    [
        ("test", "TEST ", "repeat"),
        ("Tést: rent", "te\u0301st rent", "repeat"),
        ("test", "test 2", "accepted"),
    ],
)
def test_a_mailings_name_counts_however_it_is_written(
    mailing: MailingFolder, api: Api, then: str, now: str, ends: str
) -> None:
    """Its recipients have moved, so only the name tells that the letters are the same."""
    mailing.edit('name = "test"', f'name = "{then}"')
    copy = copied(mailing, "copy", ledger=False)
    send(mailing, api)
    copy.edit(f'name = "{then}"', f'name = "{now}"')
    copy.write(*(row(number, adresse="Nygata 9") for number in range(1, 7)))
    told = send(copy, api, status=1 if ends == "repeat" else 0)
    assert told["by_status"] == {ends: 6}


@pytest.mark.slow
@pytest.mark.parametrize("alone", [True, False])
@pytest.mark.parametrize("change", [{"fornavn": "Karin"}, {"adresse": "Storgata 99"}])
def test_a_name_or_an_address_that_was_mended_in_a_renamed_copy_makes_no_new_letter(
    mailing: MailingFolder, api: Api, change: dict[str, str], alone: bool
) -> None:
    copy = copied(mailing, "copy", ledger=False)
    send(mailing, api)
    copy.edit('name = "test"', 'name = "another"')
    copy.write(row(1, **change), *(row(number) for number in range(2, 2 if alone else 7)))
    told = send(copy, api, status=1)
    assert told["by_status"] == {"repeat": 1 if alone else 6}
    assert len(api.taken()) == 6


@pytest.mark.slow
def test_neighbours_who_have_each_others_numbers_by_chance_get_their_letters(
    mailing: MailingFolder, api: Api
) -> None:
    """One block of flats: all at one address, and another mailing numbers them otherwise."""
    mailing.write(*(row(number, adresse="Storgata 1") for number in range(1, 7)))
    copy = copied(mailing, "copy", ledger=False)
    send(mailing, api)
    copy.edit('name = "test"', 'name = "another"')
    turned = (row(8 - n, adresse="Storgata 1", kundenr=str(1000 + n)) for n in range(2, 7))
    copy.write(*turned)
    told = send(copy, api, status=1)
    assert told["by_status"] == {"accepted": 4, "repeat": 1}, "one has the same number in both"


@pytest.mark.slow
def test_numbers_that_two_mailings_share_by_chance_are_told_and_sent(
    mailing: MailingFolder, api: Api
) -> None:
    other = copied(mailing, "other", ledger=False)
    send(mailing, api)
    other.edit('name = "test"', 'name = "another"')
    other.write(*(row(n, fornavn="Ola", adresse=f"Kirkeveien {n}") for n in range(1, 7)))
    told = send(other, api)
    assert told["by_status"] == {"accepted": 6}
    assert any("6 of these identifiers went before" in warning for warning in told["warnings"])


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

    for lost in ("ledger.sqlite", "ledger.snapshots"):  # as the hint says where there is no newer
        (mailing.folder / lost).rename(mailing.folder / f"old.{lost}")
    assert send(mailing, api, status=1)["by_status"] == {"repeat": 6}


def test_a_backup_from_the_middle_of_a_run_is_refused(
    mailing: MailingFolder, api: Api, tmp_path: Path
) -> None:
    """It has the run, and not all that went in it."""
    backup = _made(tmp_path / "backup")

    def back_up(*_: object) -> None:
        for file in mailing.folder.glob("ledger.sqlite*"):
            shutil.copy(file, backup)

    # Before a letter leaves the run is in the ledger, and its write-ahead log beside it.
    send_mailing(
        Mailing.load(mailing.path),
        Target.api(Mailing.load(mailing.path), api.base_url),
        progress=lambda told: back_up() if not told.done else None,
    )
    for file in mailing.folder.glob("ledger.sqlite*"):
        file.unlink()
    for file in backup.iterdir():
        shutil.copy(file, mailing.folder)
    told = send(mailing, api, status=2)
    assert "is an old one" in told["error"]["message"]


@pytest.mark.slow
def test_a_copy_in_another_place_may_lack_what_its_original_sent(
    mailing: MailingFolder, api: Api
) -> None:
    """A folder that was rehearsed, and copied for two months: each ledger is the newest there."""
    assert mailing.run("send", "--sandbox").exit_code == 0
    december = copied(mailing, "december", ledger=True)
    december.edit("test-{{ kundenr }}", "december-{{ kundenr }}")
    send(mailing, api)
    assert send(december, api)["by_status"] == {"accepted": 6}
    assert send(mailing, api)["by_status"] == {"accepted": 6}
    assert len(api.taken()) == 12


@pytest.mark.slow
@pytest.mark.parametrize("command", [("send", "--yes"), ("report",)])
def test_a_run_that_entered_nothing_is_entered_when_its_ledger_is_opened(
    mailing: MailingFolder, api: Api, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    copy = copied(mailing, "copy", ledger=False)
    with monkeypatch.context() as killed:
        killed.setattr("batchsend.operations.send.enter_ended", lambda *_: "")
        send(mailing, api)
    monkeypatch.setenv("BATCHSEND_BASE_URL", api.base_url)
    assert mailing.run(*command).exit_code == 0
    moved = mailing.folder.rename(mailing.folder.with_name("archive"))
    told = send(copy, api, status=1)
    assert told["by_status"] == {"repeat": 6}
    assert not any("broken off" in warning for warning in told["warnings"]), moved


@pytest.mark.slow
def test_what_a_killed_run_sent_is_known_from_another_folder(
    mailing: MailingFolder, api: Api
) -> None:
    mailing.write(*(row(number) for number in range(1, 41)))
    copy = copied(mailing, "copy", ledger=False)
    harness.Api(api.base_url).misbehave(rates={Fault.SLOW: 1}, delay=0.5)
    run = harness.sender(mailing, api.base_url, "--concurrency", "1")
    until(lambda: len(api.taken()) >= 2, "two letters are taken")
    run.kill()
    run.communicate()
    harness.Api(api.base_url).misbehave()
    told = send(copy, api, status=1)
    assert told["by_status"]["repeat"] >= 2
    assert any("What it sent until then is known" in warning for warning in told["warnings"])
    send(mailing, api, status=1)
    assert len(api.taken()) == 40
    assert max(harness.Api(api.base_url).taken().values()) == 1


@pytest.mark.slow
def test_what_was_settled_goes_from_its_own_folder_where_the_register_could_not_be_told(
    mailing: MailingFolder, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailing.write(row(1))
    harness.Api(api.base_url).misbehave(rates={Fault.SLOW: 1}, delay=3600)
    run = harness.sender(mailing, api.base_url)
    until(lambda: len(api.taken()) == 1, "the letter is taken")
    run.kill()
    run.communicate()
    harness.Api(api.base_url).misbehave()
    send(mailing, api, status=1)  # the register has it in doubt now

    def unreachable(*_: object) -> None:
        raise RegisterError("The register is away.")

    with monkeypatch.context() as away:
        away.setattr(Register, "withdraw", unreachable)
        assert mailing.run("settle", "--all", "--failed").exit_code == 0
    assert send(mailing, api)["by_status"] == {"accepted": 1}


@pytest.mark.slow
def test_a_run_that_cannot_be_asked_elsewhere_is_told(
    mailing: MailingFolder, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = copied(mailing, "copy", ledger=False)
    with monkeypatch.context() as killed:
        killed.setattr("batchsend.operations.send.enter_ended", lambda *_: "")
        send(mailing, api, "--rows", "2")
    mailing.folder.rename(mailing.folder.with_name("archive"))
    told = send(copy, api, "--rows", "5")
    assert any("What it sent is not known here" in warning for warning in told["warnings"])


@pytest.mark.slow
def test_what_goes_elsewhere_while_somebody_is_asked_is_not_sent_again(
    mailing: MailingFolder, api: Api
) -> None:
    copy = copied(mailing, "copy", ledger=False)
    loaded = Mailing.load(copy.path)

    planned = plan(loaded, Target.api(loaded, api.base_url))
    assert planned.to_send.height == 6
    send(mailing, api)
    sent = execute(planned)
    assert (sent.plan.to_send.height, sent.plan.repeats.height) == (0, 6)
    assert len(api.taken()) == 6


@pytest.mark.slow
def test_two_letters_of_one_list_are_two_however_alike_their_identifiers(
    mailing: MailingFolder, api: Api
) -> None:
    mailing.write(row(1, kundenr="01001"))
    copy = copied(mailing, "copy", ledger=False)
    send(mailing, api)
    copy.write(row(1, kundenr="01001"), row(1, kundenr="1001"))
    assert send(copy, api, status=1)["by_status"] == {"accepted": 1, "repeat": 1}


@pytest.mark.slow
def test_what_went_before_there_was_a_register_is_entered_when_its_ledger_is_opened(
    mailing: MailingFolder, api: Api
) -> None:
    copy = copied(mailing, "copy", ledger=False)
    mailing.edit("[reports]", "[ledger]\nregister = false\n[reports]")
    send(mailing, api)
    mailing.edit("register = false", "register = true")
    send(mailing, api)
    assert send(copy, api, status=1)["by_status"] == {"repeat": 6}


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


def test_a_register_that_was_lost_is_told(mailing: MailingFolder, api: Api, data: Path) -> None:
    send(mailing, api)
    (data / "register.sqlite").unlink()
    assert any("was lost" in warning for warning in send(mailing, api)["warnings"])


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


@pytest.mark.slow
def test_purging_leaves_where_and_what_and_no_person(
    mailing: MailingFolder, api: Api, data: Path
) -> None:
    copy = copied(mailing, "copy", ledger=False)
    send(mailing, api)
    assert mailing.run("purge", "--older-than", "0").exit_code == 0
    assert str(mailing.folder).encode() not in (data / "register.sqlite").read_bytes()
    assert send(copy, api, status=1)["by_status"] == {"repeat": 6}, "its name still agrees"


def test_purging_says_so_where_it_cannot(mailing: MailingFolder, api: Api, data: Path) -> None:
    send(mailing, api)
    (data / "register.key").unlink()
    result = mailing.run("purge", "--older-than", "0", "--json")
    assert "is still there" in json.loads(result.stdout)["warnings"][0]


def test_what_was_entered_is_purged_where_it_is_left_out_since(
    mailing: MailingFolder, api: Api, data: Path
) -> None:
    send(mailing, api)
    mailing.edit("[reports]", "[ledger]\nregister = false\n[reports]")
    assert purge(Mailing.load(mailing.path), datetime.now(UTC)).recipients == 6


@pytest.mark.slow
def test_what_was_refused_may_go_from_another_folder(mailing: MailingFolder, api: Api) -> None:
    mailing.write(row(1), row(2))
    copy = copied(mailing, "copy", ledger=False)
    harness.Api(api.base_url).misbehave(letters={"test-1002": [Fault.REFUSED]})
    assert send(mailing, api, status=1)["by_status"] == {"accepted": 1, "rejected": 1}
    assert send(copy, api, status=1)["by_status"] == {"repeat": 1, "accepted": 1}


@pytest.mark.slow
def test_what_was_settled_as_not_taken_may_go_from_another_folder(
    mailing: MailingFolder, api: Api
) -> None:
    mailing.write(row(1))
    copy = copied(mailing, "copy", ledger=False)
    harness.Api(api.base_url).misbehave(rates={Fault.DROP_BEFORE: 1})
    assert mailing.run("send", "--base-url", api.base_url, "--yes").exit_code == 1
    harness.Api(api.base_url).misbehave()
    assert send(copy, api, status=1)["by_status"] == {"repeat": 1}
    assert mailing.run("settle", "--all", "--failed").exit_code == 0
    assert send(copy, api)["by_status"] == {"accepted": 1}


@pytest.mark.slow
def test_what_is_settled_in_a_copy_says_nothing_of_what_the_original_sent(
    mailing: MailingFolder, api: Api
) -> None:
    """Each decision was true; together they must not make the register forget."""
    mailing.write(row(1), row(2))
    harness.Api(api.base_url).misbehave(
        letters={"test-1002": [Fault.DROP_AFTER], "test-1001": [Fault.OK]}
    )
    send(mailing, api, status=1)
    copy = copied(mailing, "copy", ledger=True)
    harness.Api(api.base_url).misbehave()
    assert mailing.run("settle", "--all", "--resend").exit_code == 0
    send(mailing, api)
    assert copy.run("settle", "--all", "--failed").exit_code == 0
    assert send(copy, api, status=1)["by_status"] == {"accepted": 1, "repeat": 1}

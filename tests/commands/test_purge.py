"""purge: people's data goes, what was sent stays known."""

from __future__ import annotations

from pathlib import Path

import pytest
from mailings import Api, MailingFolder


def _everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_people_are_gone_and_nothing_is_sent_again(mailing: MailingFolder, api: Api) -> None:
    mailing.run("send", "--sandbox")
    mailing.run("send", "--base-url", api.base_url, "--yes")
    mailing.run("preview")
    assert (mailing.folder / "preview").exists()

    result = mailing.run("purge", "--older-than", "0")
    assert result.exit_code == 0, result.output
    (mailing.folder / "report.csv").unlink()
    (mailing.folder / "list.csv").rename(mailing.folder.with_suffix(".csv"))
    assert "Bjørk".encode() not in _everything(mailing.folder)

    (mailing.folder.with_suffix(".csv")).rename(mailing.folder / "list.csv")
    assert mailing.run("send", "--base-url", api.base_url, "--yes").exit_code == 0
    assert len(api.identifiers()) == 6


@pytest.mark.slow
def test_what_is_young_stays(mailing: MailingFolder) -> None:
    mailing.run("send", "--sandbox")
    assert mailing.run("purge", "--older-than", "1").exit_code == 0
    assert list((mailing.folder / "sandbox-letters").iterdir())
    assert mailing.run("report").exit_code == 0


@pytest.mark.slow
def test_after_a_purge_the_report_says_what_is_missing(mailing: MailingFolder) -> None:
    mailing.run("send", "--sandbox")
    mailing.run("purge", "--older-than", "0")
    result = mailing.run("report")
    assert result.exit_code == 2
    assert "purge" in result.output


@pytest.mark.slow
def test_what_batchsend_did_not_make_stays(mailing: MailingFolder) -> None:
    mailing.run("send", "--sandbox")
    mailing.run("preview")
    theirs = [
        mailing.folder / place / name
        for place in ("preview", "sandbox-letters")
        for name in ("notes.pdf", "contact-list.html", "2026.json")
    ]
    for path in theirs:
        path.write_text("precious")
    assert mailing.run("purge", "--older-than", "0").exit_code == 0
    left = {path for place in ("preview", "sandbox-letters") for path in _visible(mailing, place)}
    assert left == set(theirs)


@pytest.mark.slow
def test_the_checked_lists_of_a_mailing_that_was_moved_go_too(mailing: MailingFolder) -> None:
    mailing.run("send", "--sandbox")
    moved = mailing.folder.rename(mailing.folder.with_name(f"{mailing.folder.name}-renamed"))
    mailing.folder, mailing.path = moved, moved / "mailing.toml"
    result = mailing.run("purge", "--older-than", "0")
    assert "Removed: 1 checked list" in result.output
    assert [path.name for path in (moved / "ledger.snapshots").iterdir()] == ["runs.txt"]


def _visible(mailing: MailingFolder, place: str) -> list[Path]:
    return [path for path in (mailing.folder / place).iterdir() if path.name[0] != "."]

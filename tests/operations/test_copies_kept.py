"""Copies beside a run that is killed, with either ledger: whole as far as they go, no others."""

from __future__ import annotations

import signal
import subprocess
from io import BytesIO

import pikepdf
import pytest
from mailings import Api, MailingFolder, row
from postgres import PostgresServer
from programs import BATCHSEND
from waiting import until

from batchsend.copies import Copies
from batchsend.mailing import Mailing
from batchsend.operations.sent_letter import sent_letter

LETTERS = 150


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def kept(request: pytest.FixtureRequest, mailing: MailingFolder) -> MailingFolder:
    """A mailing that keeps copies, and whose ledger is a file or a database."""
    if request.param == "PostgreSQL":
        postgres: PostgresServer = request.getfixturevalue("postgres")
        mailing.keep_ledger_at(postgres.new_place())
    mailing.edit("[send]", "[copies]\ndays = 365\n[send]")
    mailing.write(*(row(number) for number in range(1, LETTERS + 1)))
    return mailing


def identifiers(mailing: MailingFolder) -> list[str]:
    """Of the copies that are there."""
    return [copy.about.identifier for copy in Copies(mailing.folder / "copies").all()]


@pytest.mark.slow
def test_a_killed_run_leaves_whole_copies_of_what_was_taken_alone(
    kept: MailingFolder, api: Api
) -> None:
    command = [*BATCHSEND, "send", str(kept.path), "--base-url", api.base_url, "--yes"]
    nowhere = subprocess.DEVNULL
    with subprocess.Popen([*command, "--rate", "60"], stdout=nowhere, stderr=nowhere) as process:
        # Those that went a moment ago need not be on disk yet: wait for the first that are.
        until(lambda: process.poll() is not None or identifiers(kept), "a copy on disk")
        process.send_signal(signal.SIGKILL)
    first = identifiers(kept)
    assert first
    assert set(first) <= set(api.identifiers())
    assert len(set(first)) == len(first)
    loaded = Mailing.load(kept.path)
    for identifier in first[:: len(first) // 5 or 1]:
        assert sent_letter(loaded, identifier).pdf == api.pdf(identifier)

    assert kept.run("send", "--base-url", api.base_url, "--yes").exit_code in {0, 1}
    kept.run("settle", "--all", "--accepted")
    assert sorted(api.identifiers()) == sorted(set(api.identifiers()))
    after = identifiers(kept)
    assert set(first) <= set(after)
    assert set(after) <= set(api.identifiers())
    missing = set(api.identifiers()) - set(after)
    # What went in the second before the kill may lack one: no more than were not yet flushed.
    assert len(missing) <= 64 + 50 + 8


def test_they_are_found_with_either_ledger(kept: MailingFolder, api: Api) -> None:
    kept.write(row(1), row(2))
    assert kept.run("send", "--base-url", api.base_url, "--yes").exit_code == 0
    assert sorted(identifiers(kept)) == ["test-1001", "test-1002"]
    letter = sent_letter(Mailing.load(kept.path), row=3)
    assert letter.copy.about.identifier == "test-1002"
    assert letter.accepted
    with pikepdf.open(BytesIO(letter.pdf)) as document:
        assert len(document.pages) == 1

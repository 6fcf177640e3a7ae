"""Purging takes what is personal and leaves what keeps letters from going out twice."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from ledger.builders import API, attempt, entry, facts, leave, outcome, states

from batchsend.ledger import Ledger, LedgerJournal, Purged

SECRET = "Kari Nordmann, Storgata 1"
LATER = datetime.now(UTC) + timedelta(days=1)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def snapshot(ledger: Ledger, name: str) -> Path:
    ledger.snapshots.mkdir(exist_ok=True)
    path = ledger.snapshots / name
    path.mkdir()
    (path / "000000.parquet").write_text(SECRET)
    return path


@pytest.fixture
def used(ledger: Ledger) -> Ledger:
    """A ledger after a run in which the API quoted what it was sent."""
    run = ledger.begin_run(facts(snapshot=snapshot(ledger, "old")))

    async def story() -> None:
        with LedgerJournal(ledger, run) as journal:
            await leave(journal, "a")
            await journal.attempted(attempt("a", message=SECRET))
            await journal.finished(outcome("a", "unknown", SECRET))
            await journal.invalid(entry("b"), SECRET)

    asyncio.run(story())
    ledger.finish_run(run, "complete")
    ledger.settle(API, {"a": "accepted"}, because=SECRET)
    ledger.note_deliveries(API, {"a": f"Delivered to {SECRET}"})
    return ledger


def on_disk(ledger: Ledger) -> bytes:
    """All that is left in files, and in the tables."""
    files = ledger.snapshots.parent.rglob("*")
    tables = (ledger.standing(API), ledger.attempts(API))
    return (
        b"".join(file.read_bytes() for file in files if file.is_file())
        + "".join(str(row) for table in tables for row in table.rows()).encode()
    )


def test_the_texts_are_gone_from_the_disk_and_the_outcomes_are_not(used: Ledger) -> None:
    before = states(used)
    assert SECRET.encode() in on_disk(used)
    assert used.purge(LATER) == Purged(letters=2, attempts=1, snapshots=1)
    assert SECRET.encode() not in on_disk(used)
    assert states(used) == before == {"a": "accepted", "b": "invalid"}
    assert used.standing(API)["content"].to_list() == ["content-1"] * 2
    assert used.attempts(API)["message"].to_list() == [""]
    assert len(used.runs()) == 1


def test_what_is_younger_stays(used: Ledger) -> None:
    assert used.purge(LONG_AGO) == Purged(0, 0, 0)
    assert SECRET.encode() in on_disk(used)


def test_purging_twice_finds_nothing_more(used: Ledger) -> None:
    used.purge(LATER)
    assert used.purge(LATER) == Purged(0, 0, 0)


def test_only_the_ledgers_own_snapshots_are_deleted(ledger: Ledger, tmp_path: Path) -> None:
    precious = tmp_path / "precious.parquet"
    precious.write_text("the list itself")
    ledger.snapshots.mkdir()
    for path in (precious, ledger.snapshots / ".." / "precious.parquet", Path(), Path("..")):
        ledger.finish_run(ledger.begin_run(facts(snapshot=path)), "complete")
    assert ledger.purge(LATER).snapshots == 0
    assert precious.exists()


def test_a_snapshot_whose_run_never_began_goes_too(ledger: Ledger) -> None:
    left = snapshot(ledger, "left half-way")
    notes = snapshot(ledger, "somebody's notes")
    (notes / "notes.txt").write_text("not batchsend's")
    assert ledger.purge(LONG_AGO).snapshots == 0
    assert ledger.purge(LATER).snapshots == 1
    assert not left.exists()
    assert notes.exists()


def test_a_snapshot_in_use_since_stays(ledger: Ledger) -> None:
    shared = snapshot(ledger, "shared")
    ledger.finish_run(ledger.begin_run(facts(snapshot=shared)), "stopped")
    second = ledger.finish_run(ledger.begin_run(facts(snapshot=shared)), "complete")
    assert ledger.purge(second.started).snapshots == 0
    assert ledger.purge(LATER).snapshots == 1

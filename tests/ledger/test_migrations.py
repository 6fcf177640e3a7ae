"""A ledger of an earlier version is brought up to date once, whole, and while nobody sends."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest
from ledger.builders import beside, facts, states
from sqlalchemy import Connection, inspect, text

from batchsend.errors import LedgerError
from batchsend.ledger import Ledger, Place, schema

VERSION_1 = Path(__file__).with_name("version-1.sql")
"""A ledger as 0.1 wrote it: two runs, the second of them killed."""


def add_a_column(connection: Connection) -> None:
    """A step such as the next version will need."""
    connection.execute(text("ALTER TABLE runs ADD COLUMN remark VARCHAR DEFAULT 'none' NOT NULL"))


def fail(connection: Connection) -> None:
    add_a_column(connection)
    raise RuntimeError("half-way")


def next_versions(monkeypatch: pytest.MonkeyPatch, steps: Mapping[int, schema.Step]) -> None:
    """Be the batchsend of some later day."""
    monkeypatch.setattr(schema, "STEPS", steps)
    monkeypatch.setattr(schema, "VERSION", max(steps) + 1)


def look(ledger: Ledger) -> tuple[int, bool]:
    """The version that is noted, and whether the column is there."""
    with ledger.writing() as connection:
        version = connection.scalar(text("SELECT version FROM edition"))
        columns = [column["name"] for column in inspect(connection).get_columns("runs")]
    return version, "remark" in columns


def one_run(place: Place) -> None:
    with Ledger.open(place) as ledger:
        ledger.finish_run(ledger.begin_run(facts()), "complete")


def test_what_it_knew_it_still_knows(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    one_run(place)
    taken: list[int] = []
    steps = {2: add_a_column, 3: lambda _: taken.append(3)}
    next_versions(monkeypatch, steps)
    for _ in range(2):  # the second time there is nothing left to do
        with Ledger.open(place) as ledger:
            assert look(ledger) == (4, True)
            assert [run.end for run in ledger.runs()] == ["complete"]
    assert taken == [3]


def test_a_step_that_fails_leaves_it_as_it_was(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_run(place)
    with monkeypatch.context() as later:
        next_versions(later, {2: fail})
        with pytest.raises(RuntimeError, match="half-way"):
            Ledger.open(place)
    with Ledger.open(place) as ledger:
        assert look(ledger) == (2, False)
        ledger.finish_run(ledger.begin_run(facts()), "complete")


def test_it_waits_until_nobody_is_sending(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    with Ledger.open(place) as sending:
        run = sending.begin_run(facts())
        with monkeypatch.context() as later:
            next_versions(later, {2: add_a_column})
            with pytest.raises(LedgerError, match="somebody is sending with it now"):
                Ledger.open(place)
        assert look(sending) == (2, False)
        sending.finish_run(run, "complete")
    next_versions(monkeypatch, {2: add_a_column})
    with Ledger.open(place) as ledger:
        assert look(ledger) == (3, True)


def test_an_earlier_batchsend_then_refuses_it(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as later:
        one_run(place)
        next_versions(later, {2: add_a_column})
        Ledger.open(place).close()
    with pytest.raises(LedgerError, match="newer batchsend"):
        Ledger.open(place)


def test_a_ledger_of_the_first_version_keeps_what_it_knew(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.executescript(VERSION_1.read_text(encoding="utf-8"))
    with Ledger.open(path) as ledger:
        assert states(ledger) == {
            "a": "accepted", "b": "rejected", "c": "failed", "d": "unknown", "e": "sending",
        }  # fmt: skip
        assert ledger.begin_run(facts()).left_over == 1
        assert [run.number for run in ledger.runs()] == [1, 2, 3]


def test_a_ledger_of_the_first_version_is_given_an_identity(place: Place, tmp_path: Path) -> None:
    one_run(place)
    shutil.rmtree(tmp_path / "ledger.snapshots")  # where that version kept nothing but lists
    with beside(place) as database:
        for column in ("identity", "moved_to", "unfinished"):
            database.execute(f"ALTER TABLE edition DROP COLUMN {column}")
        database.execute("UPDATE edition SET version = 1")
    identities = []
    for _ in range(2):
        with Ledger.open(place) as ledger:
            identities.append(ledger.identity)
            assert [run.end for run in ledger.runs()] == ["complete"]
    assert len(identities[0]) == 32
    assert identities[0] == identities[1]


def test_no_two_ledgers_have_one_identity(place: Place, tmp_path: Path) -> None:
    with Ledger.open(place) as one, Ledger.open(tmp_path / "other.sqlite") as two:
        assert one.identity != two.identity

"""A ledger of an earlier version is brought up to date once, whole, and while nobody sends."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from ledger.story import facts
from sqlalchemy import Connection, inspect, text

from batchsend.errors import LedgerError
from batchsend.ledger import Ledger, Place, creation, migrations


def add_a_column(connection: Connection) -> None:
    """A step such as the next version will need."""
    connection.execute(text("ALTER TABLE runs ADD COLUMN remark VARCHAR DEFAULT 'none' NOT NULL"))


def fail(connection: Connection) -> None:
    add_a_column(connection)
    raise RuntimeError("half-way")


def next_versions(monkeypatch: pytest.MonkeyPatch, steps: Mapping[int, migrations.Step]) -> None:
    """Be the batchsend of some later day."""
    monkeypatch.setattr(migrations, "STEPS", steps)
    monkeypatch.setattr(creation, "VERSION", max(steps) + 1)


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
    steps = {1: add_a_column, 2: lambda _: taken.append(2)}
    next_versions(monkeypatch, steps)
    for _ in range(2):  # the second time there is nothing left to do
        with Ledger.open(place) as ledger:
            assert look(ledger) == (3, True)
            assert [run.end for run in ledger.runs()] == ["complete"]
    assert taken == [2]


def test_a_step_that_fails_leaves_it_as_it_was(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_run(place)
    with monkeypatch.context() as later:
        next_versions(later, {1: fail})
        with pytest.raises(RuntimeError, match="half-way"):
            Ledger.open(place)
    with Ledger.open(place) as ledger:
        assert look(ledger) == (1, False)
        ledger.finish_run(ledger.begin_run(facts()), "complete")


def test_it_waits_until_nobody_is_sending(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    with Ledger.open(place) as sending:
        run = sending.begin_run(facts())
        with monkeypatch.context() as later:
            next_versions(later, {1: add_a_column})
            with pytest.raises(LedgerError, match="somebody is sending with it now"):
                Ledger.open(place)
        assert look(sending) == (1, False)
        sending.finish_run(run, "complete")
    next_versions(monkeypatch, {1: add_a_column})
    with Ledger.open(place) as ledger:
        assert look(ledger) == (2, True)


def test_an_earlier_batchsend_then_refuses_it(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as later:
        one_run(place)
        next_versions(later, {1: add_a_column})
        Ledger.open(place).close()
    with pytest.raises(LedgerError, match="newer batchsend"):
        Ledger.open(place)

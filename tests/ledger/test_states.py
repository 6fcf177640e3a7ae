"""The transition table holds in the database, whoever writes to it."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from batchsend.ledger import Ledger, Run
from batchsend.ledger.states import REHEARSAL, STATES, TRANSITIONS, LetterState

WAYS: dict[LetterState, list[LetterState]] = {
    "pending": ["sending", "unknown", "pending"],
    "sending": ["sending"],
    "accepted": ["sending", "accepted"],
    "rejected": ["sending", "rejected"],
    "failed": ["sending", "failed"],
    "unknown": ["sending", "unknown"],
    "invalid": ["invalid"],
}
"""How a letter comes into each state."""


@pytest.fixture
def database(ledger: Ledger, run: Run, path: Path) -> Iterator[sqlite3.Connection]:
    """The ledger's file without the ledger, as any other program would have it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def begin(
    database: sqlite3.Connection, state: str, identifier: str = "a", destination: str = "api"
) -> None:
    database.execute(
        "INSERT INTO letters (destination, identifier, state, content, run, row, channel)"
        " VALUES (?, ?, ?, 'c', 1, 2, 'PRINT')",
        (destination, identifier, state),
    )


def go_on(database: sqlite3.Connection, state: str) -> None:
    database.execute("UPDATE letters SET state = ?", (state,))


def put(database: sqlite3.Connection, state: LetterState) -> None:
    first, *rest = WAYS[state]
    begin(database, first)
    for following in rest:
        go_on(database, following)


@pytest.mark.parametrize(("before", "after"), list(itertools.product(STATES, STATES)))
def test_only_the_transitions_of_the_table_are_possible(
    database: sqlite3.Connection, before: LetterState, after: LetterState
) -> None:
    put(database, before)
    if after in TRANSITIONS[before]:
        go_on(database, after)
    else:
        with pytest.raises(sqlite3.IntegrityError, match="cannot follow"):
            go_on(database, after)


@pytest.mark.parametrize("state", STATES)
def test_a_letter_begins_by_leaving_or_by_being_invalid(
    database: sqlite3.Connection, state: LetterState
) -> None:
    if state in {"sending", "invalid"}:
        begin(database, state)
    else:
        with pytest.raises(sqlite3.IntegrityError, match="no letter begins"):
            begin(database, state)


def test_no_letter_is_there_twice(database: sqlite3.Connection) -> None:
    begin(database, "sending")
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        begin(database, "sending")


def test_a_letter_has_an_identifier(database: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="has_identifier"):
        begin(database, "sending", identifier="")


def test_there_are_no_other_states(database: sqlite3.Connection) -> None:
    begin(database, "sending")
    with pytest.raises(sqlite3.IntegrityError):
        go_on(database, "delivered")


def test_no_letter_is_forgotten(database: sqlite3.Connection) -> None:
    begin(database, "sending")
    with pytest.raises(sqlite3.IntegrityError, match="never forgets"):
        database.execute("DELETE FROM letters")


def test_a_rehearsed_letter_may_be_forgotten(database: sqlite3.Connection) -> None:
    begin(database, "sending", destination=REHEARSAL)
    database.execute("DELETE FROM letters")
    assert database.execute("SELECT count(*) FROM letters").fetchone() == (0,)


def test_what_was_accepted_stays_accepted() -> None:
    assert not TRANSITIONS["accepted"]
    assert "sending" not in TRANSITIONS["sending"]

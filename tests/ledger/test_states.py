"""The transition table holds in the database, whoever writes to it."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from ledger.builders import beside

from batchsend.ledger import Ledger, Place, Run
from batchsend.ledger.states import REHEARSAL, STATES, TRANSITIONS
from batchsend.outcome import LetterState

REFUSED = (sqlite3.IntegrityError, psycopg.IntegrityError)

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
def database(ledger: Ledger, run: Run, place: Place) -> Iterator[Any]:
    with beside(place) as connection:
        yield connection


def begin(database: Any, state: str, identifier: str = "a", destination: str = "api") -> None:
    database.execute(
        "INSERT INTO letters (destination, identifier, state, content, run, row, channel)"
        f" VALUES ('{destination}', '{identifier}', '{state}', 'c', 1, 2, 'PRINT')"
    )


def go_on(database: Any, state: str) -> None:
    database.execute(f"UPDATE letters SET state = '{state}'")


def put(database: Any, state: LetterState) -> None:
    first, *rest = WAYS[state]
    begin(database, first)
    for following in rest:
        go_on(database, following)


@pytest.mark.parametrize(("before", "after"), list(itertools.product(STATES, STATES)))
def test_only_the_transitions_of_the_table_are_possible(
    database: Any, before: LetterState, after: LetterState
) -> None:
    put(database, before)
    if after in TRANSITIONS[before]:
        go_on(database, after)
    else:
        with pytest.raises(REFUSED, match="cannot follow"):
            go_on(database, after)


@pytest.mark.parametrize("state", STATES)
def test_a_letter_begins_by_leaving_or_by_being_invalid(database: Any, state: LetterState) -> None:
    if state in {"sending", "invalid"}:
        begin(database, state)
    else:
        with pytest.raises(REFUSED, match="no letter begins"):
            begin(database, state)


def test_no_letter_is_there_twice(database: Any) -> None:
    begin(database, "sending")
    with pytest.raises(REFUSED, match=r"(?i)unique"):
        begin(database, "sending")


def test_a_letter_has_an_identifier(database: Any) -> None:
    with pytest.raises(REFUSED, match="has_identifier"):
        begin(database, "sending", identifier="")


def test_there_are_no_other_states(database: Any) -> None:
    begin(database, "sending")
    with pytest.raises(REFUSED):
        go_on(database, "delivered")


def test_no_letter_is_forgotten(database: Any) -> None:
    begin(database, "sending")
    with pytest.raises(REFUSED, match="never forgets"):
        database.execute("DELETE FROM letters")


def test_a_rehearsed_letter_may_be_forgotten(database: Any) -> None:
    begin(database, "sending", destination=REHEARSAL)
    database.execute("DELETE FROM letters")
    assert database.execute("SELECT count(*) FROM letters").fetchone() == (0,)


def test_what_was_accepted_stays_accepted() -> None:
    assert not TRANSITIONS["accepted"]
    assert "sending" not in TRANSITIONS["sending"]

"""Letters under an earlier spelling of their destination come under today's, and none is lost."""

from __future__ import annotations

from itertools import product

import pytest
from ledger.builders import facts
from sqlalchemy import insert

from batchsend.errors import LedgerError
from batchsend.ledger import Ledger, LetterState
from batchsend.ledger.schema import letters
from batchsend.ledger.states import STATES

NEW, OLD = "http://127.0.0.1:8400", "http://localhost:8400/%2e"


def spelled(stored: str) -> str:
    return {OLD: NEW}.get(stored, stored)


def has(ledger: Ledger, destination: str, **states: LetterState) -> None:
    """Have a run that left letters at a destination in these states."""
    run = ledger.finish_run(ledger.begin_run(facts(destination=destination)), "complete")
    with ledger.writing() as connection:
        # The rule that no letter begins in any state is not what is tried here.
        sqlite = connection.dialect.name == "sqlite"
        connection.exec_driver_sql(
            "DROP TRIGGER IF EXISTS letters_begin"
            if sqlite
            else "ALTER TABLE letters DISABLE TRIGGER ALL"
        )
        for identifier, state in states.items():
            connection.execute(
                insert(letters).values(
                    destination=destination, identifier=identifier, state=state, content=state,
                    run=run.number, row=2, channel="PRINT",
                )
            )  # fmt: skip


def standing(ledger: Ledger, destination: str) -> dict[str, str]:
    found = ledger.outline(destination).select("identifier", "state")
    return {identifier: str(state) for identifier, state in found.iter_rows()}


def test_what_lay_under_the_old_spelling_lies_under_the_new(ledger: Ledger) -> None:
    has(ledger, OLD, a="accepted", b="failed")
    has(ledger, "https://api.example.com", a="unknown")
    ledger.respell(spelled)
    assert standing(ledger, NEW) == {"a": "accepted", "b": "failed"}
    assert standing(ledger, "https://api.example.com") == {"a": "unknown"}
    assert [run.facts.destination for run in ledger.runs()] == [NEW, "https://api.example.com"]


def test_of_two_entries_the_one_that_knows_most_counts(ledger: Ledger) -> None:
    pairs = {f"{old} {new}": (old, new) for old, new in product(STATES, STATES)}
    has(ledger, OLD, **{name: old for name, (old, _) in pairs.items()})
    has(ledger, NEW, **{name: new for name, (_, new) in pairs.items()})
    for _ in range(2):  # the second time there is nothing left to do
        ledger.respell(spelled)
        found = standing(ledger, NEW)
        assert set(found) == set(pairs)
        for name, both in pairs.items():
            rank = ("pending", "invalid", "failed", "rejected", "unknown", "accepted")
            certain = [state.replace("sending", "unknown") for state in both]
            best = max(certain, key=rank.index)
            assert found[name].replace("sending", "unknown") == best, name
    assert len(standing(ledger, OLD)) == len(pairs)  # nothing is forgotten


def test_not_while_somebody_sends(ledger: Ledger) -> None:
    has(ledger, OLD, a="accepted")
    with Ledger.open(ledger.place) as sending:
        run = sending.begin_run(facts())
        with pytest.raises(LedgerError, match="in use by another run"):
            ledger.respell(spelled)
        sending.finish_run(run, "complete")
    ledger.respell(spelled)
    assert standing(ledger, NEW) == {"a": "accepted"}

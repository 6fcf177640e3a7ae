"""What is unknown is settled by whoever knows, all or nothing, and for the record."""

from __future__ import annotations

import asyncio

import pytest
from ledger.builders import API, facts, leave, on_disk, pass_through, states
from ledger.conftest import Tell

from batchsend.errors import LedgerError
from batchsend.ledger import Ledger, LedgerJournal, LetterState, Place, Run


@pytest.fixture
def settled(ledger: Ledger, run: Run, tell: Tell) -> Ledger:
    """A ledger with letters in all states, and its run over."""

    async def story(journal: LedgerJournal) -> None:
        for name in ("doubt-1", "doubt-2", "doubt-3"):
            await pass_through(journal, name, "unknown")
        await pass_through(journal, "refused", "rejected")
        await pass_through(journal, "done", "accepted")
        await leave(journal, "dying")

    tell(story)
    ledger.finish_run(run, "stopped")
    return ledger


def test_each_is_settled_as_decided(settled: Ledger) -> None:
    decisions: dict[str, LetterState] = {
        "doubt-1": "accepted",
        "doubt-2": "failed",
        "doubt-3": "pending",
        "refused": "pending",
    }
    assert settled.settle(API, decisions, because="The provider was asked.") == 4
    found = states(settled)
    assert {name: found[name] for name in decisions} == decisions
    assert found["done"] == "accepted"
    reasons = dict(settled.standing(API).select("identifier", "reason").iter_rows())
    assert reasons["doubt-1"] == "The provider was asked."


def test_a_letter_left_behind_by_a_dead_run_can_be_settled(settled: Ledger) -> None:
    assert states(settled)["dying"] == "sending"
    settled.settle(API, {"dying": "accepted"}, because="")
    assert states(settled)["dying"] == "accepted"


@pytest.mark.parametrize(
    ("identifier", "decision", "said"),
    [
        ("done", "pending", "done: is accepted, and cannot become pending"),
        ("refused", "accepted", "refused: is rejected, and cannot become accepted"),
        ("doubt-2", "rejected", "doubt-2: is unknown, and cannot become rejected"),
        ("nobody", "accepted", "nobody: not in the ledger"),
    ],
)
def test_what_cannot_be_settled_stops_all(
    settled: Ledger, identifier: str, decision: LetterState, said: str
) -> None:
    before = states(settled)
    with pytest.raises(LedgerError, match=said):
        settled.settle(API, {"doubt-1": "accepted", identifier: decision}, because="")
    assert states(settled) == before


def test_many_that_cannot_be_settled_are_counted(settled: Ledger) -> None:
    nobody: dict[str, LetterState] = {f"nobody-{number}": "accepted" for number in range(12)}
    with pytest.raises(LedgerError, match="; and 7 more"):
        settled.settle(API, nobody, because="")


def test_a_settlement_is_for_one_destination(settled: Ledger) -> None:
    with pytest.raises(LedgerError, match="not in the ledger"):
        settled.settle("sandbox", {"doubt-1": "accepted"}, because="")


def test_decisions_are_on_record(settled: Ledger, place: Place) -> None:
    settled.settle(API, {"doubt-1": "accepted"}, because="The customer has it.")
    assert on_disk(
        place, "SELECT destination, identifier, was, became, reason FROM settlements"
    ) == [(API, "doubt-1", "unknown", "accepted", "The customer has it.")]


def test_a_letter_settled_as_pending_can_leave_again(settled: Ledger) -> None:
    settled.settle(API, {"doubt-3": "pending"}, because="")
    run = settled.begin_run(facts())

    async def again() -> None:
        with LedgerJournal(settled, run) as journal:
            await pass_through(journal, "doubt-3", found="pending")

    asyncio.run(again())
    assert states(settled)["doubt-3"] == "accepted"


def test_deliveries_are_noted_beside_the_state(settled: Ledger) -> None:
    settled.note_deliveries(API, {"done": "printed", "nobody": "lost"})
    settled.note_deliveries(API, {})
    found = settled.standing(API).filter(identifier="done")
    assert found.select("state", "delivery").rows() == [("accepted", "printed")]
    assert "nobody" not in states(settled)


def test_nobody_sends_while_it_is_being_found_out(settled: Ledger, place: Place) -> None:
    with settled.settling() as settle, Ledger.open(place) as other:
        assert states(settled)["dying"] == "unknown"
        with pytest.raises(LedgerError, match="in use by another run"):
            other.begin_run(facts())
        assert settle(API, {"dying": "accepted"}, because="") == 1
        assert settle(API, {"doubt-1": "failed"}, because="") == 1
    assert states(settled)["dying"] == "accepted"
    settled.finish_run(settled.begin_run(facts()), "complete")


def test_a_running_sender_keeps_those_away_who_would_settle(settled: Ledger, place: Place) -> None:
    settled.begin_run(facts())
    with (
        Ledger.open(place) as other,
        pytest.raises(LedgerError, match="in use by another run"),
        other.settling(),
    ):
        pass

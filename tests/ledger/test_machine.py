"""The ledger against a model of it: any story, told in any order, with crashes in between."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from ledger.builders import API, attempt, entry, facts, leave, outcome
from postgres import PostgresServer
from thoroughness import examples

from batchsend.errors import LedgerError
from batchsend.ledger import Ledger, LedgerJournal, LetterState, Place, Server
from batchsend.ledger.states import SETTLEMENTS, STATES, TRANSITIONS
from batchsend.outcome import AlreadyTakenError

names = st.sampled_from(["a", "b", "c"])
contents = st.sampled_from(["one", "two"])
places = st.sampled_from([API, "sandbox"])
outcomes = st.sampled_from(["accepted", "rejected", "failed", "unknown"])
decisions = st.sampled_from(sorted(SETTLEMENTS))


class LedgerMachine(RuleBasedStateMachine):
    """`self.model` is what the ledger must say: (destination, identifier) -> [state, content,
    requests, run]."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.where = self.a_place()
        self.loop = asyncio.Runner()
        self.model: dict[tuple[str, str], list[Any]] = {}
        self.place = API
        self.ledger = Ledger.open(self.where)
        self.begin()

    def a_place(self) -> Place:
        return self.folder / "ledger.sqlite"

    def teardown(self) -> None:
        self.die()
        self.loop.close()
        shutil.rmtree(self.folder)

    def begin(self) -> None:
        doubtful = [letter for letter in self.model.values() if letter[0] == "sending"]
        self.run = self.ledger.begin_run(facts(destination=self.place))
        assert self.run.left_over == len(doubtful)
        for letter in doubtful:
            letter[0] = "unknown"
        self.journal = LedgerJournal(self.ledger, self.run).__enter__()
        self.requests = 0

    def die(self) -> None:
        """End as a process does that is killed: nothing is finished."""
        self.journal.__exit__(None, None, None)
        self.ledger.close()

    def state(self, name: str) -> LetterState:
        return self.model.get((self.place, name), ["pending"])[0]

    def found(self, name: str) -> LetterState | None:
        return self.state(name) if (self.place, name) in self.model else None

    def enter(self, name: str, state: LetterState, content: str) -> None:
        letter = self.model.setdefault((self.place, name), [state, content, 0, 0])
        letter[:2] = [state, content]
        letter[3] = self.run.number

    @rule(name=names, content=contents)
    def leaves(self, name: str, content: str) -> None:
        allowed = "sending" in TRANSITIONS[self.state(name)]
        found = self.found(name)
        if allowed:
            self.loop.run(leave(self.journal, name, content, found))
            self.enter(name, "sending", content)
        else:
            with pytest.raises(LedgerError):
                self.loop.run(leave(self.journal, name, content, found))

    @rule(name=names, content=contents, found=st.sampled_from([None, *STATES]))
    def leaves_too_late(self, name: str, content: str, found: LetterState | None) -> None:
        if found != self.found(name):
            with pytest.raises(AlreadyTakenError):
                self.loop.run(leave(self.journal, name, content, found))

    @rule(name=names, state=outcomes)
    def ends(self, name: str, state: Any) -> None:
        ours = self.model.get((self.place, name), [None])[-1] == self.run.number
        if ours and state in TRANSITIONS[self.state(name)]:
            self.loop.run(self.journal.finished(outcome(name, state)))
            self.model[self.place, name][0] = state
            self.model[self.place, name][2] += 1
        else:
            with pytest.raises(LedgerError):
                self.loop.run(self.journal.finished(outcome(name, state)))

    @rule(name=names)
    def attempts(self, name: str) -> None:
        self.requests += 1
        self.loop.run(self.journal.attempted(attempt(name, self.requests)))

    @rule(name=names, content=contents)
    def is_invalid(self, name: str, content: str) -> None:
        if "invalid" in TRANSITIONS[self.state(name)]:
            self.loop.run(self.journal.invalid(entry(name, content, self.found(name)), "too wide"))
            self.loop.run(leave_out_of_step(self.journal))
            self.enter(name, "invalid", content)

    @rule(place=places)
    def is_killed_and_begins_again(self, place: str) -> None:
        self.die()
        self.place = place
        self.ledger = Ledger.open(self.where)
        self.begin()

    @rule(place=places, name=names, decision=decisions)
    def is_settled_between_runs(self, place: str, name: str, decision: LetterState) -> None:
        self.journal.__exit__(None, None, None)
        self.ledger.finish_run(self.run, "complete")
        self.place = place
        was = "unknown" if self.state(name) == "sending" else self.state(name)
        known = (place, name) in self.model
        if known and decision in TRANSITIONS[was]:
            self.ledger.settle(place, {name: decision}, because="")
            for letter in self.model.values():
                if letter[0] == "sending":
                    letter[0] = "unknown"
            self.model[place, name][0] = decision
        else:
            with pytest.raises(LedgerError):
                self.ledger.settle(place, {name: decision}, because="")
        self.begin()

    @invariant()
    def the_ledger_says_what_the_model_says(self) -> None:
        for place in (API, "sandbox"):
            found = self.ledger.standing(place).select("identifier", "state", "content", "attempts")
            assert {name: list(rest) for name, *rest in found.iter_rows()} == {
                name: letter[:3] for (where, name), letter in self.model.items() if where == place
            }


async def leave_out_of_step(journal: LedgerJournal) -> None:
    """Wait until what nobody waits for is written: a refused note comes after it."""
    with pytest.raises(LedgerError):
        await journal.finished(outcome("never left"))


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_ledger_is_as_its_model(kind: str, request: pytest.FixtureRequest) -> None:
    machine: type[RuleBasedStateMachine] = LedgerMachine
    number = 15
    if kind == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres")
        machine, number = on_a_server(server), 5
    run_state_machine_as_test(
        machine,
        settings=settings(max_examples=examples(number), stateful_step_count=30, deadline=None),
    )


def on_a_server(server: PostgresServer) -> type[RuleBasedStateMachine]:
    class ServerMachine(LedgerMachine):
        def a_place(self) -> Place:
            return Server.at(server.new_place(), self.folder)

    return ServerMachine

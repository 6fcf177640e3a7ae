"""Every way one request can go, and what the journal then says of the letter.

The sandbox's own record is compared with the journal: accepted letters were taken, failed and
rejected ones were not, and where we cannot know we say so.
"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from waiting import PATIENCE, until

from batchsend.errors import SendingError
from batchsend.sandbox import Fault

# fault: state when repeats are not refused, requests made, and whether the sandbox has the letter
FATES = {
    Fault.OK: ("accepted", 1, True),
    Fault.BUSY: ("accepted", 2, True),
    Fault.UNAVAILABLE: ("accepted", 2, True),
    Fault.ERROR: ("unknown", 1, False),
    Fault.ERROR_AFTER: ("unknown", 1, True),
    Fault.REDIRECT: ("failed", 1, False),
    Fault.SLOW: ("accepted", 1, True),
    Fault.DROP_BEFORE: ("unknown", 1, False),
    Fault.DROP_AFTER: ("unknown", 1, True),
    Fault.SILENCE: ("unknown", 1, True),
    Fault.SILENCE_BEFORE: ("unknown", 1, False),
    Fault.GARBAGE: ("accepted", 1, True),
    Fault.NOT_HTTP: ("unknown", 1, True),
    Fault.CUT_OFF: ("accepted", 1, True),
    Fault.DRIP: ("accepted", 1, True),
    Fault.HUGE: ("accepted", 1, True),
    Fault.OTHER_ID: ("accepted", 1, True),
    Fault.ESCAPES: ("rejected", 1, False),
}
STOPPING = {Fault.UNAUTHORISED, Fault.FORBIDDEN}
SILENT = {Fault.SILENCE, Fault.SILENCE_BEFORE}
"""Faults that only our own patience ends."""
IN_DOUBT = {fault for fault, (state, _, _) in FATES.items() if state == "unknown"}


def test_every_fault_has_its_fate() -> None:
    assert set(FATES) | STOPPING == set(Fault)


def patience(fault: Fault) -> float:
    """Seconds to wait for an answer: few only where there is none to come."""
    return 0.5 if fault in SILENT else PATIENCE


@pytest.mark.parametrize(("fault", "fate"), FATES.items())
def test_one_letter(api: Any, run: Any, fault: Fault, fate: tuple[str, int, bool]) -> None:
    state, requests, taken = fate
    api.misbehave(letters={"x": [fault]}, script=[fault], retry_after="0", delay=0.05)
    asyncio.run(run.submit(api.address, ["x"], timeout=patience(fault)))
    assert run.notebook.only.state == state
    assert (run.notebook.only.reason == "") == (state == "accepted")
    assert run.notebook.only.attempts == len(run.notebook.attempts) == requests
    # A sandbox that was busy may read what we have given up.
    until(lambda: api.taken == (["x"] if taken else []), "the letter in the record")


@pytest.mark.parametrize("fault", sorted(SILENT))
def test_an_answer_that_is_late_is_called_late(api: Any, run: Any, fault: Fault) -> None:
    api.misbehave(letters={"x": [fault]}, script=[fault])
    asyncio.run(run.submit(api.address, ["x"], timeout=0.3))
    assert run.notebook.only.reason == "No answer came in time."


@pytest.mark.parametrize("fault", sorted(IN_DOUBT))
def test_where_repeats_are_refused_a_doubt_is_cleared(api: Any, run: Any, fault: Fault) -> None:
    before_the_body = fault is Fault.DROP_BEFORE
    script = {"script": [fault]} if before_the_body else {"letters": {"x": [fault]}}
    api.misbehave(**script, refuse_repeats=True)
    settings = {"timeout": patience(fault), "attempts": 50, "repeats_are_refused": True}
    asyncio.run(run.submit(api.address, ["x"], **settings))
    assert run.notebook.only.state == "accepted"
    # Whoever has little patience may find the answer to the second request late, too.
    assert run.notebook.only.attempts == 2 or fault in SILENT
    assert api.taken == ["x"], "once"


@pytest.mark.parametrize("fault", sorted(STOPPING))
def test_being_refused_ourselves_stops_the_run(api: Any, run: Any, fault: Fault) -> None:
    api.misbehave(rates={fault: 1})
    with pytest.raises(SendingError, match=rf"answered {fault.value} .*every letter"):
        asyncio.run(run.submit(api.address, [f"l{n}" for n in range(50)]))
    assert set(run.notebook.states.values()) == {"failed"}
    assert len(api.requests) == 1, "one letter is enough to find out"
    assert api.taken == []


def test_a_doubt_is_not_ended_by_a_later_refusal(api: Any, run: Any) -> None:
    script = [Fault.DROP_AFTER, Fault.ESCAPES]
    api.misbehave(letters={"x": script})
    asyncio.run(run.submit(api.address, ["x"], repeats_are_refused=True))
    assert run.notebook.only.state == "unknown"
    assert api.taken == ["x"]


def test_a_known_identifier_counts_as_sent_and_says_so(api: Any, run: Any, tools: Any) -> None:
    asyncio.run(run.submit(api.address, ["x"]))
    api.misbehave(refuse_repeats=True)
    again = asyncio.run(tools.Run().submit(api.address, ["x"]))
    assert again.only.state == "accepted"
    assert again.only.http_status == 409
    assert "409" in again.only.reason


def test_attempts_are_bounded_for_a_letter(api: Any, run: Any) -> None:
    api.misbehave(rates={Fault.UNAVAILABLE: 1}, retry_after="0")
    asyncio.run(run.submit(api.address, ["x"], attempts=3))
    assert run.notebook.only.state == "failed"
    assert [attempt.number for attempt in run.notebook.attempts] == [1, 2, 3]
    assert {attempt.http_status for attempt in run.notebook.attempts} == {503}


def test_many_letters_through_many_faults_add_up(api: Any, run: Any) -> None:
    faults = [fault for fault in FATES if fault not in {Fault.OTHER_ID, Fault.HUGE, Fault.REDIRECT}]
    rates = {fault: 0.012 for fault in faults if fault is not Fault.OK}
    api.misbehave(rates=rates, seed=11, retry_after="0", delay=0.02)
    letters = [f"l{number}" for number in range(400)]
    asyncio.run(run.submit(api.address, letters, timeout=0.4))
    states, taken = run.notebook.states, api.taken
    assert sorted(states) == sorted(letters)
    assert len(set(taken)) == len(taken), "never twice"
    assert {name for name, state in states.items() if state == "accepted"} <= set(taken)
    assert not {name for name, state in states.items() if state in {"rejected", "failed"}} & set(
        taken
    )
    assert "unknown" in states.values()
    assert run.notebook.most_at_once <= 8


def test_nothing_is_sent_twice_even_with_repeats_when_they_are_refused(api: Any, run: Any) -> None:
    rates = {Fault.DROP_AFTER: 0.05, Fault.ERROR_AFTER: 0.05, Fault.BUSY: 0.03, Fault.ERROR: 0.03}
    api.misbehave(rates=rates, seed=4, retry_after="0", refuse_repeats=True)
    letters = [f"l{number}" for number in range(200)]
    asyncio.run(run.submit(api.address, letters, repeats_are_refused=True))
    assert set(run.notebook.states.values()) == {"accepted"}
    assert sorted(api.taken) == sorted(letters)

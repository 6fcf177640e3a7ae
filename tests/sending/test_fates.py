"""Every way one request can go, and what the journal then says of the letter.

The sandbox's own record is compared with the journal: accepted letters were taken, failed and
rejected ones were not, and where we cannot know we say so.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from waiting import PATIENCE, until

from batchsend.errors import SendingError
from batchsend.sandbox import Fault

LETTERS = [f"l{number}" for number in range(30)]

# fault: state when repeats are not refused, requests made, and whether the sandbox has the letter
FATES = {
    Fault.OK: ("accepted", 1, True),
    Fault.BUSY: ("accepted", 2, True),
    Fault.UNAVAILABLE: ("accepted", 2, True),
    Fault.ERROR: ("unknown", 1, False),
    Fault.ERROR_AFTER: ("unknown", 1, True),
    Fault.REDIRECT: ("unknown", 1, False),
    Fault.NOT_FOUND: ("unknown", 1, False),
    Fault.CONFLICT: ("unknown", 1, False),
    Fault.PAGE: ("unknown", 1, False),
    Fault.INTERIM: ("accepted", 1, True),
    Fault.SLOW: ("accepted", 1, True),
    Fault.DROP_BEFORE: ("unknown", 1, False),
    Fault.DROP_AFTER: ("unknown", 1, True),
    Fault.SILENCE: ("unknown", 1, True),
    Fault.SILENCE_BEFORE: ("unknown", 1, False),
    Fault.GARBAGE: ("unknown", 1, True),
    Fault.NOT_HTTP: ("unknown", 1, True),
    Fault.CUT_OFF: ("unknown", 1, True),
    Fault.DRIP: ("accepted", 1, True),
    Fault.HUGE: ("unknown", 1, True),
    Fault.OTHER_ID: ("unknown", 1, True),
    Fault.REFUSED: ("rejected", 1, False),
    Fault.ESCAPES: ("rejected", 1, False),
}
STOPPING = {Fault.UNAUTHORISED, Fault.FORBIDDEN}
STRANGE = {Fault.REDIRECT, Fault.NOT_FOUND, Fault.PAGE, Fault.GARBAGE, Fault.OTHER_ID}
"""What need not be the API's answer."""
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
    before = Fault.DROP_BEFORE  # whose letter that is cannot be known
    script = [Fault.OK, fault] if fault is before else []
    api.misbehave(letters={"x": [fault]}, script=script, retry_after="0", delay=0.05)
    asyncio.run(run.submit(api.address, ["first", "x"], timeout=patience(fault)))
    outcome = run.notebook.outcomes["x"]
    assert outcome.state == state
    assert (outcome.reason == "") == (state == "accepted")
    assert outcome.attempts == len(run.notebook.attempts) - 1 == requests
    # A sandbox that was busy may read what we have given up.
    told = ["first", "x"] if taken else ["first"]
    until(lambda: api.taken == told, "the letter in the record")


@pytest.mark.parametrize("fault", sorted(SILENT))
def test_an_answer_that_is_late_is_called_late(api: Any, run: Any, fault: Fault) -> None:
    api.misbehave(letters={"x": [fault]}, script=[fault])
    asyncio.run(run.submit(api.address, ["x"], timeout=0.3))
    assert run.notebook.only.reason == "No answer came in time."


@pytest.mark.parametrize("fault", sorted(IN_DOUBT))
def test_where_repeats_are_refused_a_doubt_is_cleared(api: Any, run: Any, fault: Fault) -> None:
    before_the_body = fault is Fault.DROP_BEFORE
    script = {"script": [Fault.OK, fault]} if before_the_body else {"letters": {"x": [fault]}}
    api.misbehave(**script, refuse_repeats=True)
    settings = {"timeout": patience(fault), "attempts": 50, "repeats_are_refused": True}
    asyncio.run(run.submit(api.address, ["first", "x"], **settings))
    assert run.notebook.outcomes["x"].state == "accepted"
    # Whoever has little patience may find the answer to the second request late, too.
    assert run.notebook.outcomes["x"].attempts == 2 or fault in SILENT
    assert api.taken == ["first", "x"], "once"


@pytest.mark.parametrize("fault", sorted(STRANGE))
@pytest.mark.parametrize("repeats_are_refused", [False, True])
def test_what_is_not_the_apis_answer_leaves_one_letter_in_doubt(
    api: Any, run: Any, fault: Fault, repeats_are_refused: bool
) -> None:
    api.misbehave(rates={fault: 1})
    with pytest.raises(SendingError) as caught:
        asyncio.run(run.submit(api.address, LETTERS, repeats_are_refused=repeats_are_refused))
    assert run.notebook.states == {"l0": "unknown"}
    assert len(api.requests) == 1
    assert "base_url" in str(caught.value.hint)
    assert run.notebook.only.reason in caught.value.message


@pytest.mark.parametrize("fault", sorted(STRANGE))
def test_in_mid_run_a_row_of_them_stops_it(api: Any, run: Any, fault: Fault) -> None:
    """One may be an accident on the way; three in a row are not."""
    api.misbehave(script=[Fault.OK, fault, fault, Fault.OK, *[fault] * 40])
    with pytest.raises(SendingError):
        asyncio.run(run.submit(api.address, LETTERS, concurrency=1))
    assert list(run.notebook.states.values()) == [
        *("accepted", "unknown", "unknown", "accepted", "unknown", "unknown", "unknown")
    ]


@pytest.mark.parametrize("fault", [Fault.ERROR, Fault.DROP_AFTER, Fault.CONFLICT, Fault.CUT_OFF])
def test_an_api_in_trouble_from_the_first_leaves_three_in_doubt(
    api: Any, run: Any, fault: Fault
) -> None:
    api.misbehave(rates={fault: 1})
    with pytest.raises(SendingError, match="3 letters in a row ended unknown"):
        asyncio.run(run.submit(api.address, LETTERS, stop_after=5))
    assert list(run.notebook.states.values()) == ["unknown"] * 3


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


@pytest.mark.parametrize("in_doubt", [False, True])
@pytest.mark.parametrize("repeats_are_refused", [False, True])
def test_a_409_ends_a_doubt_only_where_repeats_are_refused(
    api: Any, run: Any, tools: Any, repeats_are_refused: bool, in_doubt: bool
) -> None:
    """Of a letter that never left before it says only what it says."""

    async def letters() -> Any:
        yield tools.letter("first")
        yield replace(tools.letter("x"), in_doubt=in_doubt)

    api.misbehave(letters={"x": [Fault.CONFLICT] * 9})
    settings = {"repeats_are_refused": repeats_are_refused, "attempts": 2}
    asyncio.run(run.submit(api.address, letters(), **settings))
    outcome = run.notebook.outcomes["x"]
    known = in_doubt and repeats_are_refused
    assert outcome.state == ("accepted" if known else "unknown")
    assert outcome.http_status == 409
    assert outcome.attempts == (2 if repeats_are_refused and not in_doubt else 1)
    assert ("Nothing was stored; try again." in outcome.reason) == (not known)


def test_attempts_are_bounded_for_a_letter(api: Any, run: Any) -> None:
    api.misbehave(rates={Fault.UNAVAILABLE: 1}, retry_after="0")
    asyncio.run(run.submit(api.address, ["x"], attempts=3))
    assert run.notebook.only.state == "failed"
    assert [attempt.number for attempt in run.notebook.attempts] == [1, 2, 3]
    assert {attempt.http_status for attempt in run.notebook.attempts} == {503}


def test_many_letters_through_many_faults_add_up(api: Any, run: Any) -> None:
    faults = [fault for fault in FATES if fault not in STRANGE | {Fault.HUGE}]
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


@pytest.mark.slow
def test_nothing_is_sent_twice_even_with_repeats_when_they_are_refused(api: Any, run: Any) -> None:
    rates = {Fault.DROP_AFTER: 0.05, Fault.ERROR_AFTER: 0.05, Fault.BUSY: 0.03, Fault.ERROR: 0.03}
    api.misbehave(rates=rates, seed=4, retry_after="0", refuse_repeats=True)
    letters = [f"l{number}" for number in range(200)]
    asyncio.run(run.submit(api.address, letters, repeats_are_refused=True))
    assert set(run.notebook.states.values()) == {"accepted"}
    assert sorted(api.taken) == sorted(letters)

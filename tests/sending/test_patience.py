"""Waiting when the API asks for it or takes nothing, and giving up in time with the reason."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from ports import kept_port
from waiting import until_then

from batchsend.errors import SendingError
from batchsend.sandbox import Fault, running_sandbox
from batchsend.sending import policy
from batchsend.sending.backoff import Conditions
from batchsend.sending.responses import AnswerKind, Verdict


def times(api: Any) -> list[float]:
    return [request["monotonic"] for request in api.requests]


def test_retry_after_is_honoured_by_all_letters(api: Any, run: Any) -> None:
    api.misbehave(script=[Fault.OK] * 5 + [Fault.BUSY], retry_after="1")
    asyncio.run(run.submit(api.address, [f"l{n}" for n in range(12)], concurrency=1))
    assert set(run.notebook.states.values()) == {"accepted"}
    at = times(api)
    assert at[6] - at[5] >= 0.99
    assert any("Pausing for 1 second" in notice for notice in run.notebook.notices)


def test_retry_after_is_capped(api: Any, run: Any) -> None:
    api.misbehave(script=[Fault.UNAVAILABLE], retry_after="86400")
    asyncio.run(run.submit(api.address, ["x"], max_retry_after=0.2))
    assert run.notebook.only.state == "accepted"


def test_when_it_asks_for_more_than_we_wait_the_run_ends_at_once(api: Any, run: Any) -> None:
    api.misbehave(rates={Fault.UNAVAILABLE: 1}, retry_after="200")
    with pytest.raises(SendingError, match="asks us to wait 3 minutes 20 seconds") as caught:
        asyncio.run(run.submit(api.address, [f"l{n}" for n in range(30)], max_wait=60))
    assert caught.value.hint
    assert set(run.notebook.states.values()) == {"failed"}
    assert len(api.requests) == 1


def test_a_429_slows_the_run_down_but_loses_nothing(api: Any, run: Any) -> None:
    api.misbehave(script=[Fault.OK] * 10 + [Fault.BUSY] * 3, retry_after="0")
    letters = [f"l{n}" for n in range(60)]
    asyncio.run(run.submit(api.address, letters, rate=100))
    assert set(run.notebook.states.values()) == {"accepted"}
    assert sorted(api.taken) == sorted(letters)


def test_an_api_that_takes_nothing_is_given_up(api: Any, run: Any) -> None:
    api.misbehave(rates={Fault.UNAVAILABLE: 1}, retry_after="")
    with pytest.raises(SendingError, match="takes no letters, and has taken none for"):
        asyncio.run(run.submit(api.address, [f"l{n}" for n in range(30)], max_wait=1, attempts=50))
    assert set(run.notebook.states.values()) == {"failed"}


def test_a_restart_in_mid_run_is_waited_for(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    letters = [f"l{n}" for n in range(40)]
    fates: list[AnswerKind] = []
    after = Conditions.after

    def noting(conditions: Conditions, verdict: Verdict) -> SendingError | None:
        fates.append(verdict.kind)
        return after(conditions, verdict)

    monkeypatch.setattr(Conditions, "after", noting)

    async def main() -> None:
        half = asyncio.Event()

        async def count(_outcome: Any) -> None:
            if len(run.notebook.outcomes) == 20:
                half.set()

        run.notebook.on_ended = count
        with kept_port() as port:
            with running_sandbox(port=port) as address:
                sending = asyncio.create_task(run.submit(address, letters, rate=100))
                await half.wait()
            await until_then(lambda: AnswerKind.UNREACHED in fates, "a letter that found nobody")
            assert not sending.done(), "it waits"
            with running_sandbox(port=port):
                await sending

    asyncio.run(main())
    states = run.notebook.states
    assert sorted(states) == sorted(letters)
    # What was under way when the API died may be in doubt, and nothing else.
    assert list(states.values()).count("unknown") <= 8
    assert set(states.values()) <= {"accepted", "unknown"}


@pytest.mark.parametrize(
    ("fault", "state", "hint"),
    [
        (Fault.ESCAPES, "rejected", "Correct what the API objects to, then send again"),
        (Fault.ERROR, "unknown", "Ask the provider what that means, then send again"),
    ],
)
def test_a_run_of_the_same_bad_ends_stops(
    api: Any, run: Any, fault: Fault, state: str, hint: str
) -> None:
    api.misbehave(script=[Fault.OK], rates={fault: 1})
    with pytest.raises(SendingError, match=f"5 letters in a row ended {state}") as caught:
        asyncio.run(run.submit(api.address, [f"l{n}" for n in range(200)], stop_after=5))
    assert caught.value.hint is not None
    assert caught.value.hint.startswith(hint)
    first, *others = run.notebook.states.values()
    assert first == "accepted"
    # Who still waited for a turn when the run stopped has not left.
    assert {state} <= set(others) <= {state, "failed"}
    assert 5 <= len(others) <= 5 + 8


def test_doubts_of_different_kinds_are_a_row_too(api: Any, run: Any) -> None:
    faults = [Fault.ERROR, Fault.DROP_AFTER, Fault.CUT_OFF] * 3
    api.misbehave(script=[Fault.OK, *faults])
    with pytest.raises(SendingError, match="5 letters in a row ended unknown"):
        asyncio.run(
            run.submit(api.address, [f"l{n}" for n in range(9)], stop_after=5, concurrency=1)
        )
    assert list(run.notebook.states.values()) == ["accepted", *["unknown"] * 5]


def test_a_wait_of_a_day_is_told_as_a_day(api: Any, run: Any) -> None:
    api.misbehave(rates={Fault.BUSY: 1}, retry_after="86400")
    with pytest.raises(SendingError, match="The API asks us to wait a day"):
        asyncio.run(run.submit(api.address, ["x"], max_wait=4))
    assert len(api.requests) == 1


def test_a_pause_that_is_capped_says_what_the_api_asked_for(api: Any, run: Any) -> None:
    api.misbehave(script=[Fault.BUSY], retry_after="86400")
    asyncio.run(run.submit(api.address, ["x"], max_retry_after=1))
    assert any("It asks for a day." in notice for notice in run.notebook.notices)


def test_different_rejections_are_the_lists_affair(run: Any, tools: Any) -> None:
    async def picky(reader: Any, writer: Any) -> None:
        while True:
            request = await tools.read_request(reader)
            message = {"Message": f"Wrong: field {request.identifier[-1]}"}
            writer.write(tools.reply("400 Bad Request", message))

    async def main() -> None:
        async with tools.served(picky) as address:
            await run.submit(address, [f"l{n}" for n in range(30)], stop_after=5, concurrency=1)

    asyncio.run(main())
    assert set(run.notebook.states.values()) == {"rejected"}
    assert len(run.notebook.outcomes) == 30


def test_one_rejection_that_only_names_the_letter_is_the_same(run: Any, tools: Any) -> None:
    async def picky(reader: Any, writer: Any) -> None:
        while True:
            request = await tools.read_request(reader)
            message = {"Message": f"{request.identifier}: unknown subscription"}
            writer.write(tools.reply("400 Bad Request", message))

    async def main() -> None:
        async with tools.served(picky) as address:
            await run.submit(address, [f"l{n}" for n in range(30)], stop_after=5, concurrency=1)

    with pytest.raises(SendingError, match="unknown subscription"):
        asyncio.run(main())
    assert len(run.notebook.outcomes) == 5


def test_a_runs_retries_are_bounded(api: Any, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy, "RETRIES_AT_LEAST", 2)
    api.misbehave(letters={f"l{n}": [Fault.UNAVAILABLE] for n in range(5)}, retry_after="0")
    asyncio.run(run.submit(api.address, [f"l{n}" for n in range(5)], retry_share=0, concurrency=1))
    assert sorted(run.notebook.states.values()) == ["accepted"] * 2 + ["failed"] * 3

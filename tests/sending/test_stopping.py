"""Stopping: drained at the first word, at once at the second, and true whatever breaks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from waiting import PATIENCE, until_then

from batchsend.errors import LedgerError, RenderingError
from batchsend.sandbox import Fault

LETTERS = [f"l{number}" for number in range(200)]


def stopping_after(run: Any, number: int) -> None:
    async def count(_outcome: Any) -> None:
        if len(run.notebook.outcomes) == number:
            run.stop.set()

    run.notebook.on_ended = count


def test_stop_takes_no_more_and_finishes_what_is_under_way(api: Any, run: Any) -> None:
    stopping_after(run, 20)
    asyncio.run(run.submit(api.address, LETTERS))
    assert 20 <= len(run.notebook.outcomes) <= 20 + 8
    assert sorted(run.notebook.outcomes) == sorted(run.notebook.left)
    assert sorted(api.taken) == sorted(run.notebook.outcomes)


def test_a_stop_before_the_start_sends_nothing(api: Any, run: Any) -> None:
    async def main() -> None:
        run.stop.set()
        await run.submit(api.address, LETTERS)

    asyncio.run(main())
    assert run.notebook.left == []
    assert api.requests == []


def test_a_stop_is_heard_during_a_pause(api: Any, run: Any) -> None:
    api.misbehave(rates={Fault.UNAVAILABLE: 1}, retry_after="3000")

    async def main() -> None:
        sending = asyncio.create_task(
            run.submit(api.address, LETTERS, max_wait=9000, max_retry_after=3000)
        )
        await until_then(lambda: run.notebook.attempts, "a refusal")
        run.stop.set()
        await asyncio.wait_for(sending, PATIENCE)

    asyncio.run(main())
    assert set(run.notebook.states.values()) == {"failed"}


def test_a_stop_is_heard_while_the_renderer_is_slow(api: Any, run: Any, tools: Any) -> None:
    closed = False

    async def slow() -> AsyncIterator[Any]:
        nonlocal closed
        try:
            yield tools.letter("first")
            await asyncio.sleep(3000)
            yield tools.letter("second")
        finally:
            closed = True

    stopping_after(run, 1)

    async def main() -> None:
        await asyncio.wait_for(run.submit(api.address, slow()), PATIENCE)

    asyncio.run(main())
    assert run.notebook.states == {"first": "accepted"}
    assert closed


def test_cancelling_ends_at_once_and_leaves_those_under_way_open(api: Any, run: Any) -> None:
    api.misbehave(letters={f"l{n}": [Fault.SILENCE] for n in range(5, 200)})

    async def main() -> None:
        sending = asyncio.create_task(run.submit(api.address, LETTERS, timeout=3000))
        await until_then(lambda: len(run.notebook.left) >= 10, "letters without an answer")
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(sending, PATIENCE)

    asyncio.run(main())
    open_ones = set(run.notebook.left) - set(run.notebook.outcomes)
    assert 1 <= len(open_ones) <= 8
    assert set(api.taken) <= set(run.notebook.left), "nothing left unannounced"


@pytest.mark.parametrize("moment", ["on_leaving", "on_ended"])
def test_a_journal_that_cannot_write_stops_the_run(api: Any, run: Any, moment: str) -> None:
    calls = 0

    async def full(_what: Any) -> None:
        nonlocal calls
        calls += 1
        if calls > 10:
            raise LedgerError("The disk is full.")

    setattr(run.notebook, moment, full)
    with pytest.raises(LedgerError, match="The disk is full"):
        asyncio.run(run.submit(api.address, LETTERS))
    assert set(api.taken) <= set(run.notebook.left), "nothing leaves that is not written down"
    assert len(api.taken) <= 10 + 8


def test_a_renderer_that_fails_stops_the_run_in_order(api: Any, run: Any, tools: Any) -> None:
    async def failing() -> AsyncIterator[Any]:
        for number in range(10):
            yield tools.letter(f"l{number}")
        raise RenderingError("The workers are gone.")

    with pytest.raises(RenderingError, match="workers are gone"):
        asyncio.run(run.submit(api.address, failing()))
    assert set(run.notebook.states.values()) == {"accepted"}
    assert sorted(api.taken) == sorted(run.notebook.left)
    assert len(run.notebook.left) >= 1


def most_at_once(run: Any, tools: Any, waits_for: int, **settings: Any) -> int:
    """Most letters under way with an API that answers once so many are; the first goes alone."""
    came: list[str] = []
    enough = asyncio.Event()

    async def slow(reader: Any, writer: Any) -> None:
        while True:
            request = await tools.read_request(reader)
            came.append(request.identifier)
            if len(came) > waits_for:
                enough.set()
            if len(came) > 1:
                await enough.wait()
            writer.write(tools.accepted(request))

    async def main() -> None:
        async with tools.served(slow) as address:
            await asyncio.wait_for(run.submit(address, LETTERS[:60], **settings), PATIENCE)

    asyncio.run(main())
    assert set(run.notebook.states.values()) == {"accepted"}
    return int(run.notebook.most_at_once)


def test_no_more_are_under_way_than_may_be(run: Any, tools: Any) -> None:
    assert most_at_once(run, tools, 3, concurrency=3) == 3


def test_a_slow_api_has_as_many_under_way_as_may_be(run: Any, tools: Any) -> None:
    assert most_at_once(run, tools, 40, rate=50, concurrency=40) == 40


def test_no_request_leaves_once_the_letter_may_be_another_runs(api: Any, run: Any) -> None:
    async def before_write(identifier: str) -> None:
        if identifier == LETTERS[5]:
            raise LedgerError("This run was away for so long that another has its letters.")

    run.notebook.on_departing = before_write
    with pytest.raises(LedgerError, match="away for so long"):
        asyncio.run(run.submit(api.address, LETTERS[:30], rate=20, concurrency=1))
    assert sorted(api.taken) == LETTERS[:5]
    assert run.notebook.states[LETTERS[5]] == "failed"


def test_the_first_letter_goes_alone(api: Any, run: Any) -> None:
    under_way: list[int] = []

    async def queued(_identifier: str) -> None:
        under_way.append(len(run.notebook.left) - len(run.notebook.outcomes))

    run.notebook.on_leaving = queued
    asyncio.run(run.submit(api.address, LETTERS[:30]))
    assert under_way[1] == 0

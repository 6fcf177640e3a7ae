"""An answer that nobody asked for belongs to no letter."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiohttp.client_proto import ResponseHandler
from waiting import until_then


@pytest.mark.parametrize("late", [False, True])
def test_an_answer_too_many_is_not_taken_for_the_next_letters(
    run: Any, tools: Any, late: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy that answers twice: the second 202 must not hide that the next letter was refused."""

    heard: list[bytes] = []
    hear = ResponseHandler.data_received

    def noting(protocol: ResponseHandler, data: bytes) -> None:
        heard.append(data)
        hear(protocol, data)

    monkeypatch.setattr(ResponseHandler, "data_received", noting)

    async def talk(reader: Any, writer: Any) -> None:
        request = await tools.read_request(reader)
        first = request.identifier == "a"
        writer.write(tools.accepted(request) if first else tools.reply("400 Bad Request"))
        if first:
            if late:
                await until_then(lambda: run.notebook.outcomes, "the first letter's fate")
            writer.write(tools.accepted(request))
        while True:
            await tools.read_request(reader)
            writer.write(tools.reply("400 Bad Request"))

    async def main() -> None:
        async with tools.served(talk) as address:

            async def letters() -> Any:
                yield tools.letter("a")
                await until_then(lambda: b"".join(heard).count(b"202") == 2, "both answers")
                yield tools.letter("b")

            await run.submit(address, letters())

    asyncio.run(main())
    assert run.notebook.states == {"a": "accepted", "b": "rejected"}


@pytest.mark.parametrize("first", ["503 Service Unavailable", "429 Too Many Requests", "400 No"])
def test_a_refusal_with_another_answer_behind_it_is_doubt(run: Any, tools: Any, first: str) -> None:
    """One of the two was for somebody else; the second says that this letter was taken."""

    async def talk(reader: Any, writer: Any) -> None:
        while True:
            request = await tools.read_request(reader)
            writer.write(tools.reply(first) + tools.accepted(request))

    async def main() -> None:
        async with tools.served(talk) as address:
            await run.submit(address, ["a"])

    asyncio.run(main())
    assert run.notebook.states == {"a": "unknown"}
    assert run.notebook.only.reason == "Two answers came to one request."

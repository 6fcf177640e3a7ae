"""An answer that nobody asked for belongs to no letter."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest


@pytest.mark.parametrize("late", [0.0, 0.15])
def test_an_answer_too_many_is_not_taken_for_the_next_letters(
    run: Any, tools: Any, late: float
) -> None:
    """A proxy that answers twice: the second 202 must not hide that the next letter was refused."""

    async def talk(reader: Any, writer: Any) -> None:
        request = await tools.read_request(reader)
        first = request.identifier == "a"
        writer.write(tools.accepted(request) if first else tools.reply("400 Bad Request"))
        if first:
            await asyncio.sleep(late)
            writer.write(tools.accepted(request))
        await writer.drain()
        while True:
            await tools.read_request(reader)
            writer.write(tools.reply("400 Bad Request"))

    async def main() -> None:
        async with tools.served(talk) as address:

            async def letters() -> Any:
                yield tools.letter("a")
                await asyncio.sleep(0.4)
                yield tools.letter("b")

            await run.submit(address, letters(), timeout=2)

    asyncio.run(main())
    assert run.notebook.states == {"a": "accepted", "b": "rejected"}

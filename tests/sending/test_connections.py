"""What is certain and what is in doubt when connections fail: against servers that really do.

httpx-aiohttp calls a connection lost before the answer `ConnectTimeout`; taken at its word that
letter would be sent again.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import Any

import httpx
import pytest
from httpx_aiohttp import AiohttpTransport
from waiting import PATIENCE

from batchsend.errors import SendingError


def reset(writer: asyncio.StreamWriter) -> None:
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def test_the_transport_calls_a_lost_answer_a_connect_timeout(tools: Any) -> None:
    """Why exceptions are not asked for the fate of a letter. If this fails, look again."""

    async def lost(reader: Any, writer: Any) -> None:
        await tools.read_request(reader)
        writer.transport.abort()

    async def main() -> None:
        async with (
            tools.served(lost) as address,
            httpx.AsyncClient(transport=AiohttpTransport()) as client,
        ):
            with pytest.raises(httpx.ConnectTimeout):
                await client.post(address, content=b"a letter")

    asyncio.run(main())


def test_nobody_listens(run: Any, nobody: str) -> None:
    with pytest.raises(SendingError, match=r"out of reach .*No connection") as caught:
        asyncio.run(run.submit(nobody, ["x", "y"], max_wait=0.3))
    assert caught.value.hint
    assert run.notebook.only.state == "failed"
    assert run.notebook.only.attempts == 0
    assert run.notebook.attempts == [], "no request left"


def test_a_name_that_is_not_there(run: Any) -> None:
    address = "https://api.invalid"
    with pytest.raises(SendingError, match="out of reach"):
        asyncio.run(run.submit(address, ["x"], max_wait=0.2))
    assert run.notebook.only.state == "failed"


def test_a_server_that_takes_no_connections(run: Any) -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        port = listening.getsockname()[1]
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:  # until its queue is full, and further ones are not answered
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
        try:
            with pytest.raises(SendingError, match="No connection in time"):
                asyncio.run(
                    run.submit(f"http://127.0.0.1:{port}", ["x"], connect_timeout=0.2, max_wait=0.3)
                )
        finally:
            for filler in fillers:
                filler.close()
    assert run.notebook.only.state == "failed"


LOSSES = {
    "closed before reading": "before",
    "reset before reading": "reset before",
    "closed after reading": "after",
    "reset after reading": "reset after",
    "closed in the headers": "headers",
    "closed in the body of a 500": "body of 500",
}


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES.keys())
def test_a_connection_lost_once_the_letter_may_have_left_is_in_doubt(
    run: Any, tools: Any, loss: str
) -> None:
    heard = 0

    async def losing(reader: Any, writer: Any) -> None:
        nonlocal heard
        if "before" not in loss:
            await tools.read_request(reader)
        heard += 1
        if loss == "headers":
            writer.write(b"HTTP/1.1 202 Acc")
            await writer.drain()
        if loss == "body of 500":
            writer.write(b"HTTP/1.1 500 Oh\r\nContent-Length: 99\r\n\r\n{")
            await writer.drain()
        if "reset" in loss:
            reset(writer)
        else:
            writer.close()

    async def main() -> None:
        async with tools.served(losing) as address:
            await run.submit(address, ["x"])

    asyncio.run(main())
    assert run.notebook.only.state == "unknown"
    assert run.notebook.only.attempts == 1
    assert heard == 1, "nobody retries behind our back"


def test_a_202_counts_whatever_becomes_of_its_body(run: Any, tools: Any) -> None:
    async def cut_off(reader: Any, writer: Any) -> None:
        await tools.read_request(reader)
        writer.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: 99\r\n\r\n{")
        await writer.drain()
        writer.close()

    async def main() -> None:
        async with tools.served(cut_off) as address:
            await run.submit(address, ["x"])

    asyncio.run(main())
    assert run.notebook.only.state == "accepted"
    assert run.notebook.only.request_id == ""


def test_a_connection_that_closed_while_idle_is_not_used(run: Any, tools: Any) -> None:
    served_by: list[int] = []
    connections = 0

    closed = asyncio.Event()

    async def one_each(reader: Any, writer: Any) -> None:
        nonlocal connections
        connections += 1
        mine = connections
        request = await tools.read_request(reader)
        served_by.append(mine)
        writer.write(tools.accepted(request))
        writer.write_eof()  # it ends, without having said so
        assert await reader.read() == b"", "and the other side has heard of it"
        closed.set()

    async def spaced() -> Any:
        for name in ("a", "b", "c"):
            closed.clear()
            yield tools.letter(name)
            await asyncio.wait_for(closed.wait(), PATIENCE)

    async def main() -> None:
        async with tools.served(one_each) as address:
            await run.submit(address, spaced())

    asyncio.run(main())
    assert set(run.notebook.states.values()) == {"accepted"}
    assert served_by == [1, 2, 3]


def test_one_that_closes_as_the_next_letter_leaves_puts_that_letter_in_doubt(
    run: Any, tools: Any
) -> None:
    async def closing_on_the_second(reader: Any, writer: Any) -> None:
        request = await tools.read_request(reader)
        writer.write(tools.accepted(request))
        await reader.readexactly(1)  # the second letter has begun to leave
        reset(writer)

    async def main() -> None:
        async with tools.served(closing_on_the_second) as address:
            await run.submit(address, ["a", "b"], concurrency=1)

    asyncio.run(main())
    assert run.notebook.states == {"a": "accepted", "b": "unknown"}


def test_one_found_closed_before_a_byte_was_written_is_certain(
    run: Any, tools: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server closes between our taking the connection and our writing on it."""
    from batchsend.sending.pace import Pacer  # noqa: PLC0415 - only this test bends it

    server_side: list[asyncio.StreamWriter] = []
    bodies: list[str] = []
    closed = asyncio.Event()
    departures = 0
    depart = Pacer.depart

    async def closing_meanwhile(pacer: Pacer) -> bool:
        nonlocal departures
        departures += 1
        if departures == 2:
            server_side[0].write_eof()
            await asyncio.wait_for(closed.wait(), PATIENCE)
        return await depart(pacer)

    async def keeping(reader: Any, writer: Any) -> None:
        server_side.append(writer)
        try:
            while True:
                request = await tools.read_request(reader)
                bodies.append(request.identifier)
                writer.write(tools.accepted(request))
        finally:
            closed.set()  # by the other side, too

    async def main() -> None:
        async with tools.served(keeping) as address:
            await run.submit(address, ["a", "b"], concurrency=1)

    monkeypatch.setattr(Pacer, "depart", closing_meanwhile)
    asyncio.run(main())
    assert run.notebook.states == {"a": "accepted", "b": "accepted"}
    assert bodies == ["a", "b"]


@pytest.mark.filterwarnings("ignore:Sending a large body:ResourceWarning")  # aiohttp's advice
def test_a_server_that_never_reads_is_given_up(run: Any, tools: Any) -> None:
    async def deaf(_reader: Any, _writer: Any) -> None:
        await asyncio.Event().wait()

    async def large() -> Any:
        whole = tools.letter("x")
        yield type(whole)("x", whole.body + b" " * 30_000_000)

    async def main() -> None:
        async with tools.served(deaf, limit=1024) as address:
            await run.submit(address, large(), timeout=0.3)

    asyncio.run(main())
    assert run.notebook.only.state == "unknown"


def test_an_answer_in_another_code_page_is_in_doubt_and_no_crash(run: Any, tools: Any) -> None:
    async def latin(reader: Any, writer: Any) -> None:
        await tools.read_request(reader)
        writer.write("HTTP/1.1 202 Godkänt\r\nContent-Length: 0\r\n\r\n".encode("latin-1"))
        await writer.drain()

    async def main() -> None:
        async with tools.served(latin) as address:
            await run.submit(address, ["x"])

    asyncio.run(main())
    assert run.notebook.only.state in {"accepted", "unknown"}


def test_connections_are_kept_for_the_next_letter(run: Any, tools: Any) -> None:
    connections = 0

    async def keeping(reader: Any, writer: Any) -> None:
        nonlocal connections
        connections += 1
        while True:
            writer.write(tools.accepted(await tools.read_request(reader)))

    async def main() -> None:
        async with tools.served(keeping) as address:
            await run.submit(address, [f"l{n}" for n in range(60)], concurrency=3)

    asyncio.run(main())
    assert set(run.notebook.states.values()) == {"accepted"}
    assert 1 <= connections <= 3

"""Acting out the faults: what happens to an answer on its way, and answers that refuse.

Knows nothing of letters.
"""

from __future__ import annotations

import asyncio

from batchsend.sandbox.asgi import Connections, Receive, Reply, Scope, Send
from batchsend.sandbox.faults import Fault

REFUSALS = {
    Fault.BUSY: (429, "Too many letters at once."),
    Fault.UNAVAILABLE: (503, "Not available just now."),
    Fault.ERROR: (500, "Something went wrong."),
    Fault.UNAUTHORISED: (401, "We do not know you."),
    Fault.FORBIDDEN: (403, "You may not do this."),
    Fault.REDIRECT: (307, "Try elsewhere."),
    Fault.NOT_FOUND: (404, "There is nothing here."),
    Fault.CONFLICT: (409, "The account is being changed. Nothing was stored; try again."),
    Fault.REFUSED: (400, "The recipient is not reached by this channel."),
    Fault.ESCAPES: (400, "\x1b[2J\x1b]0;owned\x07City\r\n\x00 is \x1b[31mwrong\x1b[0m\u202e"),
    Fault.SILENCE_BEFORE: (0, ""),
}


PAGE = "<!DOCTYPE html><html><title>Log in</title><body>Log in to use this network</body></html>"

SEEN_AS = {
    Fault.ERROR_AFTER: 500,
    Fault.DROP_AFTER: 0,
    Fault.SILENCE: 0,
    Fault.NOT_HTTP: 0,
}
"""The status the client sees, where the fault changes it; 0 is none."""


def refusal(fault: Fault, retry_after: str) -> Reply | None:
    """The answer of a fault that does not take the letter."""
    if fault is Fault.PAGE:
        return Reply(200, ((b"content-type", b"text/html; charset=utf-8"),), PAGE.encode())
    if fault not in REFUSALS:
        return None
    status, message = REFUSALS[fault]
    reply = Reply.json(status, {"Message": message})
    extra: tuple[tuple[bytes, bytes], ...] = ()
    if fault in {Fault.BUSY, Fault.UNAVAILABLE} and retry_after:
        extra = ((b"retry-after", retry_after.encode("latin-1")),)
    elif fault is Fault.REDIRECT:
        extra = ((b"location", b"http://127.0.0.1:9/elsewhere"),)
    return Reply(reply.status, (*reply.headers, *extra), reply.body)


async def answer(  # noqa: PLR0913, PLR0917 - what ASGI hands over, and the fault
    reply: Reply,
    fault: Fault,
    delay: float,
    connections: Connections,
    scope: Scope,
    receive: Receive,
    send: Send,
) -> None:
    """Send `reply` as far as `fault` lets it through."""
    match fault:
        case Fault.DROP_AFTER:
            await drop(connections, scope, receive)
        case Fault.SILENCE | Fault.SILENCE_BEFORE:
            await _gone(receive)
        case Fault.NOT_HTTP:
            connections.of(scope["client"]).write(b"\x00\xffthis is no HTTP\r\n\r\n")
            await drop(connections, scope, receive)
        case Fault.INTERIM:
            for interim in (b"102 Processing\r\n", b"103 Early Hints\r\nLink: </style.css>\r\n"):
                connections.of(scope["client"]).write(b"HTTP/1.1 " + interim + b"\r\n")
            await reply.send(send)
        case Fault.CUT_OFF:
            half = reply.body[: len(reply.body) // 2]
            await _start(reply, len(reply.body), send)
            await send({"type": "http.response.body", "body": half, "more_body": True})
            await asyncio.sleep(0.05)  # a reset at once would take the first half with it
            await drop(connections, scope, receive)
        case Fault.HUGE:
            await _without_end(reply, receive, send)
        case Fault.DRIP:
            await _drip(reply, delay, send)
        case Fault.GARBAGE:
            await Reply(reply.status, reply.headers, b"{\x00<garbage").send(send)
        case Fault.ERROR_AFTER:
            await Reply.json(500, {"Message": "Something went wrong."}).send(send)
        case Fault.SLOW:
            await asyncio.sleep(delay)
            await reply.send(send)
        case _:
            await reply.send(send)


async def drop(connections: Connections, scope: Scope, receive: Receive) -> None:
    """Reset the connection."""
    connections.reset(scope["client"])
    await _gone(receive)


async def _gone(receive: Receive) -> None:
    """Until the client is: an ASGI server would answer 500 for us if we returned before."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _start(reply: Reply, length: int, send: Send) -> None:
    headers = [*reply.headers, (b"content-length", str(length).encode())]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})


async def _drip(reply: Reply, delay: float, send: Send) -> None:
    await _start(reply, len(reply.body), send)
    for byte in reply.body:
        await asyncio.sleep(delay / len(reply.body))
        await send({"type": "http.response.body", "body": bytes([byte]), "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _without_end(reply: Reply, receive: Receive, send: Send) -> None:
    """As much as the client will have, within reason."""
    await send(
        {"type": "http.response.start", "status": reply.status, "headers": list(reply.headers)}
    )
    gone = asyncio.ensure_future(_gone(receive))
    for _ in range(4096):
        if gone.done():
            break
        await send({"type": "http.response.body", "body": b"[" * 65536, "more_body": True})
        await asyncio.sleep(0)
    gone.cancel()
    if not gone.done() or gone.cancelled():
        await send({"type": "http.response.body", "body": b""})

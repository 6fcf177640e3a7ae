"""Server-sent events: a page is told what is new for as long as it is open."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

MOST_LISTENERS = 40
EVERY = 0.3
"""Seconds between two looks."""
SIGN_OF_LIFE = 50
"""Looks without news after which something is sent all the same, to find out who is gone."""

News = Callable[[], dict[str, Any] | None]
"""How things stand, to be told where it is other than before; None ends the telling."""

_listening: set[object] = set()


def events(request: Request, news: News) -> Response:
    """An answer that goes on until `news` is None or the page is gone.

    204 where too many listen: it tells a browser not to try again.
    """
    if len(_listening) >= MOST_LISTENERS:
        return Response(status_code=204)
    return StreamingResponse(_told(request, news), media_type="text/event-stream")


async def _told(request: Request, news: News) -> AsyncIterator[bytes]:
    me, last, quiet = object(), None, 0
    _listening.add(me)
    try:
        while not await request.is_disconnected():
            now = news()
            if now is None:
                yield b"event: end\ndata: {}\n\n"
                return
            quiet = 0 if now != last else quiet + 1
            if now != last:
                last = now
                yield b"data: " + orjson.dumps(now) + b"\n\n"
            elif not quiet % SIGN_OF_LIFE:
                yield b":\n\n"
            await asyncio.sleep(EVERY)
    finally:
        _listening.discard(me)

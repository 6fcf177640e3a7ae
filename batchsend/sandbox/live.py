"""Live: what is new in the letterbox, as server-sent events, for the pages that are open.

A letter costs nothing here when it arrives: each open page looks now and then whether there are
any, and gets all that are new at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import orjson

from batchsend.sandbox.replies import EVENTS, Reply

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
News = Callable[[], Awaitable[dict[str, Any] | None]]

MOST_LISTENERS = 20
EVERY = 0.5
"""Seconds between two looks."""
AFTER_NEWS = 1.0
"""The same when there were news: in a flood of letters nobody reads faster."""
SIGN_OF_LIFE = 30
"""Looks without news after which something is sent all the same, to find out who is gone."""


class Live:
    """The pages that listen."""

    def __init__(self) -> None:
        self._listeners = 0

    async def listen(self, news: News, receive: Receive, send: Send) -> None:
        """Send what `news` gives until the page is gone."""
        if self._listeners >= MOST_LISTENERS:
            # No error for a browser: 204 tells it not to try again.
            await Reply(204, (), b"").send(send)
            return
        self._listeners += 1
        gone = asyncio.ensure_future(_gone(receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": list(EVENTS)})
            await _tell(news, gone, send)
        finally:
            gone.cancel()
            self._listeners -= 1


async def _tell(news: News, gone: asyncio.Future[None], send: Send) -> None:
    quiet = 0
    while not gone.done():
        event = await news()
        quiet = 0 if event is not None else quiet + 1
        if event is not None:
            await _send(send, b"data: " + orjson.dumps(event) + b"\n\n")
        elif quiet % SIGN_OF_LIFE == 1:
            await _send(send, b":\n\n")
        await asyncio.wait({gone}, timeout=EVERY if event is None else AFTER_NEWS)


async def _send(send: Send, content: bytes) -> None:
    await send({"type": "http.response.body", "body": content, "more_body": True})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass

"""Reply: the answer to a letter as plain data, and how ASGI sends one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

import orjson

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = tuple[tuple[bytes, bytes], ...]

JSON = (b"content-type", b"application/json")


@dataclass(frozen=True, slots=True)
class Reply:
    """Status, headers, body, and whether it says that the letter was taken."""

    status: int
    headers: Headers
    body: bytes
    taken: bool = False

    @classmethod
    def json(cls, status: int, content: Any, *, taken: bool = False) -> Reply:
        """`content` as JSON."""
        return cls(status, (JSON,), orjson.dumps(content), taken)

    async def send(self, send: Send) -> None:
        """Hand it to the server."""
        length = (b"content-length", str(len(self.body)).encode())
        await send(
            {
                "type": "http.response.start",
                "status": self.status,
                "headers": [*self.headers, length],
            }
        )
        await send({"type": "http.response.body", "body": self.body})

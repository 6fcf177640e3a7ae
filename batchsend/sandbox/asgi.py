"""What the sandbox needs of ASGI: a request's body, of bounded size, and its form; and a reply."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

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


Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

LARGEST_BODY = 32 * 1024 * 1024


def fields_of(form: bytes) -> dict[str, str]:
    """The values of a form as browsers send it; none where it cannot be read."""
    try:
        return dict(parse_qsl(form.decode(), keep_blank_values=True, max_num_fields=100))
    except ValueError:
        return {}


async def body_of(receive: Receive) -> bytes | None:
    """The request's body; empty when the client went away, None when it is too large."""
    pieces: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b""
        pieces.append(message.get("body", b""))
        size += len(pieces[-1])
        if size > LARGEST_BODY:
            return None
        if not message.get("more_body"):
            return b"".join(pieces)

"""What the sandbox needs of ASGI: a request's body, of bounded size, and its form; a reply; and the
sockets behind the requests, for the faults that ASGI has no words for. Knows nothing of letters."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import orjson

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
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


class Connections:
    """The open connections by the client's address, which ASGI's scope tells."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, int], asyncio.Transport] = {}

    def opened(self, transport: asyncio.Transport) -> None:
        """A client has connected."""
        self._open[_peer(transport)] = transport

    def closed(self, transport: asyncio.Transport) -> None:
        """A connection is gone."""
        self._open.pop(_peer(transport), None)

    def of(self, client: tuple[str, int]) -> asyncio.Transport:
        """The connection of a request. KeyError where the server is not ours."""
        host, port = client
        return self._open[host, port]

    def reset(self, client: tuple[str, int]) -> None:
        """End a connection the hard way: the client sees a reset."""
        transport = self.of(client)
        sock = transport.get_extra_info("socket")
        # Lingering for 0 seconds makes closing send RST (POSIX close, Windows closesocket).
        form = "hh" if hasattr(socket, "SO_EXCLUSIVEADDRUSE") else "ii"
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(form, 1, 0))
        transport.abort()


def _peer(transport: asyncio.Transport) -> tuple[str, int]:
    host, port = transport.get_extra_info("peername")[:2]
    return host, port


def with_connections(protocol: type[Any], connections: Connections) -> type[Any]:
    """uvicorn's protocol class, made to tell of its connections."""

    class Telling(protocol):  # type: ignore[misc]  # uvicorn has one of two, known only when run
        def connection_made(self, transport: asyncio.Transport) -> None:
            connections.opened(transport)
            super().connection_made(transport)

        def connection_lost(self, exc: Exception | None) -> None:
            connections.closed(self.transport)
            super().connection_lost(exc)

    return Telling

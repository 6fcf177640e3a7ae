"""Connections: the sockets behind the requests, for the faults that ASGI has no words for.

Knows nothing of letters.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import Any


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

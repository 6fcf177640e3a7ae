"""Serving on this machine and nowhere else, until somebody asks for the end."""

from __future__ import annotations

import asyncio
import socket
import sys

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from batchsend.errors import BatchsendError
from batchsend.language import _

HOST = "127.0.0.1"


def listening(port: int = 0) -> socket.socket:
    """A socket that listens on a port, 0 for any free one. Raises BatchsendError where it is taken.

    Named in full: asyncio sends small answers at once only where the socket says it is TCP.
    """
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if sys.platform != "win32":
        # There it would let two servers share the port.
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((HOST, port))
    except OSError as error:
        found.close()
        raise BatchsendError(
            _(
                "Port {port} cannot be used: {strerror}.",
                port=port,
                strerror=error.strerror or error,
            ),
            hint=_("Another program may have it. --port 0 finds one that is free."),
        ) from error
    found.listen(1024)
    return found


def serving(
    app: ASGIApp, *, drain: int, http: type[asyncio.Protocol] = AutoHTTPProtocol
) -> uvicorn.Server:
    """A server of `app`, to be run on a socket of `listening`; `http` speaks to its connections.

    It writes no log: addresses may name people. Once it is told to end it lets open requests have
    `drain` seconds.
    """
    return uvicorn.Server(
        uvicorn.Config(
            app,
            http=http,
            ws="none",
            lifespan="on",
            log_config=None,
            log_level="critical",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=30,
            timeout_graceful_shutdown=drain,
        )
    )

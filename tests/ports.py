"""Ports of this machine that are the test's own."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def kept_port() -> Iterator[int]:
    """A port at which nobody listens, and that the system gives to nobody else meanwhile.

    A server of the test's may come, go and come back there, if it sets SO_REUSEADDR.
    """
    with socket.socket() as keeper:
        if sys.platform != "win32":  # where it would let others share the port
            keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        keeper.bind(("127.0.0.1", 0))
        port: int = keeper.getsockname()[1]
        yield port

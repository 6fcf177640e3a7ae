"""Waiting for what happens, for as long as a busy machine takes.

No test takes for granted how fast a machine is. It waits for a line, a file, a row or a request;
what must not go on meanwhile is held by something that does not end before the test says so.
"""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import Callable
from typing import TypeVar

import httpx

Found = TypeVar("Found")

NOT_KEPT_OPEN = httpx.Limits(max_keepalive_connections=0)
"""A connection for each request: on a slow machine a server may close one that has been idle for
its five seconds just as the next request is written."""
PATIENCE = 180.0
"""Seconds for anything to happen: far more than it takes anywhere, so that a test which waits in
vain ends. It judges nobody's speed."""
LOOKS = 0.02
"""Seconds between two looks."""


def until(happened: Callable[[], Found], what: str) -> Found:
    """Look again and again until there is something true to see, and return that."""
    deadline = time.monotonic() + PATIENCE
    while not (found := happened()):
        assert time.monotonic() < deadline, f"{what}: it does not happen"
        time.sleep(LOOKS)
    return found


async def until_then(happened: Callable[[], Found], what: str) -> Found:
    """The same on an event loop, which goes on."""
    deadline = time.monotonic() + PATIENCE
    while not (found := happened()):
        assert time.monotonic() < deadline, f"{what}: it does not happen"
        await asyncio.sleep(LOOKS)
    return found


def output_of(process: subprocess.Popen[str]) -> str:
    """All that a process prints until it ends."""
    try:
        output, _ = process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        output, _ = process.communicate()
        raise AssertionError(f"It does not end. It said: {output}") from None
    return output

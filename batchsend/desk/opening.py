"""open_desk: serve the desk of a folder until somebody ends it, or open the one that runs."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
import webbrowser
from collections.abc import Callable
from pathlib import Path

import uvicorn

from batchsend.desk.app import behind_door, make_app
from batchsend.desk.folder import Folder
from batchsend.desk.instance import Instance, link
from batchsend.desk.work import Work
from batchsend.web import Door, listening, serving

IDLE = 12 * 60 * 60.0
"""Seconds after which a desk ends that nobody uses, unless a run is under way or waiting."""
LOOKS = 1.0
DRAIN = 10


def open_desk(
    folder: Path,
    *,
    port: int = 0,
    browser: bool = True,
    tell: Callable[[str, bool], None],
    idle: float = IDLE,
) -> None:
    """Serve the desk of a folder until interrupted or idle; or lead to the one that runs.

    The link goes to the browser through a file of its owner's. `tell` is given the link and whether
    the desk was running already.

    Raises BatchsendError where the port is taken, or nothing private can be kept.
    """
    root = folder.resolve()
    instance = Instance.of(root)
    if not instance.begins():
        _open(instance, instance.link_to_other(), browser, lambda target: tell(target, True))
        return
    try:
        with listening(port) as sock:
            door = Door(sock.getsockname()[1])
            clock, work = _Clock(), Work()
            app = make_app(Folder(root), door, work)
            server = serving(behind_door(app, door, clock.used), drain=DRAIN)
            instance.tell(door)
            target = link(door.port, door.link_key)
            _open(instance, target, browser, lambda target: tell(target, False))
            # The signal comes back once the server has ended, and must not cut off what drains.
            with contextlib.suppress(KeyboardInterrupt):
                asyncio.run(_serve(server, sock, clock, work, idle))
            work.end()
    finally:
        instance.ends()


def _open(instance: Instance, target: str, browser: bool, tell: Callable[[str], None]) -> None:
    if browser:
        webbrowser.open(instance.doorstep(target).as_uri())
    tell(target)


class _Clock:
    """How long nobody has used the desk."""

    def __init__(self) -> None:
        self.used()

    def used(self) -> None:
        self._at = time.monotonic()

    @property
    def idle(self) -> float:
        return time.monotonic() - self._at


async def _serve(
    server: uvicorn.Server, sock: socket.socket, clock: _Clock, work: Work, idle: float
) -> None:
    ending = asyncio.create_task(_end_when_idle(server, clock, work, idle))
    try:
        await server.serve(sockets=[sock])
    finally:
        ending.cancel()


async def _end_when_idle(server: uvicorn.Server, clock: _Clock, work: Work, idle: float) -> None:
    while not server.should_exit and (clock.idle < idle or work.busy):
        await asyncio.sleep(LOOKS)
    work.stop()
    server.should_exit = True

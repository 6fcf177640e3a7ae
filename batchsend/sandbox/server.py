"""Serving the sandbox on this machine: in this process, or in one of its own that ends with us.

Binds 127.0.0.1 and nothing else.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import uvicorn
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from batchsend.errors import BatchsendError
from batchsend.sandbox.app import Sandbox
from batchsend.sandbox.asgi import Connections, with_connections
from batchsend.sandbox.faults import Faults
from batchsend.web import HOST, listening, serving

PATIENCE = 20.0
"""Seconds to wait for the process to start, or to end."""


def serve(  # noqa: PLR0913 - named, and each its own thing
    *,
    port: int = 0,
    faults: Faults | None = None,
    letters: Path | None = None,
    recall: bool = False,
    ready: Callable[[str], None],
    until_input_ends: bool = False,
) -> None:
    """Serve until interrupted. `ready` is told the base address; port 0 takes any free one.
    With `recall` the letters show that are in the folder `letters` already.

    Raises BatchsendError when the port is taken.
    """
    sock = listening(port)
    connections = Connections()
    server = serving(
        Sandbox(faults, letters=letters, recall=recall, connections=connections),
        drain=1,
        http=with_connections(AutoHTTPProtocol, connections),
    )
    if until_input_ends:
        threading.Thread(target=_end_with_input, args=(server,), daemon=True).start()
    ready(f"http://{HOST}:{sock.getsockname()[1]}")
    with sock, contextlib.suppress(KeyboardInterrupt):
        asyncio.run(server.serve(sockets=[sock]))


@contextlib.contextmanager
def running_sandbox(
    *, port: int = 0, faults: Faults | None = None, letters: Path | None = None
) -> Iterator[str]:
    """A sandbox in its own process, which ends with the block or with us, however we end.

    Gives its base address. Raises BatchsendError when it does not start.
    """
    command = [sys.executable, "-m", "batchsend.sandbox", "--until-input-ends", f"--port={port}"]
    if faults is not None:
        command.append(f"--faults={faults.model_dump_json()}")
    if letters is not None:
        command.append(f"--letters={letters}")
    # A group of its own: Ctrl-C is for the sender, whose last letters still need an answer.
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        process_group=None if sys.platform == "win32" else 0,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )
    try:
        yield _address(process)
    finally:
        _end(process)


def _end_with_input(server: uvicorn.Server) -> None:
    """Our parent holds the other end of the pipe; it closes when the parent ends, however."""
    # Not sys.stdin: a thread that waits in it makes Python abort when it shuts down otherwise.
    while os.read(0, 4096):
        pass
    server.should_exit = True


def _address(process: subprocess.Popen[bytes]) -> str:
    if process.stdout is None:
        raise BatchsendError("The sandbox has no output to be read.")
    timer = threading.Timer(PATIENCE, process.kill)
    timer.start()
    line = process.stdout.readline().decode().strip()
    timer.cancel()
    if not line.startswith("http://"):
        raise BatchsendError(
            "The sandbox did not start.", hint="Run `batchsend sandbox` to see what it says."
        )
    return line


def _end(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()

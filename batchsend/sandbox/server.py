"""The sandbox's ASGI application: `POST /send/letter`, and its mailbox beside it; served on this
machine: in this process, or in one of its own that ends with us.

Taking letters is bare ASGI: a framework's routing would cost more than taking a letter does. Binds
127.0.0.1 and nothing else.
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
from batchsend.sandbox import misbehaving
from batchsend.sandbox.asgi import (
    Connections,
    Receive,
    Reply,
    Scope,
    Send,
    body_of,
    with_connections,
)
from batchsend.sandbox.faults import Fault, Faults, FaultSchedule
from batchsend.sandbox.letterbox import Letterbox, Received, now
from batchsend.sandbox.mailbox import mailbox
from batchsend.sandbox.request_check import RefusedLetter, TakenLetter, checked
from batchsend.web import HOST, listening, serving

LONGEST_REASON = 300


class Sandbox:
    """One sandbox. `letters` is a folder to keep the letters in.

    With `recall` its mailbox shows those, too, that are there already.
    """

    def __init__(
        self,
        faults: Faults | None = None,
        *,
        letters: Path | None = None,
        recall: bool = False,
        connections: Connections | None = None,
    ) -> None:
        self.letterbox = Letterbox(letters)
        if recall:
            self.letterbox.recall()
        self.connections = connections or Connections()
        self.course = FaultSchedule(faults or Faults())
        self._mailbox = mailbox(self.letterbox, self.course)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, as ASGI servers ask."""
        is_http = scope["type"] == "http"
        if is_http and scope["path"] == "/send/letter" and scope["method"] == "POST":
            await self._letter(scope, receive, send)
        else:
            await self._mailbox(scope, receive, send)

    async def _letter(self, scope: Scope, receive: Receive, send: Send) -> None:
        number, moment = self.letterbox.next_number(), now()
        fault = self.course.next()
        if fault is Fault.DROP_BEFORE:
            self.letterbox.record(Received(number, "", *moment, fault.value, 0))
            await misbehaving.drop(self.connections, scope, receive)
            return
        body = await body_of(receive)
        if body is None:
            reason = "The request is too large."
            self.letterbox.record(Received(number, "", *moment, fault.value, 413, reason=reason))
            await Reply.json(413, {"Message": reason}).send(send)
            return
        read = checked(body)
        fault = self.course.for_letter(read.identifier, fault)
        reply, reason = self._judged(read, fault)
        if isinstance(read, TakenLetter):
            keep = self.letterbox.take if reply.taken else self.letterbox.note
            keep(number, read)
        status = misbehaving.SEEN_AS.get(fault, reply.status)
        self.letterbox.record(
            Received(number, read.identifier, *moment, fault.value, status, reply.taken, reason)
        )
        await misbehaving.answer(
            reply, fault, self.course.faults.delay, self.connections, scope, receive, send
        )

    def _judged(self, read: TakenLetter | RefusedLetter, fault: Fault) -> tuple[Reply, str]:
        """The answer, before anything happens to it on the way, and why the letter is refused."""
        faults = self.course.faults
        if refusal := misbehaving.refusal(fault, faults.retry_after):
            return refusal, ""
        if isinstance(read, RefusedLetter):
            content = {"Message": "The letter is not valid.", "errors": read.errors}
            reasons = (f"{place} {' and '.join(what)}" for place, what in read.errors.items())
            return Reply.json(400, content), "; ".join(reasons)[:LONGEST_REASON]
        if faults.refuse_repeats and self.letterbox.knows(read.identifier):
            reason = f"{read.identifier} has been sent already."
            return Reply.json(409, {"Message": reason}), reason[:LONGEST_REASON]
        named = "another-letter" if fault is Fault.OTHER_ID else read.identifier
        accepted = {"RequestId": named, "Message": f"{named} is accepted."}
        return Reply.json(202, accepted, taken=True), ""


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

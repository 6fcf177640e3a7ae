"""The sandbox's ASGI application: `POST /send/letter`, its record, its faults and its mailbox.

A bare ASGI callable: a framework's routing would cost more than taking a letter does.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from batchsend.sandbox import misbehaving
from batchsend.sandbox.checking import Refused, Taken, checked
from batchsend.sandbox.connections import Connections
from batchsend.sandbox.faults import Fault, Faults, plan
from batchsend.sandbox.letterbox import Letterbox, Received, now
from batchsend.sandbox.page import letter_page, mailbox_page
from batchsend.sandbox.replies import Reply

__all__ = ["Sandbox", "app"]

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

LARGEST_BODY = 32 * 1024 * 1024
LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})


class Sandbox:
    """One sandbox. `letters` is a folder to keep the letters in."""

    def __init__(
        self,
        faults: Faults | None = None,
        *,
        letters: Path | None = None,
        connections: Connections | None = None,
    ) -> None:
        self.letterbox = Letterbox(letters)
        self.connections = connections or Connections()
        self.faults = faults or Faults()
        self._plan: Iterator[Fault] = plan(self.faults)
        self._met: dict[str, int] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, as ASGI servers ask."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["path"] == "/send/letter" and scope["method"] == "POST":
            await self._letter(scope, receive, send)
        else:
            reply = await self._other(scope, receive)
            await reply.send(send)

    def misbehave(self, faults: Faults) -> None:
        """Do as told from now on."""
        self.faults = faults
        self._plan = plan(faults)
        self._met.clear()

    async def _letter(self, scope: Scope, receive: Receive, send: Send) -> None:
        number, moment = self.letterbox.next_number(), now()
        fault = next(self._plan)
        if fault is Fault.DROP_BEFORE:
            self._record(number, "", moment, fault, 0, taken=False)
            await misbehaving.drop(self.connections, scope, receive)
            return
        body = await _body(receive)
        if body is None:
            self._record(number, "", moment, fault, 413, taken=False)
            await Reply.json(413, {"Message": "The request is too large."}).send(send)
            return
        read = checked(body)
        if own := self.faults.letters.get(read.identifier):
            met = self._met.get(read.identifier, 0)
            self._met[read.identifier] = met + 1
            fault = own[met] if met < len(own) else Fault.OK
        reply = self._judged(read, fault)
        taken = isinstance(read, Taken) and reply.taken
        if taken and isinstance(read, Taken):
            self.letterbox.take(number, read)
        status = misbehaving.SEEN_AS.get(fault, reply.status)
        self._record(number, read.identifier, moment, fault, status, taken=taken)
        await misbehaving.answer(
            reply, fault, self.faults.delay, self.connections, scope, receive, send
        )

    def _judged(self, read: Taken | Refused, fault: Fault) -> Reply:
        """The answer, before anything happens to it on the way."""
        if refusal := misbehaving.refusal(fault, self.faults.retry_after):
            return refusal
        if isinstance(read, Refused):
            return Reply.json(400, {"Message": "The letter is not valid.", "errors": read.errors})
        if self.faults.refuse_repeats and self.letterbox.knows(read.identifier):
            return Reply.json(409, {"Message": f"{read.identifier} has been sent already."})
        named = "another-letter" if fault is Fault.OTHER_ID else read.identifier
        return Reply.json(202, {"RequestId": named, "Message": f"{named} is accepted."}, taken=True)

    def _record(  # noqa: PLR0913 - the fields of a record
        self,
        number: int,
        identifier: str,
        moment: tuple[float, float],
        fault: Fault,
        status: int,
        *,
        taken: bool,
    ) -> None:
        arrived, at = moment
        self.letterbox.requests.append(
            Received(number, identifier, arrived, at, fault.value, status, taken)
        )

    async def _other(self, scope: Scope, receive: Receive) -> Reply:
        if not _asked_locally(scope):
            # A web page elsewhere may point its own name at this machine; it learns nothing.
            return Reply.json(403, {"Message": "The sandbox answers to this machine only."})
        match scope["method"], scope["path"]:
            case "POST", "/sandbox/faults":
                return await self._told(scope, receive)
            case "DELETE", "/sandbox/letters":
                self.letterbox.empty()
                return Reply.json(200, [])
            case "GET", path:
                return self._shown(path) or Reply.json(404, {"Message": "There is nothing here."})
        return Reply.json(405, {"Message": "There is nothing to be done here."})

    def _shown(self, path: str) -> Reply | None:  # noqa: PLR0911 - one for each address
        box = self.letterbox
        match path.strip("/").split("/"):
            case [""]:
                return Reply.page(mailbox_page(box))
            case ["sandbox", "faults"]:
                return Reply.json(200, self.faults.model_dump(mode="json"))
            case ["sandbox", "requests"]:
                return Reply.json(200, [request.as_json() for request in box.requests])
            case ["sandbox", "letters"]:
                return Reply.json(200, list(map(self._whole, box.letters())))
            case ["sandbox", "letters", number, "pdf"] if _is_number(number):
                return Reply.pdf(pdf) if (pdf := box.pdf(int(number))) is not None else None
            case ["letters", number] if _is_number(number):
                return Reply.page(page) if (page := letter_page(box, int(number))) else None
        return None

    def _whole(self, letter: Received) -> dict[str, Any]:
        return {**letter.as_json(), "fields": self.letterbox.fields(letter.number)}

    async def _told(self, scope: Scope, receive: Receive) -> Reply:
        if _header(scope, b"content-type").partition(b";")[0].strip() != b"application/json":
            return Reply.json(415, {"Message": "Faults are told in JSON."})
        body = await _body(receive)
        try:
            self.misbehave(Faults.model_validate_json(body or b""))
        except ValidationError as error:
            problems = error.errors(include_url=False, include_context=False)
            return Reply.json(400, {"Message": "No such faults.", "errors": problems})
        return Reply.json(200, self.faults.model_dump(mode="json"))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 12


def _header(scope: Scope, name: bytes) -> bytes:
    return next((bytes(value) for key, value in scope["headers"] if key == name), b"")


def _asked_locally(scope: Scope) -> bool:
    host = _header(scope, b"host").decode("latin-1")
    name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
    return name in LOCAL_NAMES


async def _body(receive: Receive) -> bytes | None:
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


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


app = Sandbox()
"""A sandbox that behaves, for any ASGI server. What needs the connection itself (dropping it) takes
the project's own server, `python -m batchsend.sandbox`."""

"""The sandbox's ASGI application: `POST /send/letter`, and its mailbox beside it.

Taking letters is bare ASGI: a framework's routing would cost more than taking a letter does.
"""

from __future__ import annotations

from pathlib import Path

from batchsend.sandbox import misbehaving
from batchsend.sandbox.asgi import Connections, Receive, Reply, Scope, Send, body_of
from batchsend.sandbox.checking import RefusedLetter, TakenLetter, checked
from batchsend.sandbox.faults import Fault, Faults, FaultSchedule
from batchsend.sandbox.letterbox import Letterbox, Received, now
from batchsend.sandbox.mailbox import mailbox

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
            self._record(number, "", moment, fault, 0)
            await misbehaving.drop(self.connections, scope, receive)
            return
        body = await body_of(receive)
        if body is None:
            reason = "The request is too large."
            self._record(number, "", moment, fault, 413, reason=reason)
            await Reply.json(413, {"Message": reason}).send(send)
            return
        read = checked(body)
        fault = self.course.for_letter(read.identifier, fault)
        reply, reason = self._judged(read, fault)
        if isinstance(read, TakenLetter):
            keep = self.letterbox.take if reply.taken else self.letterbox.note
            keep(number, read)
        status = misbehaving.SEEN_AS.get(fault, reply.status)
        self._record(
            number, read.identifier, moment, fault, status, taken=reply.taken, reason=reason
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

    def _record(  # noqa: PLR0913 - the fields of a record
        self,
        number: int,
        identifier: str,
        moment: tuple[float, float],
        fault: Fault,
        status: int,
        *,
        taken: bool = False,
        reason: str = "",
    ) -> None:
        self.letterbox.record(
            Received(number, identifier, *moment, fault.value, status, taken, reason)
        )


app = Sandbox()
"""A sandbox that behaves, for any ASGI server. What needs the connection itself (dropping it) takes
the project's own server, `python -m batchsend.sandbox`."""

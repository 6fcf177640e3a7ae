"""The list of requests as the mailbox shows it: which of them, and what stands in each line.

Everything comes from requests and is only text here: the templates escape it. National ids are
masked, and nothing is found by what is not shown.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, Self
from urllib.parse import urlencode

from batchsend.masking import masked, masked_where_valid
from batchsend.sandbox.faults import Fault, in_words
from batchsend.sandbox.letterbox import Letterbox, Received

SHOWN = 200
"""Lines on a page."""
AT_A_TIME = 250
"""Requests looked at before letters that arrive have their turn again."""
KINDS = {"": "everything", "taken": "taken", "refused": "not taken", "again": "sent again"}

ANSWERS = {
    202: "The letter is taken",
    400: "The letter is not valid",
    409: "The letter has been taken already",
    413: "The request is too large",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which requests are to be listed."""

    text: str = ""
    kind: str = ""
    """One of KINDS: what became of them."""
    before: int | None = None
    """Only requests before this place in the order of the record, 0 the first."""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Self:
        """As an address says it."""
        kind, before = query.get("show", ""), query.get("before", "")
        return cls(
            query.get("q", "").strip()[:200],
            kind if kind in KINDS else "",
            int(before) if before.isascii() and before.isdigit() and len(before) < 12 else None,
        )

    def address(self, path: str, **more: object) -> str:
        """An address of the mailbox that keeps to what is wanted."""
        said = {"q": self.text, "show": self.kind, **more}
        query = urlencode({name: value for name, value in said.items() if value not in {"", None}})
        return f"{path}?{query}" if query else path


@dataclass(frozen=True, slots=True)
class Line:
    """One request at a glance."""

    number: int
    place: int
    """Where it stands in the order of the record, 0 the first."""
    time: str
    name: str
    where: str
    channel: str
    identifier: str
    answer: str
    """What the sender was answered."""
    reason: str
    """Why the letter was not taken, or what happened to the answer; empty where all went well."""
    mark: str
    times: int
    """How often its identifier was taken."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Lines, newest first, and where older ones begin."""

    lines: list[Line] = field(default_factory=list)
    older: int | None = None
    """The place before which there are older ones; None where there are not."""


async def listing(box: Letterbox, wanted: Wanted, most: int = SHOWN, since: int = 0) -> Listing:
    """The newest requests that are wanted, of those from the place `since` on."""
    end = box.seen if wanted.before is None else min(wanted.before, box.seen)
    requests = list(islice(box.newest(), box.seen - end, box.seen - max(since, box.forgotten)))
    lines: list[Line] = []
    for looked_at, request in enumerate(requests):
        if len(lines) == most:
            return Listing(lines, end - looked_at)
        if looked_at % AT_A_TIME == AT_A_TIME - 1:
            await asyncio.sleep(0)
        if _is_kind(box, request, wanted.kind) and _says(box, request, wanted.text):
            lines.append(line(box, request, end - looked_at - 1))
    return Listing(lines)


def line(box: Letterbox, request: Received, place: int = 0) -> Line:
    """What stands in a request's line."""
    fields = box.fields(request.number) or {}
    recipient = fields.get("Invoicee") or {}
    where = " ".join(filter(None, (recipient.get("PostCode"), recipient.get("City"))))
    return Line(
        number=request.number,
        place=place,
        time=clock(request.at),
        name=recipient.get("Name") or "",
        where=where,
        channel=fields.get("Channel") or "",
        identifier=request.identifier,
        answer=_answered(request),
        reason=_why(request),
        mark=_mark(request),
        times=box.times_taken.get(request.identifier, 0),
    )


def shown_fields(fields: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Every field that is filled in, under its path."""
    for name, value in fields.items():
        if isinstance(value, dict):
            yield from shown_fields(value, f"{prefix}{name}.")
        elif isinstance(value, list):
            for position, item in enumerate(value):
                yield from shown_fields(item, f"{prefix}{name}[{position}].")
        elif value:
            text = str(value)
            mask = masked if name == "NationalId" else masked_where_valid
            yield prefix + name, mask(text)


def _is_kind(box: Letterbox, request: Received, kind: str) -> bool:
    match kind:
        case "taken":
            return request.taken
        case "refused":
            return not request.taken
        case "again":
            return box.times_taken.get(request.identifier, 0) > 1
    return True


def _says(box: Letterbox, request: Received, text: str) -> bool:
    """Whether every word of `text` stands in what is shown of a request."""
    if not text:
        return True
    fields = box.fields(request.number) or {}
    said = "\n".join(
        (
            request.identifier,
            _why(request),
            _answered(request),
            *dict(shown_fields(fields)).values(),
        )
    ).casefold()
    return all(word in said for word in text.casefold().split())


def answer(status: int, fault: str, *, taken: bool) -> str:
    """A request's answer in a word or two."""
    if status == 202:
        return str(status) if fault == Fault.OK else f"{status} · {fault}"
    return f"{status or 'no answer'}{' · taken' if taken else ''}"


def _answered(request: Received) -> str:
    return answer(request.status, request.fault, taken=request.taken)


def _mark(request: Received) -> str:
    """How it went: `good`, `wary` (taken, but the sender may not know) or `bad` (not taken)."""
    if not request.taken:
        return "bad"
    return "good" if request.fault in {Fault.OK, Fault.SLOW, Fault.DRIP} else "wary"


def clock(at: float) -> str:
    """A moment as the clock here says it, with the date where it is not today's."""
    moment = datetime.fromtimestamp(at).astimezone()
    today = moment.date() == datetime.now().astimezone().date()
    return f"{moment:%H:%M:%S}" if today else f"{moment:%Y-%m-%d %H:%M}"


def happened(status: int, fault: str) -> str:
    """What became of requests with this answer."""
    return in_words(fault) or ANSWERS.get(status, "")


def _why(request: Received) -> str:
    return request.reason or in_words(request.fault)

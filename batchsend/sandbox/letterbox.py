"""Letterbox: the sandbox's own record of what it was sent and what it took, of bounded size.

Tests compare it with the ledger and the report, so it is written before any answer leaves. Knows
nothing of HTTP.
"""

from __future__ import annotations

import time
from base64 import b64decode
from collections import Counter, OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from pydantic import ValidationError

from batchsend.request import LetterBody
from batchsend.sandbox.checking import TakenLetter
from batchsend.sandbox.faults import Fault
from batchsend.sandbox.letterfiles import LetterFiles

MOST_REQUESTS = 250_000
MOST_LETTERS = 10_000
LARGEST = 64 * 1024 * 1024
"""Bytes of fields, and of PDFs in base64, that are kept in memory."""


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it arrived."""

    number: int
    """From 1, in the order of arrival."""
    identifier: str
    """Empty where the body could not be read or was not waited for."""
    arrived: float
    """Seconds of this process's monotonic clock."""
    at: float
    """The same moment, seconds since 1970."""
    fault: str
    status: int
    """Of the answer, 0 where there was none."""
    taken: bool
    reason: str = ""
    """Why the letter was refused, where it was on its own account."""

    def as_json(self) -> dict[str, Any]:
        """For the record that tests read."""
        return {
            "id": self.number,
            "identifier": self.identifier,
            "monotonic": self.arrived,
            "received_at": datetime.fromtimestamp(self.at, UTC).isoformat(),
            "fault": self.fault,
            "status": self.status,
            "taken": self.taken,
            "reason": self.reason,
        }


class Letterbox:
    """What arrived, the newest letters whole. With a `folder` it keeps letters as files too."""

    def __init__(self, folder: Path | None = None) -> None:
        self.files = LetterFiles(folder) if folder is not None else None
        self.times_emptied = -1
        self._number = 0
        self.empty()

    def empty(self) -> None:
        """Forget everything; files stay."""
        self.times_emptied += 1
        self.requests: deque[Received] = deque(maxlen=MOST_REQUESTS)
        self.seen = 0
        """How many requests there were, those forgotten included."""
        self.taken = 0
        """How many letters were taken, repeats included."""
        self.recalled = 0
        """How many of them an earlier sandbox took."""
        self.repeated = 0
        """How many identifiers were taken more than once."""
        self.times_taken: Counter[str] = Counter()
        self.answers: Counter[tuple[int, str, bool]] = Counter()
        """How many requests had each status and fault, and were taken or not."""
        self._fields = _Newest()
        self._pdfs = _Newest()
        self._paths: OrderedDict[int, Path] = OrderedDict()

    @property
    def forgotten(self) -> int:
        """How many requests are no longer on record."""
        return self.seen - len(self.requests)

    def next_number(self) -> int:
        """The number of the request that is arriving."""
        self._number += 1
        return self._number

    def knows(self, identifier: str) -> bool:
        """Whether a letter of this identifier has been taken."""
        return identifier in self.times_taken

    def record(self, request: Received) -> None:
        """Put a request on record."""
        self.seen += 1
        self.requests.append(request)
        self.answers[request.status, request.fault, request.taken] += 1

    def take(self, number: int, letter: TakenLetter) -> None:
        """Keep a letter."""
        self.taken += 1
        self.times_taken[letter.identifier] += 1
        self.repeated += self.times_taken[letter.identifier] == 2
        self.note(number, letter)
        self._pdfs.add(number, letter.free_text)
        if self.files is not None and (path := self.files.add(letter)):
            self._paths[number] = path
            if len(self._paths) > MOST_LETTERS:
                self._paths.popitem(last=False)

    def note(self, number: int, letter: TakenLetter) -> None:
        """Keep the fields of a letter, taken or not."""
        self._fields.add(number, letter.fields)

    def recall(self) -> None:
        """Put on record the letters that earlier sandboxes left in the folder."""
        for pdf, fields, at in self.files.kept() if self.files is not None else ():
            try:
                identifier = LetterBody.model_validate_json(fields).Identifier
            except ValidationError:
                continue  # not one of ours
            number = self.next_number()
            self._fields.add(number, fields)
            self._paths[number] = pdf
            self.requests.append(Received(number, identifier, 0.0, at, Fault.OK, 202, taken=True))
            self.seen += 1
            self.taken += 1
            self.recalled += 1

    def fields(self, number: int) -> dict[str, Any] | None:
        """A request's `Letter` object without its PDF, if it is still kept."""
        kept = self._fields.get(number)
        return None if kept is None else dict(orjson.loads(kept))

    def pdf(self, number: int) -> bytes | None:
        """The PDF, if it is still kept, in memory or as a file."""
        if (kept := self._pdfs.get(number)) is not None:
            return b64decode(kept)
        try:
            return self._paths[number].read_bytes()
        except (KeyError, OSError):
            return None

    def request(self, number: int) -> Received | None:
        """The request of this number, if it is still on record."""
        return next((request for request in self.newest() if request.number == number), None)

    def newest(self) -> Iterator[Received]:
        """The requests, newest first."""
        return reversed(self.requests)

    def letters(self) -> Iterator[Received]:
        """The requests whose letters were taken, oldest first."""
        return (request for request in self.requests if request.taken)


class _Newest:
    """The newest contents by the number of their request, within a count and a size."""

    def __init__(self) -> None:
        self._held: OrderedDict[int, bytes] = OrderedDict()
        self._size = 0

    def add(self, number: int, content: bytes) -> None:
        self._held[number] = content
        self._size += len(content)
        while len(self._held) > MOST_LETTERS or self._size > LARGEST:
            self._size -= len(self._held.popitem(last=False)[1])

    def get(self, number: int) -> bytes | None:
        return self._held.get(number)


def now() -> tuple[float, float]:
    """The moment, by the monotonic clock and by the calendar."""
    return time.monotonic(), time.time()

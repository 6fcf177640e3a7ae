"""Letterbox: the sandbox's own record of what it was sent and what it took, of bounded size.

Tests compare it with the ledger and the report, so it is written before any answer leaves. Knows
nothing of HTTP.
"""

from __future__ import annotations

import time
from base64 import b64decode
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from batchsend.sandbox.checking import Taken
from batchsend.sandbox.letterfiles import LetterFiles

__all__ = ["Letterbox", "Received"]

MOST_REQUESTS = 250_000
MOST_FIELDS = 10_000
MOST_PDFS = 200


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
        }


class Letterbox:
    """What arrived, the newest letters whole. With a `folder` it keeps letters as files too."""

    def __init__(self, folder: Path | None = None) -> None:
        self.requests: deque[Received] = deque(maxlen=MOST_REQUESTS)
        self.times_taken: Counter[str] = Counter()
        self.files = LetterFiles(folder) if folder is not None else None
        self._number = 0
        self._fields: dict[int, bytes] = {}
        self._pdfs: dict[int, bytes] = {}

    @property
    def taken(self) -> int:
        """How many letters were taken, repeats included."""
        return self.times_taken.total()

    def empty(self) -> None:
        """Forget everything; files stay."""
        self.requests.clear()
        self.times_taken.clear()
        self._fields.clear()
        self._pdfs.clear()

    def next_number(self) -> int:
        """The number of the request that is arriving."""
        self._number += 1
        return self._number

    def knows(self, identifier: str) -> bool:
        """Whether a letter of this identifier has been taken."""
        return identifier in self.times_taken

    def take(self, number: int, letter: Taken) -> None:
        """Keep a letter."""
        self.times_taken[letter.identifier] += 1
        _keep(self._fields, number, letter.fields, MOST_FIELDS)
        _keep(self._pdfs, number, letter.free_text, MOST_PDFS)
        if self.files is not None:
            self.files.add(letter)

    def fields(self, number: int) -> dict[str, Any] | None:
        """The `Letter` object without its PDF, if it is still kept."""
        kept = self._fields.get(number)
        return None if kept is None else dict(orjson.loads(kept))

    def pdf(self, number: int) -> bytes | None:
        """The PDF, if it is still kept."""
        kept = self._pdfs.get(number)
        return None if kept is None else b64decode(kept)

    def letters(self) -> Iterator[Received]:
        """The requests whose letters were taken, oldest first."""
        return (request for request in self.requests if request.taken)


def _keep(store: dict[int, bytes], number: int, content: bytes, most: int) -> None:
    store[number] = content
    if len(store) > most:
        del store[next(iter(store))]


def now() -> tuple[float, float]:
    """The moment, by the monotonic clock and by the calendar."""
    return time.monotonic(), time.time()

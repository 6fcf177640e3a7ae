"""Letterbox: the sandbox's own record of what it was sent and what it took, of bounded size.

Tests compare it with the ledger and the report, so it is written before any answer leaves. Knows
nothing of HTTP.
"""

from __future__ import annotations

import hashlib
import os
import re
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

__all__ = ["Letterbox", "Received"]

MOST_REQUESTS = 1_000_000
MOST_FIELDS = 10_000
MOST_PDFS = 200
UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


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
    """What arrived, the newest letters whole. `folder` keeps `most` of them as files."""

    def __init__(self, folder: Path | None = None, *, most: int = 10_000) -> None:
        self.requests: deque[Received] = deque(maxlen=MOST_REQUESTS)
        self.times_taken: Counter[str] = Counter()
        self.taken = 0
        self._number = 0
        self._fields: dict[int, bytes] = {}
        self._pdfs: dict[int, bytes] = {}
        self._folder = folder
        self._most = most
        self._files: deque[tuple[Path, Path]] = deque()
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)

    def next_number(self) -> int:
        """The number of the request that is arriving."""
        self._number += 1
        return self._number

    def knows(self, identifier: str) -> bool:
        """Whether a letter of this identifier has been taken."""
        return identifier in self.times_taken

    def take(self, number: int, letter: Taken) -> None:
        """Keep a letter."""
        self.taken += 1
        self.times_taken[letter.identifier] += 1
        _keep(self._fields, number, letter.fields, MOST_FIELDS)
        _keep(self._pdfs, number, letter.free_text, MOST_PDFS)
        if self._folder is not None:
            self._write(self._folder, number, letter)

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

    def _write(self, folder: Path, number: int, letter: Taken) -> None:
        stem = folder / file_name(number, letter.identifier)
        pdf, fields = stem.with_name(stem.name + ".pdf"), stem.with_name(stem.name + ".json")
        for path, content in ((pdf, b64decode(letter.free_text)), (fields, letter.fields)):
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _BINARY, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
        self._files.append((pdf, fields))
        if len(self._files) > self._most:
            for path in self._files.popleft():
                path.unlink(missing_ok=True)


_BINARY = getattr(os, "O_BINARY", 0)


def file_name(number: int, identifier: str) -> str:
    """A name every file system takes, whatever an identifier holds, and never two the same.

    >>> file_name(7, "../rent 1")
    '000007-rent-1'
    """
    plain = UNSAFE.sub("-", identifier).strip("-.")
    if len(plain) > 80:
        plain = plain[:60] + "-" + hashlib.sha256(identifier.encode()).hexdigest()[:12]
    return f"{number:06}-{plain}" if plain else f"{number:06}"


def _keep(store: dict[int, bytes], number: int, content: bytes, most: int) -> None:
    store[number] = content
    if len(store) > most:
        del store[next(iter(store))]


def now() -> tuple[float, float]:
    """The moment, by the monotonic clock and by the calendar."""
    return time.monotonic(), time.time()

"""Letterbox: the sandbox's own record of what it was sent and what it took, of bounded size; and
LetterFiles: the letters it took, as a PDF and a JSON file each, the newest ones, in a folder that
is cleared of what earlier rehearsals left.

Tests compare the record with the ledger and the report, so it is written before any answer leaves.
The files hold personal data: only their owner can read them. Knows nothing of HTTP.
"""

from __future__ import annotations

import contextlib
import os
import re
import time
from base64 import b64decode
from collections import Counter, OrderedDict, deque
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from pydantic import ValidationError

from batchsend.errors import BatchsendError
from batchsend.request import LetterBody
from batchsend.sandbox.faults import Fault
from batchsend.sandbox.request_check import TakenLetter
from batchsend.text import file_stem

MOST_FILES = 1_000
"""Letters kept; 1,000 of them are about 40 MB."""
OURS = re.compile(r"([0-9]{6,})(?:-[A-Za-z0-9._-]+)?\.pdf")
FIELDS = re.compile(r"[0-9]{6,}(?:-[A-Za-z0-9._-]+)?\.json")
BINARY = getattr(os, "O_BINARY", 0)  # only Windows has it, and needs it


class LetterFiles:
    """A folder of letters. Numbers go on from those an earlier sandbox left there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.trouble = ""
        """Why letters are no longer kept, if they are not."""
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            found = {int(m[1]): p for p in folder.iterdir() if (m := OURS.fullmatch(p.name))}
        except OSError as error:
            raise BatchsendError(
                f"The sandbox cannot keep its letters in {folder}: {error.strerror or error}."
            ) from error
        self._kept = deque(found[number] for number in sorted(found))
        self._number = max(found, default=0)

    def kept(self) -> Iterator[tuple[Path, bytes, float]]:
        """The letters that are there, oldest first: the PDF, the fields, and when they came."""
        for pdf in list(self._kept):
            with contextlib.suppress(OSError):
                yield pdf, pdf.with_suffix(".json").read_bytes(), pdf.stat().st_mtime

    def add(self, letter: TakenLetter) -> Path | None:
        """Write one letter, and drop the oldest when there are too many; where its PDF is.

        A full disk ends the keeping, not the taking: the letters are a convenience.
        """
        if self.trouble:
            return None
        self._number += 1
        pdf = self._folder / f"{file_name(self._number, letter.identifier)}.pdf"
        try:
            _write(pdf, b64decode(letter.free_text))
            _write(pdf.with_suffix(".json"), letter.fields)
        except OSError as error:
            self.trouble = str(error.strerror or error)
            return None
        self._kept.append(pdf)
        while len(self._kept) > MOST_FILES:
            oldest = self._kept.popleft()
            for path in (oldest, oldest.with_suffix(".json")):
                with contextlib.suppress(OSError):
                    path.unlink()
        return pdf


def letter_files(folder: Path) -> list[Path]:
    """The files in a folder that are named as the sandbox names its letters."""
    return [
        path
        for path in folder.glob("*")
        if path.is_file() and (OURS.fullmatch(path.name) or FIELDS.fullmatch(path.name))
    ]


def file_name(number: int, identifier: str) -> str:
    """A name every file system takes, whatever an identifier holds, and never two the same.

    >>> file_name(7, "../rent 1")
    '000007-rent-1'
    """
    plain = file_stem(identifier)
    return f"{number:06}-{plain}" if plain else f"{number:06}"


def _write(path: Path, content: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | BINARY
    with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        file.write(content)


def keep_letters(folder: Path, identifiers: AbstractSet[str]) -> None:
    """Remove the letters that a sandbox wrote to a folder, but for those of `identifiers`.

    Whatever else is there stays, and so does what cannot be removed: the letters are a convenience.
    """
    for fields in letter_files(folder):
        if fields.suffix != ".json":
            continue
        with contextlib.suppress(OSError, orjson.JSONDecodeError, LookupError, TypeError):
            if orjson.loads(fields.read_bytes())["Identifier"] not in identifiers:
                # In this order: a letter half removed is still known by its fields.
                fields.with_suffix(".pdf").unlink(missing_ok=True)
                fields.unlink()


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
    taken: bool = False
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

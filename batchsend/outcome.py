"""What rendering, sending and the ledger say to each other of a letter.

An Entry before it leaves; then Submission, Attempt and Outcome, and the Journal that is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

LetterState = Literal["pending", "sending", "accepted", "rejected", "failed", "unknown", "invalid"]
"""Where a letter stands. A letter the ledger has never heard of is `pending`; what a report calls
`skipped` is a pending letter that the run was told to leave out, and is not stored."""

State = Literal["accepted", "rejected", "failed", "unknown"]
"""How a submission ends. `unknown`: the API may have taken the letter, and only it can tell.
`failed`: certain not to have been taken, and worth another run."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is noted of a letter before it leaves."""

    identifier: str
    row: int
    """The (first) row of the list it was made from, as the spreadsheet numbers it."""
    channel: str
    content: str
    """The letter's content hash: tells a repetition from another letter of the same name."""
    pages: int | None = None
    engine: str = ""
    """The engine and its version, as `plutoprint 0.23.0`."""
    found: LetterState | None = None
    """The state in which the plan found it, None if unheard of. If that has changed, another run
    has taken it since."""


@dataclass(frozen=True, slots=True)
class Submission:
    """One letter ready to leave: `body` is the finished request, JSON in UTF-8."""

    identifier: str
    body: bytes
    in_doubt: bool = False
    """Whether an earlier run may have had it taken: then only being taken ends the doubt."""
    earlier: int = 0
    """Requests that were made for it in this run before, by another channel."""
    before: str = ""
    """What the API said to them, in a sentence that goes before the reason of how this ends."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request and its answer; times are UTC."""

    identifier: str
    number: int
    """From 1, within this run."""
    started: datetime
    ended: datetime
    http_status: int | None
    """None where no answer came."""
    message: str
    """What the API or the connection said, shortened and free of control characters."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the submission of one letter ended."""

    identifier: str
    state: State
    reason: str
    """A sentence; empty when the letter was accepted in the ordinary way."""
    request_id: str
    http_status: int | None
    attempts: int
    ended: datetime


class AlreadyTakenError(Exception):
    """Another run has taken this letter: it is not ours to send."""


class Journal(Protocol):
    """What sending tells as it goes, so that it is on disk before and after each request.

    Each call returns only when what it was told is safe; sending knows no more of it than this.
    """

    async def queued(self, identifier: str) -> None:
        """The first request of a letter is about to leave.

        Raises AlreadyTakenError where it must not, and all is well.
        """

    async def before_write(self, identifier: str) -> None:
        """The next byte of one of its requests is about to be written.

        Raises where it must not: this machine may have slept, and another run sends its letters.
        """

    async def attempted(self, attempt: Attempt) -> None:
        """A request ended, and another for the same letter may follow."""

    async def finished(self, outcome: Outcome) -> None:
        """No further request for this letter in this run."""

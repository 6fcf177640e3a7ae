"""The three notes that a journal writes: a letter entered, a request was made, a letter ended.

Each becomes the parameters of one prepared statement, so that a group is three `executemany`.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Executable, bindparam, insert, update
from sqlalchemy.exc import IntegrityError

from batchsend.expressions import masked
from batchsend.ledger.entries import Entry, Run
from batchsend.ledger.schema import attempts, letters
from batchsend.ledger.sqlite import insert_or_update
from batchsend.ledger.states import LetterState
from batchsend.sending.outcome import Attempt, Outcome

__all__ = ["Note", "attempt_made", "letter_ended", "letter_entered", "write_notes"]

_SET_ANEW = (
    "state", "content", "run", "row", "channel", "pages", "engine", "reason", "request_id",
    "http_status", "submitted_at", "ended_at",
)  # fmt: skip
_entering = insert_or_update(letters)
ENTER = _entering.on_conflict_do_update(
    index_elements=[letters.c.destination, letters.c.identifier],
    set_={name: _entering.excluded[name] for name in _SET_ANEW},
)
ATTEMPT = insert(attempts)
END = (
    update(letters)
    .where(
        letters.c.destination == bindparam("to"),
        letters.c.identifier == bindparam("key"),
    )
    .values(
        state=bindparam("became"),
        reason=bindparam("why"),
        request_id=bindparam("answer"),
        http_status=bindparam("status"),
        attempts=letters.c.attempts + bindparam("requests"),
        ended_at=bindparam("at"),
    )
)


@dataclass(slots=True, eq=False)
class Note:
    """One statement's parameters, and who waits for them to be on disk."""

    statement: Executable
    values: dict[str, Any]
    before_request: bool = False
    """Whether it says that something is going to happen, rather than that it did."""
    written: asyncio.Future[None] | None = None


def letter_entered(
    run: Run,
    entry: Entry,
    state: LetterState,
    *,
    submitted_at: datetime | None = None,
    reason: str = "",
) -> Note:
    """A letter comes into the ledger, or comes up again."""
    values = {
        "destination": run.facts.destination,
        "identifier": entry.identifier,
        "state": state,
        "content": entry.content,
        "run": run.number,
        "row": entry.row,
        "channel": entry.channel,
        "pages": entry.pages,
        "engine": entry.engine,
        "reason": _harmless(reason),
        "request_id": "",
        "http_status": None,
        "submitted_at": submitted_at,
        "ended_at": None,
    }
    return Note(ENTER, values, before_request=state == "sending")


def attempt_made(run: Run, attempt: Attempt) -> Note:
    """A request ended."""
    values = {
        "run": run.number,
        "identifier": attempt.identifier,
        "number": attempt.number,
        "started": attempt.started,
        "ended": attempt.ended,
        "http_status": attempt.http_status,
        "message": _harmless(attempt.message),
    }
    return Note(ATTEMPT, values)


def letter_ended(run: Run, outcome: Outcome) -> Note:
    """A letter's submission ended."""
    values = {
        "to": run.facts.destination,
        "key": outcome.identifier,
        "became": outcome.state,
        "why": _harmless(outcome.reason),
        "answer": outcome.request_id,
        "status": outcome.http_status,
        "requests": outcome.attempts,
        "at": outcome.ended,
    }
    return Note(END, values)


def write_notes(connection: Connection, notes: Sequence[Note]) -> None:
    """Write a group. In a group no letter both enters and ends, so the kinds may go in turn."""
    for statement in (ENTER, ATTEMPT, END):
        values = [note.values for note in notes if note.statement is statement]
        if not values:
            continue
        count = connection.execute(statement, values).rowcount
        if statement is END and count != len(values):
            raise IntegrityError(None, None, ValueError("a letter ended that never left"))


_ELEVEN_DIGITS = re.compile(r"(?<!\d)\d{6}[ -]?\d{5}(?!\d)")


def _harmless(text: str) -> str:
    """An answer may quote the request: a number that looks like a national id is masked."""
    return _ELEVEN_DIGITS.sub(lambda found: masked(found[0]), text)[:1000]

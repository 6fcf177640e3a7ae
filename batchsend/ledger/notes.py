"""The three notes that a journal writes: a letter entered, a request was made, a letter ended.

Each becomes the parameters of one statement, compiled once, so that a group is three `executemany`
of the database's own driver: SQLAlchemy's execution would cost the CPU more than SQLite's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Dialect, Executable, bindparam, insert, update

from batchsend.expressions import masked_in_text
from batchsend.ledger.entries import Entry, Run
from batchsend.ledger.schema import attempts, letters, written
from batchsend.ledger.sqlite import insert_or_update
from batchsend.ledger.states import LetterState, RefusedError
from batchsend.sending.outcome import Attempt, Outcome

__all__ = ["Note", "NoteWriter", "attempt_made", "letter_ended", "letter_entered"]

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
        "attempts": 0,
        "submitted_at": submitted_at and written(submitted_at),
        "ended_at": None,
        "delivery": "",
        "delivery_at": None,
    }
    return Note(ENTER, values, before_request=state == "sending")


def attempt_made(run: Run, attempt: Attempt) -> Note:
    """A request ended."""
    values = {
        "run": run.number,
        "identifier": attempt.identifier,
        "number": attempt.number,
        "started": written(attempt.started),
        "ended": written(attempt.ended),
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
        "answer": outcome.request_id[:1000].encode(errors="replace").decode(),
        "status": outcome.http_status,
        "requests": outcome.attempts,
        "at": written(outcome.ended),
    }
    return Note(END, values)


class NoteWriter:
    """Writes groups of notes, through the driver of one dialect."""

    def __init__(self, dialect: Dialect) -> None:
        self._prepared: list[tuple[Executable, str, Callable[[dict[str, Any]], Any]]] = []
        for statement in (ENTER, ATTEMPT, END):
            compiled = statement.compile(dialect=dialect)
            in_order = itemgetter(*(compiled.positiontup or ()))
            self._prepared.append((statement, compiled.string, in_order))

    def write(self, connection: Connection, notes: Sequence[Note]) -> None:
        """Write a group. In a group no letter both enters and ends: the kinds may go in turn."""
        cursor = connection.connection.cursor()
        for statement, sql, in_order in self._prepared:
            rows = [in_order(note.values) for note in notes if note.statement is statement]
            if not rows:
                continue
            cursor.executemany(sql, rows)
            if statement is END and cursor.rowcount != len(rows):
                raise RefusedError("A letter ended that never left.")
        cursor.close()


def _harmless(text: str) -> str:
    """An answer may quote the request, or be anything: what looks like a national id is masked,
    what no file can hold is replaced, and all has an end."""
    text = text[:2000].encode(errors="replace").decode()
    return masked_in_text(text)[:1000]  # masked first: half of one would not look like one

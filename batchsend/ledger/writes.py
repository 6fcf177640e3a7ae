"""The three notes that a journal writes: a letter entered, a request was made, a letter ended.

Each becomes the parameters of one statement, compiled once, so that a group is a few calls of the
database's own driver: SQLAlchemy's execution would cost the CPU more than SQLite's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Executable, Insert, Update, bindparam, insert, update

from batchsend.ledger.database import Database
from batchsend.ledger.entries import Run
from batchsend.ledger.schema import attempts, letters, written
from batchsend.ledger.states import RefusedError
from batchsend.masking import masked_in_text
from batchsend.outcome import Attempt, Entry, LetterState, Outcome

_SET_ANEW = (
    "state", "content", "run", "row", "channel", "pages", "engine", "reason", "request_id",
    "http_status", "submitted_at", "ended_at",
)  # fmt: skip
ENTER_ANEW = insert(letters)
"""A letter the ledger has not heard of: done unless somebody else has entered it meanwhile."""
ENTER_AGAIN = (
    update(letters)
    .where(
        letters.c.destination == bindparam("destination_"),
        letters.c.identifier == bindparam("identifier_"),
        letters.c.state == bindparam("found"),
    )
    .values({name: bindparam(f"{name}_") for name in _SET_ANEW})
)
"""A letter that comes up again: done unless its state is no longer as the plan found it."""
STILL_OURS = (
    update(letters)
    .where(
        letters.c.destination == bindparam("destination_"),
        letters.c.identifier == bindparam("identifier_"),
        letters.c.run == bindparam("run_"),
        letters.c.state == bindparam("state_"),
    )
    .values(run=bindparam("run_"))
)
"""Changes nothing, and finds no letter where another run has been at it."""
ATTEMPT = insert(attempts)
END = (
    update(letters)
    .where(
        letters.c.destination == bindparam("to"),
        letters.c.identifier == bindparam("key"),
        letters.c.run == bindparam("ours"),
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
    before_request = state == "sending"
    if entry.found is None:
        return Note(ENTER_ANEW, values, before_request)
    again = {f"{name}_": values[name] for name in ("destination", "identifier", *_SET_ANEW)}
    return Note(ENTER_AGAIN, {**again, "found": entry.found}, before_request)


def still_ours(run: Run, identifier: str) -> Note:
    """A request for a letter that this run has entered is about to leave."""
    values = {
        "destination_": run.facts.destination,
        "identifier_": identifier,
        "run_": run.number,
        "state_": "sending",
    }
    return Note(STILL_OURS, values, before_request=True)


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
        "ours": run.number,
        "became": outcome.state,
        "why": _harmless(outcome.reason),
        "answer": _storable(outcome.request_id[:1000]),
        "status": outcome.http_status,
        "requests": outcome.attempts,
        "at": written(outcome.ended),
    }
    return Note(END, values)


def ended_letter(note: Note) -> str | None:
    """Whose end a note tells of; None where it tells of something else."""
    return str(note.values["key"]) if note.statement is END else None


class WriteQueue:
    """Writes groups of notes, through the driver of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        statements: dict[Executable, Insert | Update] = {
            ENTER_ANEW: database.insert_unless_there(letters),
            ENTER_AGAIN: ENTER_AGAIN,
            STILL_OURS: STILL_OURS,
            ATTEMPT: ATTEMPT,
            END: END,
        }
        self._prepared: list[tuple[Executable, str, Callable[[dict[str, Any]], Any]]] = []
        for statement, its_own in statements.items():
            compiled = its_own.compile(dialect=database.engine.dialect)
            in_order = itemgetter(*compiled.positiontup) if compiled.positiontup else _as_it_is
            self._prepared.append((statement, compiled.string, in_order))

    def write(self, connection: Connection, notes: Sequence[Note]) -> list[Note]:
        """Write a group; those come back that came too late, as another run had taken their letter.

        In a group no letter enters, departs or ends twice: the kinds may go in turn.
        """
        too_late: list[Note] = []
        cursor = connection.connection.cursor()
        for statement, sql, in_order in self._prepared:
            group = [note for note in notes if note.statement is statement]
            if not group:
                continue
            if statement in {ENTER_ANEW, ENTER_AGAIN, STILL_OURS}:
                group.sort(key=_identifier)  # as every run does: so no two wait for each other
                rows = [in_order(note.values) for note in group]
                done = self._database.each_changed(cursor, sql, rows)
                too_late += [note for note, entered in zip(group, done, strict=True) if not entered]
                continue
            cursor.executemany(sql, [in_order(note.values) for note in group])
            if statement is END and cursor.rowcount != len(group):
                raise RefusedError("A letter ended that never left, or another run has it now.")
        cursor.close()
        return too_late


def _as_it_is(values: dict[str, Any]) -> dict[str, Any]:
    return values


def _identifier(note: Note) -> str:
    return str(note.values.get("identifier") or note.values["identifier_"])


def _harmless(text: str) -> str:
    """An answer may quote the request, or be anything: what looks like a national id is masked,
    what no file can hold is replaced, and all has an end."""
    # Masked before it is cut: half of one would not look like one.
    return masked_in_text(_storable(text[:2000]))[:1000]


def _storable(text: str) -> str:
    """Without what no file can hold, nor PostgreSQL."""
    return text.encode(errors="replace").decode().replace("\0", "?")

"""What the ledger's tests tell it: facts, letters, outcomes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from waiting import PATIENCE

from batchsend.ledger import Entry, Ledger, LedgerJournal, LetterState, Place, RunFacts, Server
from batchsend.outcome import Attempt, Outcome, State

API = "https://api.example.com"
MOMENT = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


def facts(**changes: Any) -> RunFacts:
    given = {
        "destination": API,
        "list_path": Path("tenants.csv"),
        "list_digest": "list-1",
        "template_digest": "template-1",
        "engine": "plutoprint 0.23.0",
        "snapshot": Path("snapshot"),
    }
    return RunFacts(**{**given, **changes})


def entry(identifier: str, content: str = "content-1", found: LetterState | None = None) -> Entry:
    return Entry(identifier, 2, "PRINT", content, pages=1, engine="plutoprint 0.23.0", found=found)


def attempt(identifier: str, number: int = 1, message: str = "") -> Attempt:
    return Attempt(identifier, number, MOMENT, MOMENT, 202, message)


def outcome(identifier: str, state: State = "accepted", reason: str = "") -> Outcome:
    return Outcome(identifier, state, reason, f"request of {identifier}", 202, 1, MOMENT)


async def leave(
    journal: LedgerJournal,
    identifier: str,
    content: str = "content-1",
    found: LetterState | None = None,
) -> None:
    journal.announce(entry(identifier, content, found))
    await journal.queued(identifier)


async def pass_through(
    journal: LedgerJournal,
    identifier: str,
    state: State = "accepted",
    content: str = "content-1",
    found: LetterState | None = None,
) -> None:
    """One letter's way through the journal, as sending leads it."""
    await leave(journal, identifier, content, found)
    await journal.attempted(attempt(identifier))
    await journal.finished(outcome(identifier, state))


def address_of(place: Place) -> str:
    """A ledger's path or url, as another process needs it."""
    if isinstance(place, Server):
        return place.url.render_as_string(hide_password=False)
    return str(place)


@contextmanager
def beside(place: Place) -> Iterator[Any]:
    """The ledger's database without the ledger, as any other program would have it: what it
    executes is there at once."""
    if isinstance(place, Server):
        address = place.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            yield connection
    else:
        with closing(sqlite3.connect(place, isolation_level=None)) as database:
            yield database


def cut(server: Server) -> None:
    """End every connection but our own, as a server does that is stopped, and see that they are."""
    with beside(server) as database:
        database.execute(
            f"SELECT pg_terminate_backend(pid, {PATIENCE * 1000:.0f}) FROM pg_stat_activity"
            " WHERE application_name = 'batchsend'"
        )


def on_disk(place: Place, query: str) -> list[tuple[object, ...]]:
    """What another process would find."""
    with beside(place) as database:
        found: list[tuple[object, ...]] = database.execute(query).fetchall()
    return found


def states(ledger: Ledger, destination: str = API) -> dict[str, str]:
    return dict(ledger.standing(destination).select("identifier", "state").iter_rows())

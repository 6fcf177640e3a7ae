"""What the ledger's tests tell it: facts, letters, outcomes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from batchsend.ledger import Entry, Ledger, LedgerJournal, RunFacts
from batchsend.sending import Attempt, Outcome, State

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


def entry(identifier: str, content: str = "content-1") -> Entry:
    return Entry(identifier, 2, "PRINT", content, pages=1, engine="plutoprint 0.23.0")


def attempt(identifier: str, number: int = 1, message: str = "") -> Attempt:
    return Attempt(identifier, number, MOMENT, MOMENT, 202, message)


def outcome(identifier: str, state: State = "accepted", reason: str = "") -> Outcome:
    return Outcome(identifier, state, reason, f"request of {identifier}", 202, 1, MOMENT)


async def leave(journal: LedgerJournal, identifier: str, content: str = "content-1") -> None:
    journal.announce(entry(identifier, content))
    await journal.leaving(identifier)


async def pass_through(
    journal: LedgerJournal, identifier: str, state: State = "accepted", content: str = "content-1"
) -> None:
    """One letter's way through the journal, as sending leads it."""
    await leave(journal, identifier, content)
    await journal.attempted(attempt(identifier))
    await journal.ended(outcome(identifier, state))


def states(ledger: Ledger, destination: str = API) -> dict[str, str]:
    return dict(ledger.standing(destination).select("identifier", "state").iter_rows())

"""The transition table as conditions in SQL, for the triggers of any database.

Knows no dialect; `sqlite.py` and `postgres.py` make triggers of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from batchsend.ledger.states import REHEARSAL, TRANSITIONS
from batchsend.outcome import LetterState


@dataclass(frozen=True, slots=True)
class Rule:
    """What the database refuses to do to `letters`, whoever asks."""

    name: str
    event: str
    broken: str
    """The condition on OLD and NEW under which it is refused."""
    said: str


def _quoted(states: Iterable[LetterState]) -> str:
    return ", ".join(f"'{state}'" for state in sorted(states))


_LEGAL = " OR ".join(
    f"(OLD.state = '{before}' AND NEW.state IN ({_quoted(after)}))"
    for before, after in TRANSITIONS.items()
    if after
)

RULES = (
    Rule(
        "letters_begin",
        "INSERT",
        f"NEW.state NOT IN ({_quoted(TRANSITIONS['pending'])})",
        "no letter begins in this state",
    ),
    Rule(
        "letters_go_on", "UPDATE OF state", f"NOT ({_LEGAL})", "this state cannot follow that one"
    ),
    Rule(
        "letters_stay",
        "DELETE",
        f"OLD.destination <> '{REHEARSAL}'",
        "the ledger never forgets a letter",
    ),
)

"""The states of a letter in the ledger, and which may follow which: the whole promise as a table.

Knows nothing of how the ledger is stored; the database's own checks are made from this table, as
conditions in SQL of any dialect, which `sqlite.py` and `postgres.py` make triggers of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import get_args

from batchsend.errors import LedgerError
from batchsend.outcome import LetterState

STATES: tuple[LetterState, ...] = get_args(LetterState)

TRANSITIONS: Mapping[LetterState, frozenset[LetterState]] = {
    # not sent, or to be sent again because somebody decided so
    "pending": frozenset({"sending", "invalid"}),
    # on disk before the request leaves; never `sending` twice without an answer in between
    "sending": frozenset({"accepted", "rejected", "failed", "unknown"}),
    # the API has it: nothing follows, ever
    "accepted": frozenset(),
    # the API refused it for good, as it was; corrected, or let through by decision, it may go
    "rejected": frozenset({"sending", "invalid", "pending"}),
    # certain not to have been taken
    "failed": frozenset({"sending", "invalid", "pending"}),
    # perhaps taken: settled by the status call or by decision, or sent again where the API
    # refuses repeats
    "unknown": frozenset({"sending", "accepted", "rejected", "failed", "pending"}),
    # could not be rendered, never left
    "invalid": frozenset({"sending", "invalid"}),
}

TO_SEND: frozenset[LetterState] = frozenset({"pending", "failed", "invalid"})
"""What the next run sends without being asked: it is certain that the API has no such letter."""

IN_DOUBT: frozenset[LetterState] = frozenset({"sending", "unknown"})
"""What the API may have taken. `sending` without a living run is `unknown` not yet written down."""

MAY_BE_THERE: frozenset[LetterState] = IN_DOUBT | {"accepted"}
"""What the API has, or may have: nothing else goes under its identifier."""

REHEARSAL = "sandbox"
"""The destination where no letter is real: only there may the ledger forget one."""

SETTLEMENTS: frozenset[LetterState] = frozenset({"accepted", "failed", "pending"})
"""What a person may decide of an unknown letter: it arrived, it did not, or send it regardless."""


class RefusedError(LedgerError):
    """What was told would break the table above; the ledger is as it was."""


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

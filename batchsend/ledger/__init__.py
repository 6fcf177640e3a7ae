"""What has been decided and done: the durable record of every letter and every attempt."""

from typing import TYPE_CHECKING

from batchsend.ledger.settings import LedgerSettings, Place, Server
from batchsend.ledger.states import IN_DOUBT, MAY_BE_THERE, REHEARSAL, TO_SEND
from batchsend.loading import when_asked
from batchsend.outcome import Entry, LetterState

if TYPE_CHECKING:
    from batchsend.ledger.entries import Purged, Run, RunFacts
    from batchsend.ledger.journal import LedgerJournal
    from batchsend.ledger.ledger import Ledger
    from batchsend.ledger.reading import ATTEMPTS, OUTLINE, STANDING
    from batchsend.ledger.running import taken_from
    from batchsend.ledger.to_send import Comparison, compare, verdict

__all__ = [
    "ATTEMPTS",
    "IN_DOUBT",
    "MAY_BE_THERE",
    "OUTLINE",
    "REHEARSAL",
    "STANDING",
    "TO_SEND",
    "Comparison",
    "Entry",
    "Ledger",
    "LedgerJournal",
    "LedgerSettings",
    "LetterState",
    "Place",
    "Purged",
    "Run",
    "RunFacts",
    "Server",
    "compare",
    "taken_from",
    "verdict",
]

_HOMES = {
    "entries": ("Purged", "Run", "RunFacts"),
    "journal": ("LedgerJournal",),
    "ledger": ("Ledger",),
    "to_send": ("Comparison", "compare", "verdict"),
    "reading": ("ATTEMPTS", "OUTLINE", "STANDING"),
    "running": ("taken_from",),
}
if not TYPE_CHECKING:  # SQLAlchemy is needed by few commands
    __getattr__ = when_asked(__name__, _HOMES)

"""What has been decided and done: the durable record of every letter and every attempt."""

from batchsend.ledger.entries import End, Entry, Purged, Run, RunFacts
from batchsend.ledger.journal import LedgerJournal
from batchsend.ledger.ledger import Ledger, Settle
from batchsend.ledger.plan import Plan, plan
from batchsend.ledger.reading import ATTEMPTS, OUTLINE, STANDING
from batchsend.ledger.settings import LedgerSettings, Place, Server
from batchsend.ledger.states import REHEARSAL, LetterState

__all__ = [
    "ATTEMPTS",
    "OUTLINE",
    "REHEARSAL",
    "STANDING",
    "End",
    "Entry",
    "Ledger",
    "LedgerJournal",
    "LedgerSettings",
    "LetterState",
    "Place",
    "Plan",
    "Purged",
    "Run",
    "RunFacts",
    "Server",
    "Settle",
    "plan",
]

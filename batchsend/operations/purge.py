"""Purging: personal data that is no longer needed goes; identifiers and outcomes stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from batchsend.errors import LedgerError
from batchsend.language import _
from batchsend.ledger import Place, Purged
from batchsend.mailing import Mailing
from batchsend.operations.register_entries import forget_purged
from batchsend.operations.runs import open_ledger
from batchsend.previews import previewed_files
from batchsend.sandbox import letter_files


@dataclass(frozen=True, slots=True)
class Cleared:
    """What was removed."""

    ledger: Purged
    documents: int
    """Files of rehearsals and previews."""
    recipients: int
    """Recipients' hashes in this user's register of what went."""
    not_cleared: str
    """Why those could not be removed, in a sentence; empty where they were."""


def purge(mailing: Mailing, before: datetime, *, ledger: Place | None = None) -> Cleared:
    """Remove what earlier runs left of people's data: the snapshots of their lists, what the API
    said of them, the documents of rehearsals and previews beside the mailing, and what this user's
    register has of recipients and folders.

    Reports and the files of others are not touched. Raises LedgerError where the mailing was never
    sent, another run is using the ledger, or a file cannot be removed.
    """
    with open_ledger(mailing, ledger) as book:
        purged = book.purge(before)
        recipients, registered = forget_purged(book, before)
    ours = [
        *letter_files(mailing.folder / "sandbox-letters"),
        *previewed_files(mailing.folder / "preview"),
    ]
    old = [path for path in ours if path.stat().st_mtime < before.timestamp()]
    for path in old:
        try:
            path.unlink()
        except OSError as error:
            raise LedgerError(
                _("{path} cannot be removed: {strerror}.", path=path, strerror=error.strerror)
            ) from error
    return Cleared(purged, len(old), recipients, registered)

"""Purging: personal data that is no longer needed goes; identifiers and outcomes stay."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from batchsend.errors import LedgerError, in_short
from batchsend.language import _
from batchsend.ledger import Ledger, Place, Purged
from batchsend.mailing import STDIN, Mailing
from batchsend.operations.history.register_entries import forget_purged, register_if_kept
from batchsend.operations.history.runs import open_ledger
from batchsend.operations.report import report_files, workbooks
from batchsend.operations.running.copying import copies_of
from batchsend.previews import previewed_files
from batchsend.sandbox import letter_files


@dataclass(frozen=True, slots=True)
class Stays:
    """A file with personal data that a purge leaves where it is."""

    path: Path
    why: str
    """A sentence."""


@dataclass(frozen=True, slots=True)
class PurgePlan:
    """What a purge would remove, and what it would leave."""

    before: datetime
    lists: tuple[Path, ...]
    """Checked lists, each a folder."""
    documents: tuple[Path, ...]
    """Files of rehearsals and previews."""
    copies: tuple[Path, ...]
    """Archives of copies of what was sent."""
    reports: tuple[Path, ...]
    """Reports and needs-attention workbooks; empty unless they are to go, too."""
    stays: tuple[Stays, ...]

    @property
    def goes(self) -> tuple[Path, ...]:
        """All files and folders that go."""
        return (*self.lists, *self.documents, *self.copies, *self.reports)


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
    plan: PurgePlan
    """The files that went and those that stay."""


def purge_plan(
    mailing: Mailing, before: datetime, *, ledger: Place | None = None, reports: bool = False
) -> PurgePlan:
    """What `purge` would remove and leave; nothing is changed.

    Raises LedgerError where the mailing was never sent.
    """
    with open_ledger(mailing, ledger) as book:
        return _planned(mailing, before, book, reports=reports)


def purge(
    mailing: Mailing, before: datetime, *, ledger: Place | None = None, reports: bool = False
) -> Cleared:
    """Remove what earlier runs left of people's data: the snapshots of their lists, what the API
    said of them, the documents of rehearsals and previews beside the mailing, copies of what was
    sent, and what this user's register has of recipients and folders; with `reports` also reports
    and needs-attention workbooks. All as far as they are from before.

    The files of others are not touched. Raises LedgerError where the mailing was never sent,
    another run is using the ledger, or a file cannot be removed.
    """
    with open_ledger(mailing, ledger) as book:
        planned = _planned(mailing, before, book, reports=reports)
        purged = book.purge(before)
        recipients, registered = forget_purged(book, before)
    for path in (*planned.documents, *planned.copies, *planned.reports):
        remove(path)
    return Cleared(purged, len(planned.documents), recipients, registered, planned)


def remove(path: Path) -> None:
    """Remove a file, if it is there. Raises LedgerError where that fails."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise LedgerError(
            _("{path} cannot be removed: {reason}.", path=path, reason=in_short(error)),
            hint=_("Close it where it is open, and run the same command again."),
        ) from error


def _planned(mailing: Mailing, before: datetime, book: Ledger, *, reports: bool) -> PurgePlan:
    documents = [
        *letter_files(mailing.folder / "sandbox-letters"),
        *previewed_files(mailing.folder / "preview"),
    ]
    copies, written = copies_of(mailing), [*report_files(mailing), *workbooks(mailing)]
    lists = book.lists_to_purge(before)
    old_copies = copies.older_than(before)
    old_documents = _older(documents, before)
    old_written = _older(written, before) if reports else []
    younger = _("It is younger.")
    asked = younger if reports else _("Reports and workbooks stay unless they are asked for, too.")
    stays = [
        *_kept_for_ever(mailing, book),
        *(Stays(path, younger) for path in _lists_there(book) if path not in lists),
        *(Stays(path, younger) for path in documents if path not in old_documents),
        *(Stays(path, younger) for path in copies.archives() if path not in old_copies),
        *(Stays(path, asked) for path in written if path not in old_written),
    ]
    return PurgePlan(
        before,
        tuple(sorted(map(_in_full, lists))),
        tuple(sorted(map(_in_full, old_documents))),
        tuple(map(_in_full, old_copies)),
        tuple(map(_in_full, old_written)),
        tuple(replace(each, path=_in_full(each.path)) for each in stays),
    )


def _in_full(path: Path) -> Path:
    """A path that says the same in every folder."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - a link on the way stays one


def _kept_for_ever(mailing: Mailing, book: Ledger) -> Iterator[Stays]:
    if mailing.list.path != STDIN:
        yield Stays(mailing.folder / mailing.list.path, _("The list is yours."))
    for exclude in mailing.list.exclude:
        yield Stays(mailing.folder / exclude.path, _("The list is yours."))
    corrections = mailing.corrections
    if corrections.exists():
        yield Stays(corrections, _("Corrections belong to the mailing, over all its lists."))
    if isinstance(book.place, Path):
        yield Stays(book.place, _("It keeps identifiers and outcomes, so that nothing goes twice."))
        if register := register_if_kept(mailing):
            why = _(
                "This user’s register of all mailings: it keeps identifiers and outcomes, so that "
                "nothing goes twice from another folder."
            )
            yield Stays(register, why)


def _lists_there(book: Ledger) -> list[Path]:
    if not book.snapshots.is_dir():
        return []
    return sorted(path for path in book.snapshots.iterdir() if path.is_dir())


def _older(paths: Iterable[Path], before: datetime) -> list[Path]:
    return [path for path in paths if path.stat().st_mtime < before.timestamp()]

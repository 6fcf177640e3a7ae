"""One person: all that is kept of a letter's recipient."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from batchsend.copies import About
from batchsend.corrections import Labels, lines_about
from batchsend.errors import BatchsendError
from batchsend.ledger import Ledger, Place
from batchsend.letters import Snapshot
from batchsend.mailing import Mailing
from batchsend.operations.history.register_entries import registered_of
from batchsend.operations.history.reported import report_files, workbooks
from batchsend.operations.history.runs import open_ledger
from batchsend.operations.running.copying import copies_of
from batchsend.sandbox import letter_files
from batchsend.text import file_stem


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A row of a checked list, as it is kept."""

    snapshot: Path
    row: int
    cells: dict[str, str]
    """By heading; by name where there is none, and with a number where a heading is repeated."""
    reasons: str
    """Why it was held back, in words; empty where it was not."""


@dataclass(frozen=True, slots=True)
class Kept:
    """All that is kept of one letter's recipient."""

    identifier: str
    letters: tuple[dict[str, Any], ...]
    """The ledger's entries, each with its destination."""
    attempts: tuple[dict[str, Any], ...]
    decisions: tuple[dict[str, Any], ...]
    rows: tuple[KeptRow, ...]
    corrections: tuple[str, ...]
    """Lines of corrections.jsonl that are about such a row."""
    copies: tuple[About, ...]
    registered: tuple[dict[str, Any], ...]
    files: tuple[Path, ...]
    """Reports, workbooks, rehearsed letters, previews and lists in which the identifier, or a cell
    that tells the row apart, stands."""

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is kept at all."""
        return not (self.letters or self.rows or self.copies or self.registered)


def kept_of(mailing: Mailing, identifier: str, *, ledger: Place | None = None) -> Kept:
    """All that is kept of the recipient of a letter, by its identifier.

    Raises LedgerError where the mailing was never sent, SettingsError where its corrections cannot
    be read.
    """
    with open_ledger(mailing, ledger) as book:
        destinations = sorted({run.facts.destination for run in book.runs()})
        letters, attempts = [], []
        for place in destinations:
            standing = book.standing(place).filter(identifier=identifier)
            letters += [{"destination": place, **each} for each in standing.iter_rows(named=True)]
            made = book.attempts(place).filter(identifier=identifier)
            attempts += [{"destination": place, **each} for each in made.iter_rows(named=True)]
        rows = tuple(row for snapshot in snapshots_of(book) for row in _rows(snapshot, identifier))
        copies = copies_of(mailing).of(lambda copy: copy.about.identifier == identifier)
        return Kept(
            identifier=identifier,
            letters=tuple(letters),
            attempts=tuple(attempts),
            decisions=tuple(book.decisions(identifier)),
            rows=rows,
            corrections=lines_about(mailing.corrections, [row.cells for row in rows]),
            copies=tuple(copy.about for copy in copies),
            registered=tuple(registered_of(book, identifier)),
            files=tuple(mentioning(mailing, [identifier])),
        )


def snapshots_of(book: Ledger) -> Iterator[Snapshot]:
    """The checked lists that are still there, without those of another folder that this one was
    copied from."""
    for path in dict.fromkeys(map(book.list_of, book.runs())):
        if path.parent == book.snapshots:
            with suppress(BatchsendError):
                yield Snapshot.open(path)


def _rows(snapshot: Snapshot, identifier: str) -> Iterator[KeptRow]:
    try:
        found = snapshot.frame.filter(pl.col("identifier") == identifier).collect()
    except (OSError, pl.exceptions.PolarsError):
        return
    labels = Labels(snapshot.columns)
    for line in found.iter_rows(named=True):
        cells = {labels.of(column): line[column.key] or "" for column in snapshot.columns}
        yield KeptRow(snapshot.path, line["row"], cells, line["reasons"] or "")


def rehearsed_letters(mailing: Mailing, identifiers: Iterable[str]) -> list[Path]:
    """Rehearsed letters under these identifiers."""
    stems = {file_stem(identifier) for identifier in identifiers}
    files = letter_files(mailing.folder / "sandbox-letters")
    return [path for path in files if path.stem.partition("-")[2] in stems]


def mentioning(mailing: Mailing, identifiers: Sequence[str]) -> Iterator[Path]:
    """Reports, workbooks and rehearsed letters in which an identifier stands."""
    wanted = [identifier.encode() for identifier in identifiers]
    yield from rehearsed_letters(mailing, identifiers)
    for path in dict.fromkeys((*report_files(mailing), *workbooks(mailing))):
        # A workbook to be corrected has the list's columns and no identifiers, and a page has its
        # rows packed.
        packed = path in workbooks(mailing) or path.suffix.lower() == ".html"
        if packed or any(text in _content(path) for text in wanted):
            yield path


def _content(path: Path) -> bytes:
    try:
        if path.suffix.lower() != ".xlsx":
            return path.read_bytes()
        with zipfile.ZipFile(path) as archive:
            return b"".join(archive.read(name) for name in archive.namelist())
    except (OSError, zipfile.BadZipFile):
        return b""

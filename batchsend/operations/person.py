"""One person: all that is kept of a letter's recipient, and forgetting it: it is removed, but for
what keeps a second letter from them."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from batchsend.copies import About
from batchsend.corrections import Labels, lines_about
from batchsend.corrections import forget as forget_corrections
from batchsend.errors import BatchsendError, LedgerError, in_short
from batchsend.language import _
from batchsend.ledger import MAY_BE_THERE, REHEARSAL, Ledger, Place
from batchsend.letters import Snapshot, forget_letters
from batchsend.mailing import STDIN, Mailing
from batchsend.operations.history.receipt import checked_lists
from batchsend.operations.history.register_entries import own_runs, register_of, registered_of
from batchsend.operations.history.runs import open_ledger, period_of, runs_if_any
from batchsend.operations.periods import by_period
from batchsend.operations.purge import remove
from batchsend.operations.report import report, report_files, workbooks
from batchsend.operations.running.copying import copies_of
from batchsend.previews import previewed_files
from batchsend.register import RegisterError
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
    """The mailing's own checked lists that are still there."""
    for path in reversed(checked_lists(book)):
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


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was removed of people, and what could not be."""

    letters: int
    rows: int
    copies: int
    recipients: int
    corrections: int
    files: tuple[Path, ...]
    """Files that were removed or written again."""
    left: tuple[Path, ...]
    """Files in which they may still stand: they are not batchsend's to change."""
    trouble: tuple[str, ...]
    """What could not be done, in sentences."""


def forget(
    mailing: Mailing, identifiers: Sequence[str], *, ledger: Place | None = None
) -> Forgotten:
    """Remove what is kept of the recipients of letters, but for what keeps a second letter from
    them: identifier, destination and outcome.

    Raises LedgerError where the mailing was never sent, has no such letter, or another run is
    using the ledger.
    """
    trouble: list[str] = []
    kept = [kept_of(mailing, identifier, ledger=ledger) for identifier in identifiers]
    for one in kept:
        if one.is_nothing:
            raise LedgerError(
                _(
                    "{mailing} has nothing of a letter {identifier}. Nothing was removed.",
                    mailing=mailing.name,
                    identifier=one.identifier,
                ),
                hint=_("The report has the identifier of each letter."),
            )
    with open_ledger(mailing, ledger) as book:
        letters = book.clear_letters(identifiers)
        went = [
            str(each["identifier"])
            for one in kept
            for each in one.letters
            if each["state"] in MAY_BE_THERE
        ]
        rows = 0
        for snapshot in snapshots_of(book):
            try:
                rows += forget_letters(snapshot, identifiers, went)
            except (OSError, pl.exceptions.PolarsError) as error:
                trouble.append(
                    _(
                        "{path} could not be changed: {reason}.",
                        path=snapshot.path,
                        reason=in_short(error),
                    )
                )
        recipients = _forget_registered(mailing, book, identifiers, trouble)
    copies = copies_of(mailing).of(lambda copy: copy.about.identifier in identifiers)
    copies_of(mailing).forget(copies)
    corrected = _forget_corrections(mailing, [row for one in kept for row in one.rows], trouble)
    files = [*rehearsed_letters(mailing, identifiers), *previewed_files(mailing.folder / "preview")]
    for path in files:
        remove(path)
    mentioned = set(mentioning(mailing, identifiers))
    stated = [path for path in report_files(mailing) if path in mentioned]
    files += _without_them(mailing, stated, ledger, trouble)
    own = [path for path in workbooks(mailing) if path in mentioned]
    left = [path for path in (*stated, *own) if path not in files and path.exists()]
    return Forgotten(
        letters=letters,
        rows=rows,
        copies=len(copies),
        recipients=recipients,
        corrections=corrected,
        files=tuple(dict.fromkeys(files)),
        left=(*left, *_lists(mailing)),
        trouble=tuple(trouble),
    )


def _without_them(
    mailing: Mailing, stated: Sequence[Path], ledger: Place | None, trouble: list[str]
) -> list[Path]:
    """Write the reports again in which they stand, of each period; those of rehearsals go."""
    rehearsed = [path for path in stated if path.stem.startswith(mailing.rehearsal_report.stem)]
    for path in rehearsed:
        remove(path)
    files = list(rehearsed)
    older = mailing.folder / "reports"
    places = {path.parent for path in stated if path not in rehearsed}
    names = [place.name for place in sorted(places) if place.parent == older]
    # The newest last: what is to be corrected is then of that one.
    for name in (*names, *([None] if places else [])):
        try:
            of = _newest(mailing, ledger) if name is None else mailing.of_period(name)
            files += report(of, ledger=ledger).files
        except BatchsendError as error:
            trouble.append(
                _("The report could not be written again: {message}", message=error.message)
            )
    return files


def _newest(mailing: Mailing, ledger: Place | None) -> Mailing:
    """The mailing in the period that its report is of."""
    with open_ledger(mailing, ledger) as book:
        runs = runs_if_any(mailing, book)
        real = [run for run in runs if run.facts.destination != REHEARSAL]
        period = period_of(by_period(real or runs)[-1][0]) if runs else None
    return mailing if period is None else mailing.of_period(period)


def _lists(mailing: Mailing) -> Iterator[Path]:
    """The lists that somebody else keeps."""
    if mailing.list.path != STDIN:
        yield _without_steps_back(mailing.folder / mailing.list.path)
    for exclude in mailing.list.exclude:
        yield _without_steps_back(mailing.folder / exclude.path)


def _without_steps_back(path: Path) -> Path:
    """A path as a person reads it, without `..` in its middle."""
    return Path(os.path.normpath(path))


def _forget_corrections(mailing: Mailing, rows: Sequence[KeptRow], trouble: list[str]) -> int:
    try:
        return forget_corrections(mailing.corrections, [row.cells for row in rows])
    except (OSError, TimeoutError, BatchsendError) as error:
        trouble.append(
            _(
                "{path} could not be changed: {reason}.",
                path=mailing.corrections,
                reason=in_short(error),
            )
        )
        return 0


def _forget_registered(
    mailing: Mailing, book: Ledger, identifiers: Sequence[str], trouble: list[str]
) -> int:
    try:
        with register_of(book) as register:
            return register.forget(own_runs(mailing, book), identifiers) if register else 0
    except RegisterError as error:
        trouble.append(_("{error} What it has of these recipients is still there.", error=error))
        return 0

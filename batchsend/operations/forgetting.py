"""Forgetting: what is kept of a letter's recipient is removed, but for what keeps a second letter
from them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from batchsend.corrections import forget as forget_corrections
from batchsend.errors import BatchsendError, LedgerError, in_short
from batchsend.language import _
from batchsend.ledger import MAY_BE_THERE, REHEARSAL, Ledger, Place
from batchsend.letters import forget_letters
from batchsend.mailing import STDIN, Mailing
from batchsend.operations.history.register_entries import own_runs, register_of
from batchsend.operations.history.reported import report_files, workbooks
from batchsend.operations.history.runs import open_ledger, period_of, runs_if_any
from batchsend.operations.periods import by_period
from batchsend.operations.person import (
    KeptRow,
    kept_of,
    mentioning,
    rehearsed_letters,
    snapshots_of,
)
from batchsend.operations.purge import remove
from batchsend.operations.report import report
from batchsend.operations.running.copying import copies_of
from batchsend.previews import previewed_files
from batchsend.register import RegisterError


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

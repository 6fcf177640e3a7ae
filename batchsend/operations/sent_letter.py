"""sent_letter: the copy of a letter as it was sent, found by its identifier or row."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

import polars as pl

from batchsend.copies import Copy
from batchsend.errors import BatchsendError, LedgerError, ReportError, in_short
from batchsend.language import _
from batchsend.ledger import MAY_BE_THERE, Ledger, Place, Run, taken_from
from batchsend.letters import RowSet, Snapshot
from batchsend.mailing import Mailing
from batchsend.operations.history.runs import letters_of, open_ledger, runs_to_apis
from batchsend.operations.running.copying import copies_of, seal_of


@dataclass(frozen=True, slots=True)
class SentLetter:
    """A letter as it was sent."""

    copy: Copy
    pdf: bytes
    accepted: bool
    """Whether the API has it; else it may have it."""


def sent_letter(
    mailing: Mailing,
    identifier: str | None = None,
    *,
    row: int | None = None,
    ledger: Place | None = None,
) -> SentLetter:
    """The copy of a letter, by its identifier or by a row of the list that was sent last.

    Raises LedgerError where no such letter was sent, or no copy of it is there; ReportError where
    the copy cannot be read.
    """
    with open_ledger(mailing, ledger) as book:
        runs = runs_to_apis(mailing, book)
        if identifier is None:
            assert row is not None  # noqa: S101 - one of them is given
            identifier = _identifier_of(row, runs[-1], mailing, book)
        places = dict.fromkeys(run.facts.destination for run in reversed(runs))
        found = [
            (place, standing)
            for place in places
            for standing in letters_of(mailing, book, place)
            .filter(identifier=identifier)
            .iter_rows(named=True)
        ]
        went = [(place, each) for place, each in found if each["state"] in MAY_BE_THERE]
        kept = copies_of(mailing).of(lambda copy: copy.about.identifier == identifier)
        for place, each in went:
            copy = _as_sent(kept, place, each, book, runs)
            if copy is not None:
                pdf = copy.read(seal_of(mailing))
                return SentLetter(copy, pdf, accepted=each["state"] == "accepted")
    raise _no_copy(mailing, identifier, found=bool(found), went=bool(went))


def _identifier_of(row: int, run: Run, mailing: Mailing, book: Ledger) -> str:
    """Of the letter that a row of a run's list went into."""
    first = row
    try:
        snapshot = Snapshot.open(book.list_of(run))
        begin = snapshot.beginnings(RowSet.parse(str(row)))
        first = begin.ranges[0][0] if begin.ranges else row
    except BatchsendError:
        pass  # it was purged: the ledger still knows the row that a letter begins with
    letters = letters_of(mailing, book, run.facts.destination).filter(pl.col("row") == first)
    if letters.is_empty():
        raise LedgerError(
            _("No letter of row {row} was sent.", row=row),
            hint=_(
                "Rows are those of the list that was sent last. Name the letter's "
                "identifier instead; the report has it."
            ),
        )
    newest = letters.sort("run", descending=True)
    return str(newest.item(0, "identifier"))


def _as_sent(
    kept: Sequence[Copy], place: str, standing: Mapping[str, Any], book: Ledger, runs: list[Run]
) -> Copy | None:
    """Among the copies of a letter that of the run which was the last to send it. Where the API
    only said then that it has the letter, that of the run before, if there is but one."""
    # The entries of a file are taken along into a database, which has its own numbers for runs.
    taken = {taken_from(run): run.number for run in runs}
    numbered = [
        (
            copy.about.run
            if copy.about.ledger == book.identity
            else taken.get((copy.about.ledger, copy.about.run)),
            copy,
        )
        for copy in kept
        if copy.about.destination == place
    ]
    last = standing["run"]
    found = [copy for run, copy in numbered if run == last]
    if not found and standing["http_status"] == HTTPStatus.CONFLICT:
        before = [copy for run, copy in numbered if run is not None and run < last]
        found = before if len(before) == 1 else []
    return found[-1] if found else None


def _no_copy(mailing: Mailing, identifier: str, *, found: bool, went: bool) -> LedgerError:
    if not found:
        return LedgerError(
            _(
                "{mailing} has sent no letter {identifier}.",
                mailing=mailing.name,
                identifier=identifier,
            ),
            hint=_("The report has the identifier of each letter."),
        )
    if not went:
        return LedgerError(
            _(
                "The letter {identifier} was not accepted, so there is no copy of it.",
                identifier=identifier,
            )
        )
    why = (
        _("Copies are not kept: set days under [copies] for the letters to come.")
        if mailing.copies.days is None
        else _(
            "Its days are over, it was purged, it was sent before copies were kept, or its run "
            "was killed before the copy was written."
        )
    )
    return LedgerError(
        _("There is no copy of the letter {identifier}.", identifier=identifier), hint=why
    )


def write_letter(letter: SentLetter, path: Path) -> None:
    """Write the PDF to a file that only its owner can read, and never over another.

    Raises ReportError.
    """
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
            file.write(letter.pdf)
    except FileExistsError:
        raise ReportError(
            _("{path} is there already, and is not changed.", path=path),
            hint=_("Name another file with --to."),
        ) from None
    except OSError as error:
        raise ReportError(
            _("{path} cannot be written: {reason}.", path=path, reason=in_short(error))
        ) from error

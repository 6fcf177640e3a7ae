"""The runs of a mailing in a ledger, which several mailings may share."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from batchsend.errors import LedgerError, SettingsError
from batchsend.language import _, ngettext
from batchsend.ledger import REHEARSAL, Ledger, Place, Run
from batchsend.letters import RowSet
from batchsend.mailing import Mailing
from batchsend.operations.register_entries import enter_left_over
from batchsend.sending import destination


def mailing_key(mailing: Mailing, book: Ledger) -> str:
    """What a run notes of its mailing, as several may share a ledger: in a file where it lies, in a
    database, which several machines may share, its name."""
    return str(mailing.path.resolve()) if isinstance(book.place, Path) else mailing.name


def ledger_of(mailing: Mailing, ledger: Place | None) -> Ledger:
    """The mailing's ledger, made if there is none; what it had in a file before it had a database
    is taken along. Raises LedgerError and SettingsError."""

    def named(run: Run) -> Run:
        """A run as a database has it: of a mailing by its name, where that can still be read."""
        place = _place_then(run)
        options = {**run.facts.options, "mailing": _name_at(mailing, place) or place}
        return replace(run, facts=replace(run.facts, options=options))

    book = Ledger.open(ledger or mailing.ledger_place, named)
    try:
        book.respell(_spelled_today)
    except BaseException:
        book.close()
        raise
    return book


def _spelled_today(stored: str) -> str:
    """The spelling of a destination that a ledger has, perhaps from an earlier batchsend."""
    try:
        return destination(stored)
    except SettingsError:  # no address, as of the sandbox
        return stored


def _name_at(mailing: Mailing, place: str) -> str:
    """The name of the mailing that lies at a place as seen from its ledger."""
    path = mailing.ledger_folder / place
    if path.resolve() == mailing.path.resolve():
        return mailing.name
    try:
        return Mailing.load(path).name
    except SettingsError:
        return ""


def open_ledger(mailing: Mailing, ledger: Place | None) -> Ledger:
    """The ledger of a mailing that was sent before; what a killed run has not told the register
    is entered. Raises LedgerError where there is none."""
    place = ledger or mailing.ledger_place
    if isinstance(place, Path) and not place.exists():
        raise _never_sent(mailing, place)
    book = ledger_of(mailing, place)
    try:
        enter_left_over(mailing, book)
    except BaseException:
        book.close()
        raise
    return book


def last_run(mailing: Mailing, book: Ledger) -> Run:
    """The mailing's last run, to whatever destination; where machines share the ledger, the last
    whose checked list is here, if there is one. Raises LedgerError where there is none."""
    runs = runs_of(mailing, book)
    if isinstance(book.place, Path):
        return runs[-1]
    here = (run for run in reversed(runs) if (book.snapshots / run.facts.snapshot.name).exists())
    return next(here, runs[-1])


def runs_to_apis(mailing: Mailing, book: Ledger) -> list[Run]:
    """The mailing's runs but for rehearsals, oldest first.

    Raises LedgerError where there is none.
    """
    runs = [run for run in runs_of(mailing, book) if run.facts.destination != REHEARSAL]
    if not runs:
        raise LedgerError(
            _(
                "{mailing} was only rehearsed in the sandbox: no letter of it went to an API.",
                mailing=mailing.name,
            ),
            hint=_("Send it to an API first."),
        )
    return runs


def letters_of(mailing: Mailing, book: Ledger, to: str) -> pl.DataFrame:
    """How the letters stand at a destination (ledger.STANDING) that this mailing was the last to
    send; those of its neighbours in the ledger are not among them."""
    ours = [run.number for run in runs_of(mailing, book)]
    return book.standing(to).filter(pl.col("run").is_in(ours))


def runs_of(mailing: Mailing, book: Ledger) -> list[Run]:
    """All runs of the mailing, oldest first. Raises LedgerError where there is none."""
    key = mailing_key(mailing, book)
    if isinstance(book.place, Path):
        place = _seen_from(book.place.parent, key)
        runs = [run for run in book.runs() if _place_then(run) == place]
    else:
        runs = [run for run in book.runs() if run.facts.options.get("mailing") == key]
    if not runs:
        raise _never_sent(mailing, book.place)
    return runs


def runs_like(mailing: Mailing, book: Ledger) -> list[Run]:
    """All runs of the mailing, and those of one that is no longer where it was: renamed, perhaps.

    Of a mailing that still lies beside this one, letters alike are other letters.
    """
    key = mailing_key(mailing, book)
    if not isinstance(book.place, Path):
        return [run for run in book.runs() if run.facts.options.get("mailing") == key]
    folder = book.place.parent
    ours = _seen_from(folder, key)
    places = {run.number: _place_then(run) for run in book.runs()}
    others = {place for place in places.values() if place != ours and (folder / place).exists()}
    return [run for run in book.runs() if places[run.number] not in others]


def rows_chosen(run: Run) -> RowSet | None:
    """The rows that a run was asked for; None where that was the whole list."""
    rows = run.facts.options.get("rows")
    return None if rows is None else RowSet.parse(str(rows))


def runs_numbered(mailing: Mailing, book: Ledger, numbers: Sequence[int]) -> list[Run]:
    """The runs with these numbers, oldest first. Raises SettingsError where there is no such."""
    runs = {run.number: run for run in runs_of(mailing, book)}
    missing = [number for number in numbers if number not in runs]
    if missing:
        known = "; ".join(
            _(
                "{number}, begun {begun:%Y-%m-%d %H:%M}, to {destination}",
                number=run.number,
                begun=run.started.astimezone(),
                destination=run.facts.destination,
            )
            for run in runs.values()
        )
        raise SettingsError(
            _("{mailing} has no run {missing}.", mailing=mailing.name, missing=missing[0]),
            hint=ngettext(
                "Its only run is {known}.", "Its runs are {known}.", len(runs), known=known
            ),
        )
    return [runs[number] for number in sorted(set(numbers))]


def _place_then(run: Run) -> str:
    """Where the run's mailing lay as seen from its ledger; both may have been moved since."""
    folder_of_ledger = run.facts.snapshot.parent.parent
    return _seen_from(folder_of_ledger, str(run.facts.options.get("mailing")))


def _seen_from(folder: Path, mailing: str) -> str:
    try:
        return os.path.relpath(mailing, folder)
    except ValueError:  # on another drive of a Windows computer
        return mailing


def _never_sent(mailing: Mailing, ledger: Place) -> LedgerError:
    return LedgerError(
        _(
            "{mailing} was never sent: the ledger {ledger} has no run of it.",
            mailing=mailing.name,
            ledger=ledger,
        ),
        hint=_(
            "If the ledger lies elsewhere, name it with --ledger. If the mailing was moved "
            "without its ledger, or its file renamed, undo that."
        )
        if isinstance(ledger, Path)
        else _("There a mailing is known by its name: if that was changed, undo it."),
    )

"""The runs of a mailing in a ledger, which several mailings may share; and the one that another
process has begun, as the ledger's counts tell of it."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import polars as pl

from batchsend.corrections import is_reasons
from batchsend.errors import BatchsendError, LedgerError, SettingsError
from batchsend.language import _, ngettext
from batchsend.ledger import REHEARSAL, Ledger, Place, Run
from batchsend.letters import RowSet, Snapshot, folded_alike
from batchsend.mailing import Mailing
from batchsend.operations.history.register_entries import enter_left_over
from batchsend.sending import destination
from batchsend.text import column_name


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


def period_of(run: Run) -> str | None:
    """The period that a run was of; None where its mailing had none, as in version 0.1."""
    period = run.facts.options.get("period")
    return None if period is None else str(period)


def of_period(runs: Iterable[Run], period: str | None) -> list[Run]:
    """Those of the runs that were of this period."""
    return [run for run in runs if period_of(run) == period]


def runs_of_period(mailing: Mailing, book: Ledger) -> list[Run]:
    """The runs of the mailing's period, oldest first; where it has none, of its last run's period.

    Raises LedgerError where there is none.
    """
    return _in_period(mailing, runs_of(mailing, book), mailing.period)


def real_runs_of_period(mailing: Mailing, book: Ledger, period: str | None) -> list[Run]:
    """The mailing's runs of a period but for rehearsals, oldest first; of the last one's period
    where none is named. Raises LedgerError where there is none."""
    return _in_period(mailing, runs_to_apis(mailing, book), period)


def _in_period(mailing: Mailing, runs: list[Run], period: str | None) -> list[Run]:
    wanted = period_of(runs[-1]) if period is None else period
    found = of_period(runs, wanted)
    if not found:
        known = ", ".join(dict.fromkeys(period_of(run) or _("none") for run in runs))
        raise LedgerError(
            _(
                "{mailing} was never sent in the period {wanted}. Periods that it was sent "
                "in: {known}.",
                mailing=mailing.name,
                wanted=wanted,
                known=known,
            ),
            hint=_("Name one of them with --period."),
        )
    return found


def same_letters(mailing: Mailing, runs: Sequence[Run]) -> list[Run]:
    """Those of the runs whose letters may be this mailing's own once more: of its period, however
    that is written, and of none. Of another period they are other letters."""
    if mailing.period is None:
        return list(runs)
    own = is_written_like(mailing.period, {period_of(run) or "" for run in runs})
    return [run for run in runs if period_of(run) is None or period_of(run) in own]


def is_written_like(period: str, others: Collection[str]) -> set[str]:
    """Those of some periods that are this one, perhaps written another way: 2027-1 is 2027-01."""
    pairs = pl.DataFrame({"other": sorted(others)}, schema={"other": pl.String})
    alike = folded_alike(pl.col("other"), pl.lit(period))
    return {period, *pairs.filter(alike)["other"]}


def last_here(book: Ledger, runs: Sequence[Run]) -> Run:
    """The last of some runs; where machines share the ledger, the last whose checked list is here,
    if there is one."""
    if isinstance(book.place, Path):
        return runs[-1]
    here = (run for run in reversed(runs) if book.list_of(run).exists())
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


def letters_of(mailing: Mailing, book: Ledger, to: str, period: str | None = None) -> pl.DataFrame:
    """How the letters stand at a destination (ledger.STANDING) that this mailing was the last to
    send, of one period or of all; those of its neighbours in the ledger are not among them."""
    runs = runs_of(mailing, book)
    ours = [run.number for run in (runs if period is None else of_period(runs, period))]
    return book.standing(to).filter(pl.col("run").is_in(ours))


def runs_of(mailing: Mailing, book: Ledger) -> list[Run]:
    """All runs of the mailing, oldest first. Raises LedgerError where there is none."""
    runs = runs_if_any(mailing, book)
    if not runs:
        raise _never_sent(mailing, book.place)
    return runs


def runs_if_any(mailing: Mailing, book: Ledger) -> list[Run]:
    """All runs of the mailing, oldest first; none where it was never sent."""
    key = mailing_key(mailing, book)
    if isinstance(book.place, Path):
        place = _seen_from(book.place.parent, key)
        return [run for run in book.runs() if _place_then(run) == place]
    return [run for run in book.runs() if run.facts.options.get("mailing") == key]


def runs_like(mailing: Mailing, book: Ledger) -> list[Run]:
    """All runs of the mailing, of one of its name, copied perhaps, and of one that is no longer
    where it was: renamed, perhaps.

    Of a mailing of another name that still lies beside this one, letters alike are other letters.
    """
    key = mailing_key(mailing, book)
    if not isinstance(book.place, Path):
        return [run for run in book.runs() if run.facts.options.get("mailing") == key]
    folder = book.place.parent
    ours = _seen_from(folder, key)
    places = {run.number: _place_then(run) for run in book.runs()}
    others = {place for place in places.values() if place != ours and (folder / place).exists()}
    return [
        run
        for run in book.runs()
        if places[run.number] not in others
        or is_named_like(mailing, str(run.facts.options.get("name") or ""))
    ]


def is_named_like(mailing: Mailing, name: str) -> bool:
    """Whether a mailing of this name may be the same; case, blanks and separators do not count."""
    then, now = column_name(name), column_name(mailing.name)
    return name == mailing.name or then == now != ""


def rows_chosen(run: Run) -> RowSet | None:
    """The rows that a run was asked for; None where that was the whole list."""
    rows = run.facts.options.get("rows")
    return None if rows is None else RowSet.parse(str(rows))


def run_numbered(mailing: Mailing, book: Ledger, number: int) -> Run:
    """The run with this number. Raises SettingsError where there is none."""
    runs = {run.number: run for run in runs_of(mailing, book)}
    if number not in runs:
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
            _("{mailing} has no run {number}.", mailing=mailing.name, number=number),
            hint=ngettext(
                "Its only run is {known}.", "Its runs are {known}.", len(runs), known=known
            ),
        )
    return runs[number]


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


_USUAL_NAME = "needs-attention"


def is_of_a_part(run: Run, book: Ledger) -> bool:
    """Whether a run was of the corrected rows alone, in a needs-attention workbook (`--list
    needs-attention.xlsx`). Any other list is a whole one.

    Where its checked list is gone, the name of its file tells.
    """
    other = run.facts.options.get("other_list")
    if period_of(run) is not None or not other:
        return False
    try:
        columns = Snapshot.open(book.list_of(run)).columns
    except BatchsendError:
        return Path(str(other)).name.startswith(_USUAL_NAME)
    return any(is_reasons(column.heading) for column in columns)


@dataclass(frozen=True, slots=True)
class RunElsewhere:
    """How far it is."""

    number: int
    started: datetime
    """UTC."""
    is_test: bool
    done: int
    """Letters of its list that the API has, those of earlier runs among them."""
    total: int
    """Letters of its list; as many as `done` where that is not known."""


def run_elsewhere(mailing: Mailing) -> RunElsewhere | None:
    """The run that is sending the mailing in another process; None where there is none.

    Only where the last run has not ended it is asked whether that still lives: for a moment this
    keeps other runs away from a ledger in a file. Raises LedgerError.
    """
    place = mailing.ledger_place
    if isinstance(place, Path) and not place.exists():
        return None
    with ledger_of(mailing, None) as book:
        runs = runs_if_any(mailing, book)
        if not runs or runs[-1].end is not None:
            return None
        last = runs[-1]
        if last.number not in {run.number for run in book.other_runs()} and not (
            isinstance(place, Path) and book.is_in_use()
        ):
            return None
        standing = book.outline(last.facts.destination)
        has = standing.filter(pl.col("state").cast(pl.String) == "accepted").select("identifier")
        place_of_list = book.list_of(last)
    try:
        listed = Snapshot.open(place_of_list).identities().select("identifier")
        letters = listed.collect(engine="streaming")
    except BatchsendError:
        letters = has
    done = letters.join(has, on="identifier", how="semi").height
    is_test = last.facts.destination == REHEARSAL
    return RunElsewhere(last.number, last.started, is_test, done, letters.height)

"""How a mailing stands, in a line, and which of its steps are done.

By what is known already, or read again only where its files have been written since.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock

import polars as pl

from batchsend.desk.work import Work
from batchsend.errors import BatchsendError
from batchsend.ledger import REHEARSAL
from batchsend.mailing import Mailing
from batchsend.operations.history.account import receipt_runs
from batchsend.operations.history.runs import letters_of, open_ledger, runs_of_period

KEPT = 2_000
SENT = "accepted"


@dataclass(frozen=True, slots=True)
class Standing:
    """A mailing in a line."""

    name: str
    sent: int = 0
    open: int = 0
    """Letters that have not gone, or of which nobody knows."""
    last: datetime | None = None
    """When it was sent last, local time."""
    rehearsed: bool = False
    """Whether that was a rehearsal."""
    wrong: str = ""
    """Why it cannot be opened, in a sentence."""


_kept: OrderedDict[tuple[Path, float], Standing] = OrderedDict()
_lock = Lock()


def standing(path: Path, written: float) -> Standing:
    """How the mailing of a mailing.toml stands; `written`: when it or its ledger was last."""
    with _lock:
        if (path, written) in _kept:
            _kept.move_to_end((path, written))
            return _kept[path, written]
    found = _read(path)
    with _lock:
        _kept[path, written] = found
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return found


def _read(path: Path) -> Standing:
    try:
        mailing = Mailing.load(path)
    except BatchsendError as error:
        return Standing(path.parent.name, wrong=error.message)
    try:
        place = mailing.ledger_place
        if isinstance(place, Path) and not place.exists():
            return Standing(mailing.name)
        with open_ledger(mailing, None) as book:
            run = receipt_runs(runs_of_period(mailing, book), book)[-1]
            letters = letters_of(mailing, book, run.facts.destination)
    except BatchsendError:
        return Standing(mailing.name)  # never sent, or a ledger whose own page says what is wrong
    sent = letters.filter(pl.col("state").cast(pl.String) == SENT).height
    return Standing(
        mailing.name,
        sent=sent,
        open=letters.height - sent,
        last=run.started.astimezone(),
        rehearsed=run.facts.destination == REHEARSAL,
    )


def last_sent(path: Path) -> datetime | None:
    """When letters of the mailing of a mailing.toml went last, local time; None if none did."""
    known = standing(path, _written(path))
    return None if known.rehearsed else known.last


def steps_done(work: Work, mailing: Mailing | Path) -> frozenset[str]:
    """The screens whose work is done, by the last parts of their addresses."""
    path = mailing.path if isinstance(mailing, Mailing) else mailing
    done: set[str] = set()
    sheet, checked = work.known_sheet(path), work.known_check(path)
    if sheet is not None and sheet.recipients is not None:
        done.add("list")
    if checked is not None and checked.checked.letters:
        done |= {"list", "people"}
        if checked.mailing.payload.Letter.Invoicer.Name.strip("· "):
            done.add("letter")
            if not checked.checked.held:
                done.add("check")
    if path in work.looked:
        done.add("look")
    known = standing(path, _written(path))
    if known.last is not None and not known.rehearsed:
        done.add("send")
        if not known.open:
            done.add("receipt")
    return frozenset(done)


def _written(path: Path) -> float:
    """When the mailing or its ledger was written last, as the start page asks it."""
    ledger = path.with_name("ledger.sqlite")
    return max((each.stat().st_mtime for each in (path, ledger) if each.exists()), default=0.0)

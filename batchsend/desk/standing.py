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
from batchsend.language import current_language
from batchsend.ledger import IN_DOUBT, REHEARSAL, Ledger, Run
from batchsend.letters import Snapshot
from batchsend.mailing import Mailing
from batchsend.operations.history.receipt import newest_list, receipt_runs
from batchsend.operations.history.runs import (
    letters_of,
    open_ledger,
    period_of,
    runs_of_period,
)

KEPT = 2_000
SENT = "accepted"


@dataclass(frozen=True, slots=True)
class Standing:
    """A mailing in a line."""

    name: str
    sent: int = 0
    to_go: int = 0
    """Letters that have not gone, or of which nobody knows."""
    held: int = 0
    """Rows that are held back."""
    last: datetime | None = None
    """When it was sent last, local time."""
    rehearsed: bool = False
    """Whether that was a rehearsal."""
    wrong: str = ""
    """Why it cannot be opened, in a sentence."""

    @property
    def open(self) -> int:
        """What somebody has still to do something about."""
        return self.to_go + self.held


_kept: OrderedDict[tuple[Path, float, str], Standing] = OrderedDict()
_lock = Lock()


def standing(path: Path, written: float) -> Standing:
    """How the mailing of a mailing.toml stands; `written`: when it or its ledger was last."""
    key = (path, written, current_language())
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    found = _read(path)
    with _lock:
        _kept[key] = found
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
            runs = receipt_runs(runs_of_period(mailing, book), book)
            run = runs[-1]
            letters = letters_of(mailing, book, run.facts.destination, period_of(run))
            to_go, held = _waiting(newest_list(runs, book), book, letters)
    except BatchsendError:
        return Standing(mailing.name)  # never sent, or a ledger whose own page says what is wrong
    return Standing(
        mailing.name,
        sent=letters.filter(pl.col("state") == SENT).height,
        to_go=to_go,
        held=held,
        last=run.started.astimezone(),
        rehearsed=run.facts.destination == REHEARSAL,
    )


def _waiting(run: Run, book: Ledger, letters: pl.DataFrame) -> tuple[int, int]:
    """Letters of the newest list that have not gone as they are, with those of earlier lists of
    which nobody knows; and its rows that are held back."""
    path = book.list_of(run)
    if not path.exists():
        return letters.filter(pl.col("state") != SENT).height, 0
    snapshot = Snapshot.open(path)
    listed = snapshot.identities().select("identifier", "content").collect(engine="streaming")
    gone = letters.filter(pl.col("state") == SENT)
    left = listed.join(gone, on=["identifier", "content"], how="anti").height
    doubt = letters.filter(pl.col("state").cast(pl.String).is_in(list(IN_DOUBT)))
    earlier = doubt.join(listed, on="identifier", how="anti").height
    _rows, _letters, held = snapshot.figures()
    return left + earlier, held


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
        pages_wrong = any(each.printed.error for each in work.known_first_letters(path))
        if checked.mailing.payload.Letter.Invoicer.Name.strip("· ") and not pages_wrong:
            done.add("letter")
            if not checked.checked.held:
                done.add("check")
    if path in work.looked:
        done.add("look")
    known = standing(path, _written(path))
    if known.last is not None and not known.rehearsed:
        done |= {"list", "people", "letter"}  # or no letter could have gone
        if not known.to_go:
            done.add("send")
        if not known.open:
            done.add("receipt")
    return frozenset(done)


def _written(path: Path) -> float:
    """When the mailing or its ledger was written last, as the start page asks it."""
    ledger = path.with_name("ledger.sqlite")
    return max((each.stat().st_mtime for each in (path, ledger) if each.exists()), default=0.0)

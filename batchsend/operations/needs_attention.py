"""What has to be corrected, written for a person: always what is open now, in one workbook.

Nobody's corrections are ever written over: a workbook that holds any which are not taken yet is
left alone, and so is one that is open in another program.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import polars as pl

from batchsend.errors import LedgerError, ReportError
from batchsend.language import _
from batchsend.ledger import STANDING
from batchsend.letters import Checked, Snapshot
from batchsend.lists import PERIOD
from batchsend.mailing import Mailing
from batchsend.operations.history.receipt import receipt_runs
from batchsend.operations.history.runs import open_ledger, runs_of_period
from batchsend.operations.mailing_list.corrected import is_untaken, was_taken, workbooks
from batchsend.reports import (
    MOST_WRITTEN,
    NeedsAttention,
    RowsReport,
    is_open,
    is_untouched,
    needs_attention,
    rows_report,
)


@dataclass(frozen=True, slots=True)
class ToCorrect:
    """A needs-attention workbook."""

    path: Path | None
    """Where it is; None where there was nothing to write, or no writing it."""
    rows: int
    """Rows that need correcting."""
    not_written: str = ""
    """Why it could not be written, in a sentence; empty when it was."""
    why_beside: str = ""
    """Why it is not in its usual place, in a sentence; empty when it is."""

    @property
    def left_out(self) -> int:
        """Rows that a workbook could not take."""
        return max(0, self.rows - MOST_WRITTEN)


def write_held(path: Path, mailing: Mailing, checked: Checked) -> ToCorrect:
    """Write the rows that are open after a check to `path`; an old one goes where there are none.

    Raises ReportError, also where there is a file that this may not write over.
    """
    if path.exists() and not (is_untouched(path) or was_taken(mailing, path)):
        raise ReportError(
            _(
                "{path} was not written by batchsend, or has been saved since, and is not changed.",
                path=path,
            ),
            hint=_(
                "Use what was corrected in it with `batchsend correct MAILING FILE` and "
                "remove it, or name another file."
            ),
        )
    attention = _open_now(mailing, checked)
    if attention.rows:
        attention.write(path)
    else:
        _remove(path)
    return ToCorrect(path if attention.rows else None, attention.rows)


def write_open(mailing: Mailing, snapshot: Snapshot, rows: RowsReport) -> ToCorrect:
    """Write what is open in a mailing to its one workbook, or beside that where it must stay."""
    attention = _correctable(mailing, snapshot, rows)
    try:
        return _write(mailing, attention)
    except ReportError as error:
        return ToCorrect(None, attention.rows, str(error))


def rewrite(mailing: Mailing, checked: Checked) -> ToCorrect:
    """The same after a check, as its rows and the ledger stand now."""
    attention = _open_now(mailing, checked)
    try:
        return _write(mailing, attention)
    except ReportError as error:
        return ToCorrect(None, attention.rows, str(error))


def _open_now(mailing: Mailing, checked: Checked) -> NeedsAttention:
    """The rows that are held back, and those whose letters the API has refused as they are."""
    snapshot = checked.snapshot
    rows = rows_report(snapshot, _standing(mailing), complete=False)
    return _correctable(mailing, snapshot, rows)


def _correctable(mailing: Mailing, snapshot: Snapshot, rows: RowsReport) -> NeedsAttention:
    """What needs attention, with the list's own columns: the period is none of them."""
    attention = needs_attention(snapshot, rows, snapshot.faults())
    own = [c for c in attention.columns if mailing.period is None or c.name != PERIOD]
    return replace(attention, columns=tuple(own))


def _standing(mailing: Mailing) -> pl.DataFrame:
    """How letters stand as the receipt has them; nothing where the mailing was never sent."""
    try:
        with open_ledger(mailing, None) as book:
            newest = receipt_runs(runs_of_period(mailing, book), book)[-1]
            return book.standing(newest.facts.destination)
    except LedgerError:
        return STANDING.to_frame()


def _write(mailing: Mailing, attention: NeedsAttention) -> ToCorrect:
    usual = mailing.folder / mailing.needs_attention
    going = [path for path in workbooks(mailing) if _may_go(mailing, path)]
    place = next(each for each in _places(usual) if each in going or not each.exists())
    why = ""
    if attention.rows:
        attention.write(place)
        why = "" if place == usual else _why_beside(usual, place)
    for old in going:
        if not (attention.rows and old == place):
            _remove(old)
    return ToCorrect(place if attention.rows else None, attention.rows, why_beside=why)


def _may_go(mailing: Mailing, path: Path) -> bool:
    return not is_open(path) and not is_untaken(mailing, path)


def _why_beside(usual: Path, place: Path) -> str:
    if is_open(usual):
        return _(
            "{usual} is open in another program and stays as it is. What is open now is in "
            "{place}.",
            usual=usual,
            place=place,
        )
    return _(
        "{usual} holds corrections that are not used yet and stays as it is. What is open "
        "now is in {place}.",
        usual=usual,
        place=place,
    )


def place_to_correct(mailing: Mailing) -> Path:
    """A workbook beside the mailing that its rows can be written to, none of it anybody's work."""
    usual = mailing.folder / mailing.needs_attention
    return next(
        each
        for each in _places(usual)
        if not each.exists()
        or ((is_untouched(each) or was_taken(mailing, each)) and not is_open(each))
    )


def _places(usual: Path) -> Iterator[Path]:
    yield usual
    yield usual.with_stem(f"{usual.stem}-new")
    yield from (usual.with_stem(f"{usual.stem}-new-{number}") for number in count(2))


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise ReportError(
            _(
                "{path} is out of date and cannot be removed: {strerror}.",
                path=path,
                strerror=error.strerror,
            )
        ) from error

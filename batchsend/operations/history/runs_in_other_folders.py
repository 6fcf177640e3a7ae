"""Runs from other folders that have begun and not ended, as the register has them: what they sent
so far, and what they may still send."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from batchsend.errors import BatchsendError
from batchsend.ledger import Ledger, Run
from batchsend.letters import RowSet, Snapshot
from batchsend.operations.history.register_entries import (
    alike,
    is_there,
    lies_at,
    note,
    recipients_in_one,
    registered_as,
)
from batchsend.register import FOUND, ApiAccount, Register, RegisteredRun


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A run from another folder that has not entered its end."""

    entry: RegisteredRun
    known: bool = False
    """Whether its ledger is where it was: what it sent is in the register by now, or it is on."""
    snapshot: Snapshot | None = None
    """The list that it is sending; None where it was broken off."""
    rows: RowSet | None = None
    """Those of the list that it was told to send; None where it is all."""

    @property
    def is_on(self) -> bool:
        """Whether it may be sending at this moment."""
        return self.snapshot is not None

    def may_send(self, asked: pl.Series, register: Register, *, number: int) -> pl.DataFrame:
        """What it may send of what is `asked` for, as FOUND, where it is run `number`."""
        if self.snapshot is None:
            return FOUND.to_frame()
        letters = self.snapshot.identities()
        if self.rows is not None:
            begin = self.snapshot.beginnings(self.rows)
            letters = letters.filter(begin.contains(pl.col("row")))
        listed = letters.select("identifier", alike=alike(pl.col("identifier")))
        some = listed.filter(pl.col("alike").is_in(asked.implode())).collect(engine="streaming")
        whom = recipients_in_one(self.snapshot, some["identifier"])
        found = some.join(whom, on="identifier", how="left")
        hashed = [register.hashed(text) for text in found["recipient"]]
        return found.with_columns(
            run=pl.lit(number, pl.UInt32), recipient=pl.Series(hashed, dtype=pl.Binary)
        ).select(FOUND.names())


def unfinished_elsewhere(register: Register, account: ApiAccount, book: Ledger) -> list[Unfinished]:
    """Those with an account, in the order in which they were entered.

    Once this ledger has a run on, only those that were entered before it: of two that begin at the
    same moment each asks after it was entered, so the later one sees the other, and gives way.
    """
    return [_asked(register, entry) for entry in _before_us(register, account, book)]


def _before_us(register: Register, account: ApiAccount, book: Ledger) -> Iterator[RegisteredRun]:
    for entry in register.unfinished(account):
        if not lies_at(book, entry):
            yield entry
        elif (entry.ledger, entry.number) == (book.identity, book.run_on):
            break


def _asked(register: Register, entry: RegisteredRun) -> Unfinished:
    """Look into the ledger of a run: enter what has gone, and see whether it is still going on."""
    if is_there(entry):
        with suppress(BatchsendError), Ledger.open(Path(entry.place)) as other:
            runs = other.runs()
            for run in runs:
                if registered_as(entry, other, run):
                    if run is runs[-1] and other.is_in_use():
                        return _going_on(entry, run, other)
                    note(register, entry, run, other, other.outline(run.facts.destination))
                    return Unfinished(entry, known=True)
    return Unfinished(entry)


def _going_on(entry: RegisteredRun, run: Run, book: Ledger) -> Unfinished:
    rows = run.facts.options.get("rows")
    return Unfinished(
        entry,
        known=True,
        snapshot=Snapshot.open(book.list_of(run)),
        rows=RowSet.parse(str(rows)) if rows else None,
    )

"""A run of a mailing that another process has begun, as the ledger's counts tell of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from batchsend.errors import BatchsendError
from batchsend.ledger import REHEARSAL
from batchsend.letters import Snapshot
from batchsend.mailing import Mailing
from batchsend.operations.history.runs import ledger_of, runs_if_any


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

"""Plan: what is left to send, as the difference between a list and what the ledger knows of it.

A set difference, never a counter: wherever the last run stopped, nobody is missed or sent twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from batchsend.ledger.states import IN_DOUBT, TO_SEND

__all__ = ["Plan", "plan"]


@dataclass(frozen=True, slots=True)
class Plan:
    """A list's letters, each in exactly one of these; all in list order.

    Every frame has `row`, `identifier`, `channel`, `content`, and of the ledger's entry, null where
    there is none: `state`, `reason`, `submitted_at`, `run`.
    """

    to_send: pl.DataFrame
    """Never sent, or certain not to have been taken, or refused and corrected since."""
    accepted: pl.DataFrame
    """The API has them, with this content."""
    rejected: pl.DataFrame
    """The API refused them with this very content, and would again."""
    unknown: pl.DataFrame
    """The API may have them: to be settled, or sent again where it refuses repeats."""
    under_way: pl.DataFrame
    """Another run is sending them now, with this content."""
    conflicts: pl.DataFrame
    """The API has, or may have, another letter under this identifier."""


def plan(identities: pl.LazyFrame, standing: pl.DataFrame, living: Sequence[int] = ()) -> Plan:
    """Compare a list's letters (`row`, `identifier`, `channel`, `content`) with how the ledger's
    stand (`Ledger.outline` is enough). `living` are the other runs that are sending now."""
    known = standing.lazy().select(
        "identifier", "state", "reason", "submitted_at", "run", known="content"
    )
    letters = identities.join(known, on="identifier", how="left", maintain_order="left").collect()
    state = pl.col("state").cast(pl.String)
    same = pl.col("content") == pl.col("known")
    may_be_there = state.is_in(["accepted", *IN_DOUBT])
    letters = letters.with_columns(
        verdict=pl.when(state.is_null() | state.is_in(list(TO_SEND)))
        .then(pl.lit("to_send"))
        .when(may_be_there & ~same)
        .then(pl.lit("conflict"))
        .when((state == "sending") & pl.col("run").is_in(living))
        .then(pl.lit("under_way"))
        .when(may_be_there)
        .then(pl.when(state == "accepted").then(pl.lit("accepted")).otherwise(pl.lit("unknown")))
        .when(same)
        .then(pl.lit("rejected"))
        .otherwise(pl.lit("to_send"))
    ).drop("known")

    def of(verdict: str) -> pl.DataFrame:
        return letters.filter(pl.col("verdict") == verdict).drop("verdict")

    return Plan(
        of("to_send"),
        of("accepted"),
        of("rejected"),
        of("unknown"),
        of("under_way"),
        of("conflict"),
    )

"""verdict: what may become of a letter, and compare: what is left to send of a list.

It is a difference of sets, never a counter: wherever the last run stopped, nobody is missed or
sent twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from batchsend.ledger.states import MAY_BE_THERE, TO_SEND


@dataclass(frozen=True, slots=True)
class Comparison:
    """A list's letters, each in exactly one of these; all in list order.

    Every frame has `row`, `identifier`, `channel`, `content`, and of the ledger's entry, null where
    there is none: `state`, `reason`, `submitted_at`, `run`, `was_content` (empty where what it
    said is forgotten).
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


def verdict(state: pl.Expr, same: pl.Expr, under_way: pl.Expr | None = None) -> pl.Expr:
    """What may become of a letter: `to_send`, `accepted`, `rejected`, `unknown`, `under_way` or
    `conflict`. The one rule of it; `compare` and the report ask it.

    `state` is how the ledger's entry under its identifier stands (a String, null where there is
    none), `same` whether that entry says what the letter says, `under_way` whether a run that is
    alive is sending it.
    """
    there = state.is_in(list(MAY_BE_THERE))
    return (
        pl.when(state.is_null() | state.is_in(list(TO_SEND)))
        .then(pl.lit("to_send"))
        .when(there & ~same)
        .then(pl.lit("conflict"))
        .when(pl.lit(value=False) if under_way is None else under_way)
        .then(pl.lit("under_way"))
        .when(state == "accepted")
        .then(pl.lit("accepted"))
        .when(there)
        .then(pl.lit("unknown"))
        .when(same)
        .then(pl.lit("rejected"))
        .otherwise(pl.lit("to_send"))
    )


def compare(
    identities: pl.LazyFrame, standing: pl.DataFrame, living: Sequence[int] = ()
) -> Comparison:
    """Compare a list's letters (`row`, `identifier`, `channel`, `content`) with how the ledger's
    stand (`Ledger.outline` is enough). `living` are the other runs that are sending now."""
    known = standing.lazy().select(
        "identifier", "state", "reason", "submitted_at", "run", was_content="content"
    )
    letters = identities.join(known, on="identifier", how="left", maintain_order="left").collect()
    state, same = pl.col("state").cast(pl.String), pl.col("content") == pl.col("was_content")
    under_way = (state == "sending") & pl.col("run").is_in(living)
    letters = letters.with_columns(verdict=verdict(state, same, under_way))

    def of(name: str) -> pl.DataFrame:
        return letters.filter(pl.col("verdict") == name).drop("verdict")

    return Comparison(
        of("to_send"),
        of("accepted"),
        of("rejected"),
        of("unknown"),
        of("under_way"),
        of("conflict"),
    )

"""The ledger as tables: how every letter stands, and every attempt that was made.

Reads only. A million entries pass through here at the start of every run, so rows go from the
database's cursor into columns without becoming objects on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

import polars as pl
from sqlalchemy import Connection, Select, func, select

from batchsend.ledger.schema import attempts, letters, runs, settlements
from batchsend.ledger.states import STATES

_TIME = pl.Datetime("ms", "UTC")

STANDING = pl.Schema(
    [
        ("identifier", pl.String()),
        ("state", pl.Enum(STATES)),
        ("content", pl.String()),
        ("reason", pl.String()),
        ("request_id", pl.String()),
        ("http_status", pl.UInt16()),
        ("attempts", pl.UInt32()),  # requests that ended, over all runs
        ("channel", pl.Categorical()),
        ("pages", pl.UInt32()),
        ("engine", pl.Categorical()),
        ("submitted_at", _TIME),  # when the last submission began; null if it never left
        ("row", pl.UInt32()),  # in the list it was last sent from
        ("run", pl.UInt32()),  # the last to touch it
        ("delivery", pl.String()),  # what the status call said last
    ]
)
"""The shape of `Ledger.standing`: one line per letter the ledger has heard of."""

OUTLINE = pl.Schema(
    {
        name: STANDING[name]
        for name in ("identifier", "state", "content", "reason", "submitted_at", "run")
    }
)
"""The shape of `Ledger.outline`: what a plan needs, in half the time of the whole."""

ATTEMPTS = pl.Schema(
    [
        ("run", pl.UInt32()),
        ("identifier", pl.String()),
        ("number", pl.UInt32()),  # from 1 in each run
        ("started", _TIME),
        ("ended", _TIME),
        ("http_status", pl.UInt16()),
        ("message", pl.String()),
    ]
)
"""The shape of `Ledger.attempts`: one line per request."""

Chunks = Callable[[Connection, Select[Any]], Iterator[Sequence[Any]]]
"""How a database gives the rows of a query, some at a time."""


def letters_like(
    connection: Connection, chunks: Chunks, destination: str, schema: pl.Schema
) -> pl.DataFrame:
    """Every letter to `destination`, with the columns of `schema` (STANDING or OUTLINE)."""
    query = select(*(letters.c[name] for name in schema)).where(
        letters.c.destination == destination
    )
    return _frame(chunks(connection, query), schema)


def begun_since(connection: Connection, destination: str, moment: datetime) -> int:
    """How many letters to `destination` began their last submission since that moment."""
    query = select(func.count()).where(
        letters.c.destination == destination, letters.c.submitted_at >= moment
    )
    return connection.scalar(query) or 0


def attempts_made(connection: Connection, chunks: Chunks, destination: str) -> pl.DataFrame:
    """Every request to `destination` (see ATTEMPTS), in the order of runs."""
    query = (
        select(*(attempts.c[name] for name in ATTEMPTS))
        .join(runs, runs.c.number == attempts.c.run)
        .where(runs.c.destination == destination)
        .order_by(attempts.c.run, attempts.c.identifier, attempts.c.number)
    )
    return _frame(chunks(connection, query), ATTEMPTS)


def decisions_about(connection: Connection, identifier: str) -> list[dict[str, object]]:
    """What was settled about a letter, oldest first."""
    query = (
        select(settlements)
        .where(settlements.c.identifier == identifier)
        .order_by(settlements.c.number)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def _frame(chunks: Iterator[Sequence[Any]], schema: pl.Schema) -> pl.DataFrame:
    times = [name for name, kind in schema.items() if kind == _TIME]
    # What is text in the database comes as such, and is made what it is to be all at once.
    stored = {name: kind if kind.is_integer() else pl.String() for name, kind in schema.items()}
    frames = [
        pl.DataFrame(
            [
                pl.Series(name, cells, dtype=kind)
                for (name, kind), cells in zip(stored.items(), zip(*rows, strict=True), strict=True)
            ]
        )
        for rows in chunks
    ]
    frame = pl.concat(frames, rechunk=True) if frames else pl.DataFrame(schema=stored)
    return frame.with_columns(
        pl.col(times).str.to_datetime("%Y-%m-%dT%H:%M:%S%.3fZ", time_unit="ms", time_zone="UTC")
    ).cast(schema)

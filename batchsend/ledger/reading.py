"""The ledger as tables: how every letter stands, and every attempt that was made.

Reads only. A million entries pass through here at the start of every run, so rows go from the
database's cursor into columns without becoming objects on the way.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl
from sqlalchemy import Connection, Select, select

from batchsend.ledger.schema import attempts, letters, runs
from batchsend.ledger.states import STATES

__all__ = ["ATTEMPTS", "STANDING", "attempts_made", "standing_letters"]

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
        ("ended_at", _TIME),
        ("row", pl.UInt32()),  # in the list it was last sent from
        ("run", pl.UInt32()),  # the last to touch it
        ("delivery", pl.String()),  # what the status call said last
        ("delivery_at", _TIME),
    ]
)
"""The shape of `Ledger.standing`: one line per letter the ledger has heard of."""

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

_CHUNK = 50_000


def standing_letters(connection: Connection, destination: str) -> pl.DataFrame:
    """Every letter to `destination` (see STANDING)."""
    query = select(*(letters.c[name] for name in STANDING)).where(
        letters.c.destination == destination
    )
    return _frame(connection, query, STANDING)


def attempts_made(connection: Connection, destination: str) -> pl.DataFrame:
    """Every request to `destination` (see ATTEMPTS), in the order of runs."""
    query = (
        select(*(attempts.c[name] for name in ATTEMPTS))
        .join(runs, runs.c.number == attempts.c.run)
        .where(runs.c.destination == destination)
        .order_by(attempts.c.run, attempts.c.identifier, attempts.c.number)
    )
    return _frame(connection, query, ATTEMPTS)


def _frame(connection: Connection, query: Select[Any], schema: pl.Schema) -> pl.DataFrame:
    times = [name for name, kind in schema.items() if kind == _TIME]
    as_stored = {name: pl.String() if name in times else kind for name, kind in schema.items()}
    chunks = [
        pl.DataFrame(chunk, schema=as_stored, orient="row").with_columns(
            pl.col(times).str.to_datetime("%Y-%m-%dT%H:%M:%S%.3fZ", time_unit="ms", time_zone="UTC")
        )
        for chunk in _chunks(connection, query)
    ]
    return pl.concat(chunks) if chunks else pl.DataFrame(schema=schema)


def _chunks(connection: Connection, query: Select[Any]) -> Iterator[list[tuple[Any, ...]]]:
    cursor = connection.execute(query).cursor
    assert cursor is not None  # noqa: S101 a select has one
    while chunk := cursor.fetchmany(_CHUNK):
        yield list(chunk)

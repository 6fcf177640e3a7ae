"""The ledger's tables, in SQLAlchemy's words so that they hold on any database.

Knows the states, but no dialect: see `sqlite.py` for what only SQLite needs.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Dialect,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
)
from sqlalchemy.types import TypeDecorator

from batchsend.ledger.states import STATES

VERSION = 2
"""Of the tables below. Raise it with every change to them, and add a step to `migrations.py`."""


def written(moment: datetime) -> str:
    """A time as a Moment column holds it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Moment(TypeDecorator[datetime]):
    """A UTC time as `2026-03-15T08:30:00.000Z`: sortable, and readable in any database browser."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002 SQLAlchemy's signature
        """Write it."""
        return None if value is None else written(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002 SQLAlchemy's signature
        """Read it."""
        return None if value is None else datetime.fromisoformat(value)


metadata = MetaData()

edition = Table(
    "edition",
    metadata,
    Column("version", Integer, nullable=False),
    Column("identity", String, nullable=False),  # random, as hex; which ledger this is
    Column("moved_to", String, nullable=False, server_default=""),  # who took its entries along
    Column("unfinished", Integer),  # the run whose letters may be in the write-ahead log only
)

runs = Table(
    "runs",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("destination", String, nullable=False),
    Column("list_path", String, nullable=False),
    Column("list_digest", String, nullable=False),
    Column("template_digest", String, nullable=False),
    Column("engine", String, nullable=False),
    Column("snapshot", String, nullable=False),
    Column("options", String, nullable=False),  # JSON
    Column("process", String, nullable=False),
    Column("started", Moment, nullable=False),
    Column("ended", Moment),
    Column("end", String),
    Column("counts", String, nullable=False),  # JSON
    CheckConstraint("\"end\" IN ('complete', 'stopped')", name="known_end"),
)

letters = Table(
    "letters",
    metadata,
    Column("destination", String, primary_key=True),
    Column("identifier", String, primary_key=True),
    Column("state", String, nullable=False),
    Column("content", String, nullable=False),
    Column("run", ForeignKey("runs.number"), nullable=False),  # the last to touch it
    Column("row", Integer, nullable=False),
    Column("channel", String, nullable=False),
    Column("pages", Integer),
    Column("engine", String, nullable=False, server_default=""),
    Column("reason", String, nullable=False, server_default=""),
    Column("request_id", String, nullable=False, server_default=""),
    Column("http_status", Integer),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("submitted_at", Moment),  # when the last submission began
    Column("ended_at", Moment),
    Column("delivery", String, nullable=False, server_default=""),  # what the status call said
    Column("delivery_at", Moment),
    CheckConstraint(f"state IN ({', '.join(repr(state) for state in STATES)})", name="known_state"),
    CheckConstraint("identifier <> ''", name="has_identifier"),
    sqlite_with_rowid=False,  # one tree instead of a table and its index
)

attempts = Table(
    "attempts",
    metadata,
    Column("run", ForeignKey("runs.number"), primary_key=True),
    Column("identifier", String, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("started", Moment, nullable=False),
    Column("ended", Moment, nullable=False),
    Column("http_status", Integer),
    Column("message", String, nullable=False),
    sqlite_with_rowid=False,
)

settlements = Table(
    "settlements",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("destination", String, nullable=False),
    Column("identifier", String, nullable=False),
    Column("decided", Moment, nullable=False),
    Column("was", String, nullable=False),
    Column("became", String, nullable=False),
    Column("reason", String, nullable=False),
)

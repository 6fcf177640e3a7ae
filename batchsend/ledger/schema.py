"""The ledger's tables, in SQLAlchemy's words so that they hold on any database; made where there
are none, older ones brought up to date, and refused what is no ledger, or a newer one.

Knows the states, but no dialect: see `sqlite.py` for what only SQLite needs.

Steps from a version to the next are plain statements, for two dialects and a handful of tables.
They run in one transaction with the new version's number, so that a ledger is of one version or of
the other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    Dialect,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    insert,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.types import TypeDecorator

from batchsend.errors import LedgerError
from batchsend.language import _
from batchsend.ledger.database import Database
from batchsend.ledger.locks import TakenError
from batchsend.ledger.states import STATES

VERSION = 2
"""Of the tables below. Raise it with every change to them, and a step to STEPS."""


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


Step = Callable[[Connection], None]


def _identity(connection: Connection) -> None:
    """To version 2: each ledger is told from every other, and says where its entries went."""
    for column in (
        "identity VARCHAR DEFAULT '' NOT NULL",
        "moved_to VARCHAR DEFAULT '' NOT NULL",
        "unfinished INTEGER",
    ):
        connection.execute(text(f"ALTER TABLE edition ADD COLUMN {column}"))
    connection.execute(text("UPDATE edition SET identity = :identity"), {"identity": uuid4().hex})


STEPS: Mapping[int, Step] = {1: _identity}
"""From a version to the next. Version 1 is the first there was: every change of VERSION adds
one here, and a ledger of the version before to the tests."""


def migrate(connection: Connection, *, since: int, to: int) -> None:
    """Take the steps from one version to another, and note that. Nobody else may be writing."""
    for version in range(since, to):
        STEPS[version](connection)
    connection.execute(update(edition).values(version=to))


def prepare(database: Database) -> None:
    """Make the tables in an empty database, or change an older ledger's while nobody sends.

    Refuses, untouched, what is not a ledger, or one of a newer version.
    """
    with database.engine.connect() as connection:
        version = _version(connection, database)
    if version is None:
        _create(database)
    elif version < VERSION:
        _bring_up_to_date(database)
    database.opened()


def _create(database: Database) -> None:
    database.before_creation()
    with database.engine.execution_options(writes=True).begin() as connection:
        database.keep_others_from_creating(connection)
        if _version(connection, database) is None:  # still: another process may have been quicker
            metadata.create_all(connection)
            for trigger in database.triggers():
                connection.exec_driver_sql(trigger)
            connection.execute(insert(edition).values(version=VERSION, identity=uuid4().hex))


def _bring_up_to_date(database: Database) -> None:
    with database.engine.execution_options(writes=True).connect() as writer:
        locks = database.locks(writer)
        try:
            locks.alone()
        except TakenError:
            raise LedgerError(
                _(
                    "The ledger {place} was written by an earlier batchsend, and somebody "
                    "is sending with it now.",
                    place=database.place,
                ),
                hint=_("Wait until that has ended, and run the same command again."),
            ) from None
        try:
            with writer.begin():
                since = _version(writer, database)
                if since is not None and since < VERSION:  # still, as above
                    with database.no_timeout(writer):
                        migrate(writer, since=since, to=VERSION)
        finally:
            locks.release()


def _version(connection: Connection, database: Database) -> int | None:
    """The version of the ledger that is there; None where there are no tables at all."""
    tables = inspect(connection).get_table_names()
    if not tables:
        return None
    if edition.name not in tables:
        raise database.not_a_ledger()
    version: int | None = connection.scalar(select(edition.c.version))
    if version is None or version < 1:
        raise database.not_a_ledger()
    if version > VERSION:
        raise LedgerError(
            _(
                "The ledger {place} was written by a newer batchsend (ledger version "
                "{version}; this one reads {version_2}).",
                place=database.place,
                version=version,
                version_2=VERSION,
            ),
            hint=_("Bring batchsend up to date."),
        )
    return version

"""Making a ledger's tables where there are none, and bringing older ones up to date; refusing what
is no ledger, or a newer one.

Steps are plain statements, for two dialects and a handful of tables. They run in one transaction
with the new version's number, so that a ledger is of one version or of the other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import uuid4

from sqlalchemy import Connection, insert, inspect, select, text, update

from batchsend.errors import LedgerError
from batchsend.language import _
from batchsend.ledger.database import Database, TakenError
from batchsend.ledger.schema import VERSION, edition, metadata

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
"""From a version to the next. Version 1 is the first there was: every change of schema.VERSION adds
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

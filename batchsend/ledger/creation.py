"""Making a ledger's tables where there are none; refusing what is no ledger of this version."""

from __future__ import annotations

from sqlalchemy import Connection, insert, inspect, select

from batchsend.errors import LedgerError
from batchsend.ledger.database import Database
from batchsend.ledger.schema import VERSION, edition, metadata

__all__ = ["prepare"]


def prepare(database: Database) -> None:
    """Make the tables in an empty database; refuse, untouched, what is not a ledger."""
    with database.engine.connect() as connection:
        empty = _is_empty(connection, database)
    if empty:
        database.before_creation()
        with database.engine.execution_options(writes=True).begin() as connection:
            database.keep_others_from_creating(connection)
            if _is_empty(connection, database):  # still: another process may have been quicker
                metadata.create_all(connection)
                for trigger in database.triggers():
                    connection.exec_driver_sql(trigger)
                connection.execute(insert(edition).values(version=VERSION))
    database.opened()


def _is_empty(connection: Connection, database: Database) -> bool:
    tables = inspect(connection).get_table_names()
    if not tables:
        return True
    if edition.name not in tables:
        raise database.not_a_ledger()
    version = connection.scalar(select(edition.c.version))
    if version != VERSION:
        raise LedgerError(
            f"The ledger {database.place} was written by a newer batchsend (ledger version "
            f"{version}; this one reads {VERSION}).",
            hint="Bring batchsend up to date.",
        )
    return False

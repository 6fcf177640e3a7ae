"""Opening: a ledger's database, found by its place and made ready."""

from __future__ import annotations

from batchsend.ledger.database import Database, speaking
from batchsend.ledger.postgres import PostgresDatabase
from batchsend.ledger.schema import prepare
from batchsend.ledger.settings import Place, Server
from batchsend.ledger.sqlite import SqliteDatabase


def ready(place: Place) -> Database:
    """The database at a place, its tables made or brought up to date.

    Raises LedgerError, and SettingsError where what it needs is not installed.
    """
    database = PostgresDatabase(place) if isinstance(place, Server) else SqliteDatabase(place)
    try:
        with speaking(database):
            prepare(database)
    except BaseException:
        database.engine.dispose()
        raise
    return database

"""Opening: a ledger's database made ready, and the ledger held to be the one that is sent with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batchsend.errors import LedgerError
from batchsend.language import _
from batchsend.ledger.database import Database, speaking
from batchsend.ledger.postgres import PostgresDatabase
from batchsend.ledger.roll import must_be_known
from batchsend.ledger.schema import prepare
from batchsend.ledger.settings import Place, Server
from batchsend.ledger.sqlite import SqliteDatabase

if TYPE_CHECKING:
    from batchsend.ledger.ledger import Ledger


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


def must_be_the_one(book: Ledger) -> None:
    """Raise LedgerError where the ledger is not the newest that the mailing is sent with."""
    if book.moved_to():
        raise LedgerError(
            _(
                "What the ledger {place} knew was copied into a database, and the mailing "
                "has been sent with that since. With the file, letters would go out twice.",
                place=book.place,
            ),
            hint=_(
                "Name the database in mailing.toml under [ledger], or as "
                "BATCHSEND_LEDGER_URL, and leave --ledger out."
            ),
        )
    must_be_known(book.snapshots, book.place, book.known)

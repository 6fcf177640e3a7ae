"""Database: what the ledger needs of a database beyond SQLAlchemy's own words for it.

`sqlite.py` and `postgres.py` have one each; nothing else in the ledger names a dialect.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, Insert, Select, Table
from sqlalchemy.engine.interfaces import DBAPIModule
from sqlalchemy.exc import SQLAlchemyError

from batchsend.errors import LedgerError
from batchsend.language import _
from batchsend.ledger.entries import Run
from batchsend.ledger.ledger_file import Drive
from batchsend.ledger.locks import Locks
from batchsend.ledger.settings import Place


class Database(Protocol):
    """One ledger's database, opened."""

    @property
    def engine(self) -> Engine:
        """SQLAlchemy's way to it. Its commits are on the disk when they return."""

    @property
    def patience(self) -> float:
        """Seconds in which it may come back by itself when it does not answer."""

    @property
    def place(self) -> Place:
        """Where it is, by the one name it has."""

    @property
    def drive(self) -> Drive:
        """On what its file lies, if it is one."""

    @property
    def snapshots(self) -> Path:
        """The folder on this machine for the checked lists of its runs."""

    def locks(self, writer: Connection) -> Locks:
        """The locks of who writes through this connection."""

    def before_creation(self) -> None:
        """What must be done before, and outside of, the transaction that makes the tables."""

    def keep_others_from_creating(self, connection: Connection) -> None:
        """Wait, in that transaction, until nobody else is making them."""

    def triggers(self) -> Sequence[str]:
        """The statements that make it enforce the rules."""

    def opened(self) -> None:
        """What is left to do once it is known to be a ledger; LedgerError where a part is lost."""

    def closes(self, writer: Connection) -> None:
        """What is left to do before nobody may have it open any more."""

    def run_begins(self, writer: Connection, run: int) -> None:
        """A run is in the ledger, and is about to send."""

    def run_ends(self, writer: Connection) -> None:
        """No run is on any more: have all of the ledger where it is copied from."""

    def must_be_there(self) -> None:
        """Raise LedgerError where writes would go to a ledger that nobody will find again."""

    def not_a_ledger(self) -> LedgerError:
        """What to say where there are tables of others."""

    def insert_unless_there(self, table: Table) -> Insert:
        """An insert that does nothing where the key is there already."""

    def each_changed(self, cursor: Any, sql: str, rows: Sequence[Any]) -> list[bool]:
        """Execute a statement for each row; whether it changed anything."""

    def chunks(self, connection: Connection, query: Select[Any]) -> Iterator[Sequence[Any]]:
        """The rows of a query, some at a time."""

    def no_timeout(self, connection: Connection) -> AbstractContextManager[None]:
        """For what may rightly take minutes, where otherwise a silent database counts as gone."""

    def shrink(self) -> None:
        """Have what was removed really go."""

    def in_words(self, error: BaseException) -> LedgerError:
        """What it, or the operating system, said, as a sentence."""


def in_use(place: Place, other: Run | None) -> LedgerError:
    """What to say where another run, that one as far as is known, has the ledger."""
    if other is not None and other.end is None:
        said = _(
            "The ledger {place} is in use by another run, begun {begun:%Y-%m-%d %H:%M} (process "
            "{process}).",
            place=place,
            begun=other.started.astimezone(),
            process=other.process,
        )
    else:
        said = _("The ledger {place} is in use by another run.", place=place)
    return LedgerError(
        said,
        hint=_("Wait until that one has ended, or stop it, and run the same command again."),
    )


@contextmanager
def speaking(database: Database) -> Iterator[None]:
    """Errors of the database and the operating system, in words."""
    try:
        yield
    except (SQLAlchemyError, database.engine.dialect.loaded_dbapi.Error, OSError) as error:
        raise database.in_words(error) from error


def forget_if_lost(writer: Connection, error: DBAPIModule.Error) -> None:
    """What notes are written through is the driver's own: SQLAlchemy does not see it fail."""
    if writer.invalidated:
        return
    raw = writer.connection.dbapi_connection
    if writer.engine.dialect.is_disconnect(error, raw, None):
        writer.invalidate(error)

"""All that only PostgreSQL needs: connecting, durability, triggers, its errors in words.

Several runs may send at the same time: each letter is claimed in the database before it leaves,
and a living run is known by an advisory lock, which the server lets go of when the run's
connection ends, however that comes about.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Select, Table, create_engine, event, text
from sqlalchemy.dialects.postgresql import Insert, insert

from batchsend.errors import LedgerError, LedgerGoneError, SettingsError
from batchsend.language import N_, _
from batchsend.ledger.ledger_file import Drive
from batchsend.ledger.locks import AdvisoryLocks
from batchsend.ledger.settings import Server
from batchsend.ledger.states import RULES, RefusedError

# What it would print of a lost connection is said in words, by us.
logging.getLogger("psycopg").addHandler(logging.NullHandler())

CHUNK = 10_000
"""Rows fetched at once from a cursor of the server's: each time costs a way there and back."""

_CLIENT = {
    "connect_timeout": 10,
    "application_name": "batchsend",
    "client_encoding": "utf8",
    # Without these a connection that a firewall forgot is waited for in silence, for hours.
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,  # milliseconds
}
_SESSION = (
    "synchronous_commit = on",  # a commit is on the disk when it returns, whatever the default
    "idle_session_timeout = 0",  # a run may wait for hours, and its locks with it
    "tcp_keepalives_idle = 30",  # so that a machine which vanished is missed within a minute
    "tcp_keepalives_interval = 10",
    "tcp_keepalives_count = 3",
)


class PostgresDatabase:
    """A ledger on a server, which must be there; its tables are made here if there are none."""

    drive = Drive("local")
    patience = 30.0  # a server that is started anew is back by then

    def __init__(self, server: Server) -> None:
        self.place = server
        try:
            self.engine = _engine_for(server)
        except ImportError:
            raise SettingsError(
                _(
                    "The ledger is {server}, for which a part of batchsend is missing.",
                    server=server,
                ),
                hint=_("Install it with: pip install 'batchsend-letters[postgres]'"),
            ) from None

    @property
    def snapshots(self) -> Path:
        """The folder on this machine for the checked lists of its runs."""
        return self.place.snapshots

    def locks(self, writer: Connection) -> AdvisoryLocks:
        """Several runs may send, each known to be alive by its locks."""
        return AdvisoryLocks(writer)

    def before_creation(self) -> None:
        """Nothing."""

    def keep_others_from_creating(self, connection: Connection) -> None:
        """Two that find an empty database make the tables one after the other."""
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('batchsend ledger'))"))

    def triggers(self) -> list[str]:
        """The transition table as the database enforces it: whoever writes, none slips through."""
        refuse = """CREATE FUNCTION letters_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = '23000'; END $$"""
        return [
            refuse,
            *(
                f"""CREATE TRIGGER {rule.name} BEFORE {rule.event} ON letters FOR EACH ROW
                    WHEN ({rule.broken}) EXECUTE FUNCTION letters_refuse('{rule.said}')"""
                for rule in RULES
            ),
        ]

    def opened(self) -> None:
        """Nothing."""

    def closes(self, writer: Connection) -> None:
        """Nothing."""

    def run_begins(self, writer: Connection, run: int) -> None:
        """Nothing: a server keeps its log itself."""

    def run_ends(self, writer: Connection) -> None:
        """Nothing, as above."""

    def must_be_there(self) -> None:
        """Nothing: a server that is gone says so."""

    def not_a_ledger(self) -> LedgerError:
        """What to say where there are tables of others."""
        return LedgerError(
            _("The database {place} has tables of others in it.", place=self.place),
            hint=_(
                "Give the ledger a database of its own, or a schema: "
                "…/database?options=-csearch_path%3Dbatchsend"
            ),
        )

    def insert_unless_there(self, table: Table) -> Insert:
        """An insert that does nothing where the key is there already."""
        return insert(table).on_conflict_do_nothing(index_elements=table.primary_key.columns)

    def each_changed(self, cursor: Any, sql: str, rows: Sequence[Any]) -> list[bool]:
        """Execute a statement for each row, all on one way; whether it changed anything."""
        cursor.executemany(sql, rows, returning=True)
        return [result.rowcount > 0 for result in cursor.results()]

    def chunks(self, connection: Connection, query: Select[Any]) -> Iterator[Sequence[Any]]:
        """The rows of a query, some at a time, from a cursor that the server holds."""
        compiled = query.compile(dialect=self.engine.dialect)
        raw: Any = connection.connection.dbapi_connection
        with raw.no_timeout(), raw.cursor(name="letters") as cursor:
            cursor.execute(compiled.string, compiled.params)
            while chunk := cursor.fetchmany(CHUNK):
                yield chunk

    def no_timeout(self, connection: Connection) -> contextlib.AbstractContextManager[None]:
        """Wait for what is asked in the block for as long as it takes."""
        raw: Any = connection.connection.dbapi_connection
        no_timeout: contextlib.AbstractContextManager[None] = raw.no_timeout()
        return no_timeout

    def shrink(self) -> None:
        """Write the tables anew, without what was purged. VACUUM runs in no transaction."""
        engine = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        with engine.connect() as connection, self.no_timeout(connection):
            connection.exec_driver_sql("VACUUM FULL letters, attempts, settlements")

    def in_words(self, error: BaseException) -> LedgerError:
        """What the server, or the way to it, said, as a sentence."""
        cause = getattr(error, "orig", None) or error
        code = getattr(cause, "sqlstate", None) or _refusal(cause)
        unusable = _("The ledger {place} cannot be used", place=self.place)
        said = getattr(getattr(cause, "diag", None), "message_primary", None) or _said(cause)
        if code.startswith("23"):
            return RefusedError(
                _(
                    "The ledger {place} refuses what would break its promise: {said}.",
                    place=self.place,
                    said=said,
                )
            )
        for prefix, (what, hint) in _WORDS.items():
            if code.startswith(prefix):
                return LedgerError(f"{unusable}: {_(what)}.", hint=_(hint))
        if code.startswith(_GONE) or (not code and type(cause).__name__ == "OperationalError"):
            return LedgerGoneError(
                _("The ledger {place} does not answer ({said}).", place=self.place, said=said),
                hint=_(
                    "See that its server runs and can be reached, that the address is "
                    "right, and that it lets you in."
                ),
            )
        return LedgerError(f"{unusable}: {said}.")


_GONE = ("08", "57P", "28", "3D")
"""SQLSTATEs of a server that is not there, shuts down, or does not let us in."""

_WORDS = {
    "53100": (
        N_("the server's disk is full"),
        N_("Make room there and run the same command again."),
    ),
    "53": (
        N_("the server has no room for one more program"),
        N_("Try again later, or ask its administrator."),
    ),
    "25006": (N_("it is read-only"), N_("Name the server that takes writes, not a copy of it.")),
    "42501": (
        N_("the database does not give you the right"),
        N_("Ask its administrator for the right to create tables and to write in its schema."),
    ),
    "3F000": (
        N_("it has no schema to make the tables in"),
        N_("Create one, and give yourself the right to use it."),
    ),
}


def _refusal(error: BaseException) -> str:
    """The SQLSTATE of a connection that was refused, which has none of its own."""
    full = ("too many connections", "too many clients", "connection slots")
    return "53300" if any(words in str(error) for words in full) else ""


def _said(error: BaseException) -> str:
    """The lines of a driver's message as one."""
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__


def _engine_for(server: Server) -> Engine:
    engine = create_engine(
        server.url,
        connect_args=_CLIENT,
        isolation_level="READ COMMITTED",
        pool_pre_ping=True,  # of the reading connections, after the server was started anew
        hide_parameters=True,  # no identifier or message in a traceback
    )
    event.listen(engine, "do_connect", _connect)
    event.listen(engine, "connect", _configure)
    return engine


def _connect(_dialect: object, _record: object, how: list[Any], named: dict[str, Any]) -> object:
    from batchsend.ledger.psycopg_timeout import ImpatientConnection  # noqa: PLC0415 - psycopg is an extra

    return ImpatientConnection.connect(*how, **named)


def _configure(connection: Any, _record: object) -> None:
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise LedgerError(
            _(
                "The ledger's database is encoded as {encoding}, in which not every name "
                "can be written.",
                encoding=encoding,
            ),
            hint=_("Create it again, with: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0"),
        )
    with connection.cursor() as cursor:
        for setting in _SESSION:
            cursor.execute(f"SET {setting}")
    connection.commit()

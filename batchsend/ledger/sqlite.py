"""All that only SQLite needs: opening, durability, triggers, permissions, its errors in words.

Another database has a module like this one; nothing else in the ledger names a dialect.
"""

from __future__ import annotations

import contextlib
import errno
import sqlite3
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any
from weakref import WeakSet

from sqlalchemy import URL, Connection, Engine, Select, Table, create_engine, event, update
from sqlalchemy.dialects.sqlite import Insert, insert

from batchsend.errors import LedgerError
from batchsend.language import N_, _
from batchsend.ledger.ledger_file import (
    drive_of,
    must_be_as_long_as_it_says,
    must_have_one_name,
    real_path,
)
from batchsend.ledger.locks import FileLocks, TakenError
from batchsend.ledger.roll import NOTHING, must_be_known
from batchsend.ledger.schema import edition
from batchsend.ledger.states import RULES, RefusedError
from batchsend.sqlite_files import make_private

BUSY_SECONDS = 10
"""How long to wait for another process's transaction, each of which takes milliseconds."""

SOME_RUN = 0
"""What the file itself says of an unfinished run; its log says which."""

CHUNK = 1_000
"""Rows fetched at once: few enough that Python uses the same memory again for the next."""


_OPENING = Lock()
"""Held while a file is opened: nobody may open it in SQLite while another looks at its header."""


class SqliteDatabase:
    """A ledger in a file, made here if there is none; its folder must exist."""

    patience = 0.0  # a full disk stays full

    def __init__(self, path: Path) -> None:
        self.place = path
        try:
            self.place = real_path(path)  # so that two names of one file are one ledger
            if self.place.is_dir():
                raise LedgerError(
                    _("The ledger {place} is a folder; a file is needed.", place=self.place)
                )
            if not self.place.exists() or not self.place.stat().st_size:
                self._must_never_have_been()
            with _OPENING:
                make_private(self.place)
                must_have_one_name(self.place)
                if all(other.place != self.place for other in _OPEN_HERE):  # see make_private
                    must_be_as_long_as_it_says(self.place)
                _OPEN_HERE.add(self)
            self._inode = self.place.stat().st_ino
        except OSError as error:
            raise self.in_words(error) from error
        self.drive = drive_of(self.place)
        self.engine = _engine_for(self.place, durable=_DURABLE[self._journal])

    def _must_never_have_been(self) -> None:
        """A scheduler that runs the same command again must not begin anew without its ledger, nor
        with what a full disk or a synchronising program left of it."""
        must_be_known(self.snapshots, self.place, lambda: NOTHING)

    @property
    def _journal(self) -> str:
        """A write-ahead log needs one fsync a commit, and no reader waits; but one machine."""
        return "wal" if self.drive.kind == "local" else "delete"

    @property
    def snapshots(self) -> Path:
        """The folder beside the ledger where the snapshots of its runs belong."""
        return self.place.with_suffix(".snapshots")

    def locks(self, writer: Connection) -> FileLocks:  # noqa: ARG002 as other databases need it
        """One run at a time."""
        return FileLocks(self.place)

    def before_creation(self) -> None:
        """Have the file keep the right journal from now on. Not possible inside a transaction."""
        self._must_never_have_been()  # what was in a lost log would look like this
        self._keep_journal()

    def _keep_journal(self) -> None:
        with self._raw() as cursor:
            cursor.execute(f"PRAGMA journal_mode = {self._journal}")

    def keep_others_from_creating(self, connection: Connection) -> None:
        """Nothing: the transaction has the write lock from its beginning."""

    def triggers(self) -> list[str]:
        """The transition table as the database enforces it: whoever writes, none slips through."""
        return [
            f"""CREATE TRIGGER {rule.name} BEFORE {rule.event} ON letters WHEN {rule.broken}
                BEGIN SELECT RAISE(ABORT, '{rule.said}'); END"""
            for rule in RULES
        ]

    def opened(self) -> None:
        """Close an older file to everybody but its owner, and see that all of it is there.

        Raises LedgerError where a run was killed and its write-ahead log is gone.
        """
        with contextlib.suppress(PermissionError):  # a colleague's, shared on purpose
            self.place.chmod(0o600)
        if self._is_settled():
            return
        with self._while_no_run_is_on() as alone:
            if alone:
                with self.engine.execution_options(writes=True).connect() as writer:
                    self._must_be_whole(writer)
                self.engine.dispose()  # the journal changes only while nobody has the file open
                self._keep_journal()

    def closes(self, writer: Connection) -> None:
        """End in order what a run has begun that was killed while this was open.

        Whoever closes the file last takes its log away; the file must be whole by itself before.
        """
        self.must_be_there()
        if self._unfinished() is None:
            return
        with self._while_no_run_is_on() as alone:
            if alone:
                self._must_be_whole(writer)

    @contextlib.contextmanager
    def _while_no_run_is_on(self) -> Iterator[bool]:
        """Keeps every run away; False where one is alive."""
        locks = FileLocks(self.place)
        try:
            locks.alone()
        except TakenError:
            yield False
            return
        try:
            yield True
        finally:
            locks.release()

    def _is_settled(self) -> bool:
        """Whether no run was left unfinished, and the journal is the right one."""
        return self._unfinished() is None and self._ask("PRAGMA journal_mode") == self._journal

    def _must_be_whole(self, writer: Connection) -> None:
        """SQLite removes the log of whoever ends in order, and never that of the killed; and while
        a run is on, the log is not empty (see `run_begins`)."""
        if self._unfinished() is None:
            return
        log = self.place.with_name(self.place.name + "-wal")
        if not log.exists() or not log.stat().st_size:
            raise LedgerError(
                _(
                    "The ledger {place} is not whole: its last run was killed, or was still "
                    "on when the file was copied, and what it sent stands in {log}, which "
                    "is gone. Without it, letters would go out twice.",
                    place=self.place,
                    log=log.name,
                ),
                hint=_(
                    "Put {log} back beside it, or a copy of the ledger that was made after "
                    "a run had ended. If there is neither, only the provider knows which "
                    "letters went.",
                    log=log.name,
                ),
            )
        self.run_ends(writer)

    def run_begins(self, writer: Connection, run: int) -> None:
        """Have the file itself say that from now on it is not whole without its log."""
        if self._journal == "wal":
            self._note_unfinished(writer, SOME_RUN)
            self._write_log_back(writer)
            self._note_unfinished(writer, run)  # so that an empty log is one that was lost

    def run_ends(self, writer: Connection) -> None:
        """Have all of it in the file itself, and the file say so."""
        self._write_log_back(writer)  # which makes room on a disk that is full
        if self._unfinished() is not None:
            self._note_unfinished(writer, None)
            self._write_log_back(writer)

    def _note_unfinished(self, writer: Connection, run: int | None) -> None:
        with writer.begin():
            writer.execute(update(edition).values(unfinished=run))

    def _unfinished(self) -> int | None:
        run: int | None = self._ask("SELECT unfinished FROM edition")
        return run

    def _write_log_back(self, writer: Connection) -> None:
        if self._journal == "wal":  # waits for readers; who reads for long puts it off to the end
            writer.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _ask(self, what: str) -> Any:
        with self._raw() as cursor:
            return cursor.execute(what).fetchone()[0]

    @contextlib.contextmanager
    def _raw(self) -> Iterator[Any]:
        """A cursor outside of any transaction."""
        connection = self.engine.raw_connection()
        try:
            yield connection.cursor()
        finally:
            connection.close()

    def must_be_there(self) -> None:
        """Raise LedgerError if the file was moved or deleted: writes would go to a lost file."""
        try:
            there = self.place.stat().st_ino == self._inode
        except OSError:
            there = False
        if not there:
            raise LedgerError(
                _("The ledger {place} was moved or deleted while in use.", place=self.place),
                hint=_(
                    "Put it back before anything more is sent: without it, letters go out twice."
                ),
            )

    def not_a_ledger(self) -> LedgerError:
        """What to say where there are tables of others."""
        return LedgerError(
            _("The file {place} is a database, but not a ledger.", place=self.place),
            hint=_("Choose another file for the ledger; this one is not changed."),
        )

    def insert_unless_there(self, table: Table) -> Insert:
        """An insert that does nothing where the key is there already."""
        return insert(table).on_conflict_do_nothing(index_elements=table.primary_key.columns)

    def each_changed(self, cursor: Any, sql: str, rows: Sequence[Any]) -> list[bool]:
        """Execute a statement for each row; whether it changed anything."""
        return [cursor.execute(sql, row).rowcount > 0 for row in rows]

    def chunks(self, connection: Connection, query: Select[Any]) -> Iterator[Sequence[Any]]:
        """The rows of a query, some at a time, without becoming objects on the way."""
        cursor = connection.execute(query).cursor
        assert cursor is not None  # noqa: S101 a select has one
        while chunk := cursor.fetchmany(CHUNK):
            yield chunk

    def no_timeout(self, connection: Connection) -> contextlib.AbstractContextManager[None]:  # noqa: ARG002 as others need it
        """Nothing: a file is always waited for."""
        return contextlib.nullcontext()

    def shrink(self) -> None:
        """Give freed space back and empty the write-ahead log, so that purged text is nowhere."""
        with self._raw() as cursor:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def in_words(self, error: BaseException) -> LedgerError:
        """What SQLite or the operating system said, as a sentence."""
        unusable = _("The ledger {place} cannot be used", place=self.place)
        cause = getattr(error, "orig", None) or error
        name = getattr(cause, "sqlite_errorname", "")
        for prefix, (what, hint) in _WORDS.items():
            if name.startswith(prefix):
                return LedgerError(f"{unusable}: {_(what)}.", hint=_(hint))
        if isinstance(cause, sqlite3.IntegrityError):
            return RefusedError(
                _(
                    "The ledger {place} refuses what would break its promise: {cause}.",
                    place=self.place,
                    cause=cause,
                )
            )
        if isinstance(cause, OSError) and cause.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
            what, hint = _WORDS["SQLITE_READONLY"]
            return LedgerError(f"{unusable}: {_(what)}.", hint=_(hint))
        if isinstance(cause, FileNotFoundError):
            return LedgerError(
                _(
                    "{unusable}: there is no folder {parent}.",
                    unusable=unusable,
                    parent=self.place.parent,
                ),
                hint=_("Make the folder, or name another place for the ledger."),
            )
        said = cause.strerror if isinstance(cause, OSError) and cause.strerror else str(cause)
        return LedgerError(f"{unusable}: {said}.")


_OPEN_HERE: WeakSet[SqliteDatabase] = WeakSet()
"""Those of this process."""
_DURABLE = {"wal": "FULL", "delete": "EXTRA"}
"""With which `synchronous` a commit is on the disk when it returns, by the journal."""


def _engine_for(path: Path, *, durable: str) -> Engine:
    """An engine whose commits are on the disk when they return.

    Transactions are begun explicitly (the sqlite3 module would begin them late and behind our
    back); those of an engine with the execution option `writes` take the write lock at once, so
    that none fails half-way for being late.
    """
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": BUSY_SECONDS},
        hide_parameters=True,  # no identifier or message in a traceback
    )
    event.listen(engine, "connect", partial(_configure, durable))
    event.listen(engine, "begin", _begin)
    return engine


def _configure(durable: str, connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    for pragma in (
        f"synchronous = {durable}",
        "fullfsync = ON",  # macOS: an fsync that reaches the disk itself
        "foreign_keys = ON",
        "secure_delete = ON",  # what is purged is overwritten, not just unlinked
        "cache_size = -65536",  # KiB; pages are held only as they are needed
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


_WORDS = {
    "SQLITE_FULL": (N_("the disk is full"), N_("Make room and run the same command again.")),
    "SQLITE_IOERR": (
        N_("the disk does not take or give the data (full, failing or disconnected)"),
        N_("See that its disk is there and has room, then run the same command again."),
    ),
    "SQLITE_READONLY": (
        N_("it is read-only"),
        N_("Give yourself the right to write to the file and its folder."),
    ),
    "SQLITE_CANTOPEN": (
        N_("the file or its folder cannot be opened"),
        N_("See that the folder exists and that you may write there."),
    ),
    "SQLITE_BUSY": (
        N_("another program holds it"),
        N_("Close the program that has it open, then run the same command again."),
    ),
    "SQLITE_NOTADB": (
        N_("the file is not a ledger"),
        N_("Choose another file for the ledger; this one is not changed."),
    ),
    "SQLITE_CORRUPT": (
        N_("the file is damaged"),
        N_("Put back a copy of it from a backup before anything more is sent."),
    ),
}

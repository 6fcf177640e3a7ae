"""All that only SQLite needs: opening, durability, triggers, permissions, its errors in words.

Another database gets a module like this one; nothing else in the ledger names a dialect.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event
from sqlalchemy.dialects.sqlite import Insert, insert

from batchsend.errors import LedgerError
from batchsend.ledger.states import REHEARSAL, TRANSITIONS, RefusedError

__all__ = [
    "commits_of_others",
    "engine_for",
    "in_words",
    "insert_or_update",
    "make_private",
    "shrink",
    "touch_private",
    "triggers",
    "write_ahead",
]

BUSY_SECONDS = 10
"""How long to wait for another process's transaction, each of which takes milliseconds."""


def touch_private(path: Path) -> None:
    """Make an empty file that only its owner can read, unless there is a file already.

    SQLite gives its -wal and -shm files the same permissions. Windows keeps the folder's.
    """
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))


def make_private(path: Path) -> None:
    """Close an older file to everybody but its owner."""
    with contextlib.suppress(PermissionError):  # a colleague's, shared on purpose
        path.chmod(0o600)


def write_ahead(engine: Engine) -> None:
    """Have the file keep a write-ahead log from now on: one fsync a commit, readers never wait."""
    connection = engine.raw_connection()  # not possible inside a transaction
    try:
        connection.cursor().execute("PRAGMA journal_mode = WAL")
    finally:
        connection.close()


def engine_for(path: Path) -> Engine:
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
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    return engine


def _configure(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    for pragma in (
        "synchronous = FULL",
        "fullfsync = ON",  # macOS: an fsync that reaches the disk itself
        "foreign_keys = ON",
        "secure_delete = ON",  # what is purged is overwritten, not just unlinked
        "cache_size = -65536",  # KiB; pages are held only as they are needed
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def commits_of_others(connection: Connection) -> int:
    """A number that is another one once anybody else has changed the database."""
    return int(connection.exec_driver_sql("PRAGMA data_version").scalar_one())


def insert_or_update(table: Table) -> Insert:
    """An insert that can be told what to do when the key is there already."""
    return insert(table)


def triggers() -> list[str]:
    """The transition table as the database enforces it: whoever writes, none slips through."""
    legal = " OR ".join(
        f"(OLD.state = '{before}' AND NEW.state IN ({_quoted(after)}))"
        for before, after in TRANSITIONS.items()
        if after
    )
    return [
        f"""CREATE TRIGGER letters_begin BEFORE INSERT ON letters
            WHEN NEW.state NOT IN ({_quoted(TRANSITIONS["pending"])})
            BEGIN SELECT RAISE(ABORT, 'no letter begins in this state'); END""",
        f"""CREATE TRIGGER letters_go_on BEFORE UPDATE OF state ON letters WHEN NOT ({legal})
            BEGIN SELECT RAISE(ABORT, 'this state cannot follow that one'); END""",
        f"""CREATE TRIGGER letters_stay BEFORE DELETE ON letters
            WHEN OLD.destination <> '{REHEARSAL}'
            BEGIN SELECT RAISE(ABORT, 'the ledger never forgets a letter'); END""",
    ]


def _quoted(states: frozenset[Any]) -> str:
    return ", ".join(f"'{state}'" for state in sorted(states))


def shrink(engine: Engine) -> None:
    """Give freed space back and empty the write-ahead log, so that purged text is nowhere."""
    connection = engine.raw_connection()  # VACUUM does not run inside a transaction
    try:
        connection.cursor().execute("VACUUM")
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()


_WORDS = {
    "SQLITE_FULL": ("the disk is full", "Make room and run the same command again."),
    "SQLITE_IOERR": (
        "the disk does not take or give the data (full, failing or disconnected)",
        "See that its disk is there and has room, then run the same command again.",
    ),
    "SQLITE_READONLY": (
        "it is read-only",
        "Give yourself the right to write to the file and its folder.",
    ),
    "SQLITE_CANTOPEN": (
        "the file or its folder cannot be opened",
        "See that the folder exists and that you may write there.",
    ),
    "SQLITE_BUSY": (
        "another program holds it",
        "Close the program that has it open, then run the same command again.",
    ),
    "SQLITE_NOTADB": (
        "the file is not a ledger",
        "Choose another file for the ledger; this one is left as it is.",
    ),
    "SQLITE_CORRUPT": (
        "the file is damaged",
        "Put back a copy of it from a backup before anything more is sent.",
    ),
}


def in_words(path: Path, error: BaseException) -> LedgerError:
    """What SQLite or the operating system said, as a sentence."""
    cause = getattr(error, "orig", None) or error
    name = getattr(cause, "sqlite_errorname", "")
    for prefix, (what, hint) in _WORDS.items():
        if name.startswith(prefix):
            return LedgerError(f"The ledger {path} cannot be used: {what}.", hint=hint)
    if isinstance(cause, sqlite3.IntegrityError):
        return RefusedError(f"The ledger {path} refuses what would break its promise: {cause}.")
    if isinstance(cause, OSError) and cause.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        what, hint = _WORDS["SQLITE_READONLY"]
        return LedgerError(f"The ledger {path} cannot be used: {what}.", hint=hint)
    if isinstance(cause, FileNotFoundError):
        return LedgerError(
            f"The ledger {path} cannot be used: there is no folder {path.parent}.",
            hint="Make the folder, or name another place for the ledger.",
        )
    said = cause.strerror if isinstance(cause, OSError) and cause.strerror else str(cause)
    return LedgerError(f"The ledger {path} cannot be used: {said}.")

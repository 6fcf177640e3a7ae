"""Locks: who may do what on a ledger at the same time. FileLocks are those of a ledger that is a
file, AdvisoryLocks those of one in PostgreSQL.

The operating system holds a file's lock for the process, PostgreSQL an advisory lock for the
session; each is let go of when its holder ends, however that comes about. Knows nothing of what is
in the ledger.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError


class TakenError(Exception):
    """Another run holds what was asked for."""


class Locks(Protocol):
    """Who may do what on a ledger at the same time. All are let go of when their process dies."""

    def join(self) -> None:
        """Begin to send, beside those who may send at the same time; TakenError if none may."""

    def rehearse(self) -> None:
        """Keep other rehearsals away, which would undo this one's; TakenError if one is on."""

    def own(self, run: int) -> None:
        """Show others that this run is alive; in the transaction that begins it."""

    def alone(self) -> None:
        """Keep every run away, or raise TakenError."""

    def release(self) -> None:
        """Let go of everything that is held."""

    def living(self, connection: Connection) -> frozenset[int]:
        """The runs that are alive, as far as they can run beside others."""


class FileLocks:
    """A lock file beside the ledger. The file stays; only the lock on it means anything."""

    def __init__(self, ledger: Path) -> None:
        self._lock = FileLock(
            ledger.with_name(ledger.name + ".lock"),
            blocking=False,
            mode=0o600,
            thread_local=False,  # taken in one thread, released in another
            fallback_to_soft=False,  # a lock that outlives its process would stop every later run
        )

    def join(self) -> None:
        """As `alone`: two machines cannot share a file in safety, nor need two runs on one."""
        self.alone()

    def rehearse(self) -> None:
        """Nothing: it is alone."""

    def own(self, run: int) -> None:
        """Nothing: it is alone."""

    def alone(self) -> None:
        """Take the lock at once, or raise TakenError; OSError where the file cannot be made."""
        if self._lock.is_locked:
            raise TakenError
        try:
            self._lock.acquire()
        except Timeout:
            raise TakenError from None

    def release(self) -> None:
        """Let go of it; nothing happens when it is not ours."""
        self._lock.release(force=True)

    def living(self, connection: Connection) -> frozenset[int]:  # noqa: ARG002 as others need it
        """None runs beside others."""
        return frozenset()


class AdvisoryLocks:
    """Locks of a session: number 0 of the ledger is shared by its runs, its own is each run's."""

    ALL, REHEARSALS = 0, 2**32 - 1

    def __init__(self, writer: Connection) -> None:
        self._writer = writer
        self._held = False

    def join(self) -> None:
        """Send beside others, unless one is alone; raises TakenError."""
        self._take("pg_try_advisory_lock_shared", self.ALL)

    def rehearse(self) -> None:
        """Keep other rehearsals away; raises TakenError."""
        with self._writer.begin():
            if not self._try("pg_try_advisory_lock", self.REHEARSALS):
                raise TakenError

    def own(self, run: int) -> None:
        """Show others that this run is alive."""
        self._try("pg_try_advisory_lock", run)

    def alone(self) -> None:
        """Keep every run away; raises TakenError where there is one."""
        self._take("pg_try_advisory_lock", self.ALL)

    def release(self) -> None:
        """Let go of all; the server has done so where the connection was lost."""
        self._held = False
        if self._writer.closed or self._writer.invalidated:
            return
        with contextlib.suppress(DBAPIError), self._writer.begin():
            self._writer.execute(text("SELECT pg_advisory_unlock_all()"))

    def living(self, connection: Connection) -> frozenset[int]:
        """The runs whose locks are held by anybody."""
        found = connection.scalars(
            text(
                "SELECT objid::bigint FROM pg_locks JOIN pg_database ON oid = database"
                " WHERE datname = current_database() AND locktype = 'advisory' AND granted"
                " AND classid = 'letters'::regclass::oid AND objsubid = 1"
            )
        )
        return frozenset(found) - {self.ALL, self.REHEARSALS}

    def _take(self, function: str, number: int) -> None:
        if self._held:  # to the server it would be the same session's
            raise TakenError
        with self._writer.begin():
            self._held = self._try(function, number)
        if not self._held:
            raise TakenError

    def _try(self, function: str, number: int) -> bool:
        # The table's own number sets ledgers in several schemas of one database apart.
        key = "('letters'::regclass::oid::bigint << 32) | CAST(:number AS bigint)"
        query = text(f"SELECT {function}({key})")
        return bool(self._writer.scalar(query, {"number": number}))

"""Ledger: what has been decided and done, in a file that survives whatever happens to its writer.

Knows nothing of lists, templates or the API; it is told identifiers, contents and outcomes.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import polars as pl
from sqlalchemy import Connection, Dialect, Engine, insert, inspect, select
from sqlalchemy.exc import SQLAlchemyError

from batchsend.errors import LedgerError
from batchsend.ledger import purging, reading, running, settling
from batchsend.ledger.entries import End, Purged, Run, RunFacts
from batchsend.ledger.lock import RunLock, TakenError
from batchsend.ledger.schema import VERSION, edition, metadata
from batchsend.ledger.sqlite import (
    commits_of_others,
    engine_for,
    in_words,
    make_private,
    shrink,
    touch_private,
    triggers,
    write_ahead,
)
from batchsend.ledger.states import LetterState
from batchsend.letters import FATES, Snapshot
from batchsend.scratch import sweep

__all__ = ["Ledger", "Settle"]


class Settle(Protocol):
    """`Ledger.settle`, for whoever keeps the runs away already."""

    def __call__(
        self, destination: str, decisions: Mapping[str, LetterState], *, because: str
    ) -> int:
        """Settle letters by identifier."""


class Ledger:
    """The ledger of one or more mailings. Make one with `Ledger.open`; every method may raise
    LedgerError, in words."""

    def __init__(self, path: Path, engine: Engine) -> None:
        self.path = path
        self._engine = engine
        self._writer = engine.execution_options(writes=True).connect()
        self._one_at_a_time = threading.Lock()
        self._lock = RunLock(path)
        self._inode = path.stat().st_ino

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the ledger at `path`, made here if there is none; its folder must exist."""
        path = path.resolve()  # so that two names of one file are one ledger
        with _speaking(path):
            if path.is_dir():
                raise LedgerError(f"The ledger {path} is a folder; a file is needed.")
            touch_private(path)
            engine = engine_for(path)
            try:
                _prepare(engine, path)
                make_private(path)
                return cls(path, engine)
            except BaseException:
                engine.dispose()
                raise

    def close(self) -> None:
        """Let go of the file, and of the run lock if a run was not finished."""
        self._lock.release()
        self._writer.close()
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def snapshots(self) -> Path:
        """The folder beside the ledger where the snapshots of its runs belong."""
        return self.path.with_suffix(".snapshots")

    def begin_run(self, facts: RunFacts) -> Run:
        """Begin a run, alone on this ledger until it is finished or its process ends.

        What an earlier run was sending when it died becomes `unknown`: see `Run.left_over`.
        """
        self._take()
        try:
            with self.writing() as connection:
                return running.begin(connection, facts)
        except BaseException:
            self._lock.release()
            raise

    def finish_run(self, run: Run, end: End) -> Run:
        """Record how the run ended, and let the next one begin."""
        try:
            with self.writing() as connection:
                return running.finish(connection, run, end)
        finally:
            self._lock.release()

    def runs(self) -> list[Run]:
        """Every run, to every destination, oldest first."""
        with self._reading() as connection:
            return running.recorded_runs(connection)

    def same_list_sent(self, destination: str, list_digest: str) -> Run | None:
        """The last run that sent letters from a file with these very bytes, if any did."""
        with self._reading() as connection:
            return running.run_that_sent(connection, destination, list_digest)

    def stamp(self) -> int:
        """A number that stays the same for as long as nobody else writes to the ledger."""
        with self.writing() as connection:
            return commits_of_others(connection)

    def begun_since(self, destination: str, moment: datetime) -> int:
        """How many letters to `destination` were begun last since that moment."""
        with self._reading() as connection:
            return reading.begun_since(connection, destination, moment)

    def standing(self, destination: str) -> pl.DataFrame:
        """How every letter to `destination` stands, shaped as STANDING."""
        with self._reading() as connection:
            return reading.letters_like(connection, destination, reading.STANDING)

    def outline(self, destination: str) -> pl.DataFrame:
        """As much of `standing` as a plan needs, shaped as OUTLINE."""
        with self._reading() as connection:
            return reading.letters_like(connection, destination, reading.OUTLINE)

    def attempts(self, destination: str) -> pl.DataFrame:
        """Every request made to `destination`, shaped as ATTEMPTS."""
        with self._reading() as connection:
            return reading.attempts_made(connection, destination)

    def settle(
        self, destination: str, decisions: Mapping[str, LetterState], *, because: str
    ) -> int:
        """Settle letters by identifier: `accepted` (it arrived), `failed` (it did not) or
        `pending` (send it regardless); the last two are sent by the next run.

        All or none: LedgerError names those that cannot be settled. Returns how many were.
        """
        with self._alone():
            return self._settle(destination, decisions, because=because)

    @contextlib.contextmanager
    def settling(self) -> Iterator[Settle]:
        """Keep every run away while somebody finds out what is to be settled, and settles it.

        What a dead run was sending is `unknown` by then. The block gets what does as `settle`.
        """
        with self._alone():
            with self.writing() as connection:
                running.doubt_left_over(connection)
            yield self._settle

    def _settle(
        self, destination: str, decisions: Mapping[str, LetterState], *, because: str
    ) -> int:
        with self.writing() as connection:
            running.doubt_left_over(connection)
            return settling.settle_letters(connection, destination, decisions, because)

    def note_deliveries(self, destination: str, deliveries: Mapping[str, str]) -> None:
        """Note what the status call said of letters, by identifier."""
        with self.writing() as connection:
            settling.note_deliveries(connection, destination, deliveries)

    def forget(self, run: Run, identifiers: Iterable[str]) -> None:
        """Let the letters of a rehearsal be rehearsed again; `run` is the rehearsal that does so.

        The database refuses this for every destination but REHEARSAL.
        """
        with self.writing() as connection:
            purging.forget_letters(connection, run.facts.destination, identifiers)

    def purge(self, before: datetime) -> Purged:
        """Remove snapshots and the texts of answers of runs begun before; keep the outcomes.

        Only what lies in the ledger's own folder of snapshots is deleted.
        """
        with self._alone():
            with self.writing() as connection:
                letters, attempts = purging.clear_messages(connection, before)
                old = purging.snapshots_until(connection, before)
                named = purging.snapshots_named(connection)
            with _speaking(self.path):
                sweep(self.snapshots)
                old += self._snapshots_without_run(named, before)
                deleted = [path for path in old if self._delete_snapshot(path)]
                shrink(self._engine)
        return Purged(letters, attempts, len(deleted))

    def _snapshots_without_run(self, named: AbstractSet[str], before: datetime) -> list[Path]:
        """Those of runs that never began, as when the process was killed at the question."""
        if not self.snapshots.is_dir():
            return []
        return [
            path
            for path in self.snapshots.iterdir()
            if path.name not in named
            and (path / FATES).is_file()
            and path.stat().st_mtime < before.timestamp()
        ]

    def _delete_snapshot(self, path: Path) -> bool:
        here = self.snapshots / path.name  # the folder may have been moved since
        if not self.snapshots.is_dir() or here not in self.snapshots.iterdir():
            return False
        Snapshot.remove(here)
        return True

    @property
    def dialect(self) -> Dialect:
        """Of the database that `writing` writes to."""
        return self._engine.dialect

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is on disk when the block ends, and undone if it raises."""
        with _speaking(self.path), self._one_at_a_time:
            self._must_be_there()
            with self._writer.begin():
                yield self._writer

    @contextlib.contextmanager
    def _reading(self) -> Iterator[Connection]:
        with _speaking(self.path), self._engine.connect() as connection:
            yield connection

    def _must_be_there(self) -> None:
        """Raise LedgerError if the file was moved or deleted: writes would go to a lost file."""
        try:
            there = self.path.stat().st_ino == self._inode
        except OSError:
            there = False
        if not there:
            raise LedgerError(
                f"The ledger {self.path} was moved or deleted while in use.",
                hint="Put it back before anything more is sent: without it letters go out twice.",
            )

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        self._take()
        try:
            yield
        finally:
            self._lock.release()

    def _take(self) -> None:
        try:
            with _speaking(self.path):
                self._lock.take()
        except TakenError:
            with self._reading() as connection:
                last = running.last_run(connection)
            raise LedgerError(
                f"The ledger {self.path} is in use by another run{_since(last)}.",
                hint="Wait until that one has ended, or stop it, and run the same command again.",
            ) from None


def _since(last: Run | None) -> str:
    if last is None or last.end is not None:
        return ""
    return f", begun {last.started.astimezone():%Y-%m-%d %H:%M} (process {last.process})"


def _prepare(engine: Engine, path: Path) -> None:
    """Make the tables in an empty file; refuse, untouched, what is not a ledger of this version."""
    with engine.connect() as connection:
        if not _is_empty(connection, path):
            return
    write_ahead(engine)
    with engine.execution_options(writes=True).begin() as connection:
        if _is_empty(connection, path):  # still: another process may have been quicker
            metadata.create_all(connection)
            for trigger in triggers():
                connection.exec_driver_sql(trigger)
            connection.execute(insert(edition).values(version=VERSION))


def _is_empty(connection: Connection, path: Path) -> bool:
    tables = inspect(connection).get_table_names()
    if not tables:
        return True
    if edition.name not in tables:
        raise LedgerError(
            f"The file {path} is a database, but not a ledger.",
            hint="Choose another file for the ledger; this one is left as it is.",
        )
    version = connection.scalar(select(edition.c.version))
    if version != VERSION:
        raise LedgerError(
            f"The ledger {path} was written by a newer batchsend (ledger version {version}; "
            f"this one reads {VERSION}).",
            hint="Bring batchsend up to date.",
        )
    return False


@contextlib.contextmanager
def _speaking(path: Path) -> Iterator[None]:
    """Errors of the database and the operating system, in words."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        raise in_words(path, error) from error

"""Ledger: what has been decided and done, kept so that it survives whatever happens to its writer.

Knows nothing of lists, templates or the API; it is told identifiers, contents and outcomes.
"""

from __future__ import annotations

import contextlib
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import polars as pl
from sqlalchemy import Connection
from sqlalchemy.engine.interfaces import DBAPIModule

from batchsend.errors import LedgerError
from batchsend.ledger import creation, purging, reading, running, settling
from batchsend.ledger.database import Database, TakenError, speaking
from batchsend.ledger.entries import End, Purged, Run, RunFacts
from batchsend.ledger.notes import NoteWriter
from batchsend.ledger.postgres import PostgresDatabase
from batchsend.ledger.settings import Place, Server
from batchsend.ledger.sqlite import SqliteDatabase
from batchsend.ledger.states import REHEARSAL, LetterState
from batchsend.scratch import PREFIX, sweep

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

    def __init__(self, database: Database) -> None:
        self._database = database
        self._engine = database.engine
        with self._speaking():
            self._writer = self._engine.execution_options(writes=True).connect()
        self._one_at_a_time = threading.Lock()
        self._locks = database.locks(self._writer)
        self._run: int | None = None  # the last one begun here

    @classmethod
    def open(cls, place: Place) -> Self:
        """Open a ledger, made here if there is none; the folder or database must exist.

        Raises LedgerError, and SettingsError where what the database needs is not installed.
        """
        database = PostgresDatabase(place) if isinstance(place, Server) else SqliteDatabase(place)
        try:
            with speaking(database):
                creation.prepare(database)
            return cls(database)
        except BaseException:
            database.engine.dispose()
            raise

    def close(self) -> None:
        """Let go of the ledger, and of its locks if a run was not finished."""
        self._locks.release()
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
    def place(self) -> Place:
        """Where it is."""
        return self._database.place

    @property
    def snapshots(self) -> Path:
        """The folder on this machine where the snapshots of its runs belong."""
        return self._database.snapshots

    @property
    def patience(self) -> float:
        """Seconds in which it may come back by itself when it does not answer."""
        return self._database.patience

    def begin_run(self, facts: RunFacts) -> Run:
        """Begin a run, known to be alive until it is finished or its process ends: in a file
        alone, in a database beside others, but one rehearsal at a time.

        What an earlier run was sending when it died becomes `unknown`: see `Run.left_over`.
        """
        self._take(self._locks.join)
        try:
            if facts.destination == REHEARSAL:
                self._take(self._locks.rehearse)
            with self.writing() as connection:
                run = running.begin(connection, facts, self._locks)
        except BaseException:
            self._locks.release()
            raise
        self._run = run.number
        return run

    def finish_run(self, run: Run, end: End) -> Run:
        """Record how the run ended, and let the next one begin."""
        try:
            with self.writing() as connection:
                return running.finish(connection, run, end)
        finally:
            self._locks.release()

    def other_runs(self) -> list[Run]:
        """The runs that are sending beside this one, oldest first; none does in a file."""
        with self._reading() as connection:
            living = self._locks.living(connection) - {self._run}
            runs = running.recorded_runs(connection) if living else []
        return [run for run in runs if run.number in living]

    def runs(self) -> list[Run]:
        """Every run, to every destination, oldest first."""
        with self._reading() as connection:
            return running.recorded_runs(connection)

    def same_list_sent(self, destination: str, list_digest: str) -> Run | None:
        """The last run that sent letters from a file with these very bytes, if any did."""
        with self._reading() as connection:
            return running.run_that_sent(connection, destination, list_digest)

    def stamp(self) -> object:
        """Something that stays equal for as long as nobody else changes how letters stand."""
        with self.writing() as connection:
            return self._database.stamp(connection, self._run)

    def begun_since(self, destination: str, moment: datetime) -> int:
        """How many letters to `destination` were begun last since that moment."""
        with self._reading() as connection:
            return reading.begun_since(connection, destination, moment)

    def standing(self, destination: str) -> pl.DataFrame:
        """How every letter to `destination` stands, shaped as STANDING."""
        with self._reading() as connection:
            return self._letters(connection, destination, reading.STANDING)

    def outline(self, destination: str) -> pl.DataFrame:
        """As much of `standing` as a plan needs, shaped as OUTLINE."""
        with self._reading() as connection:
            return self._letters(connection, destination, reading.OUTLINE)

    def _letters(self, connection: Connection, destination: str, schema: pl.Schema) -> pl.DataFrame:
        return reading.letters_like(connection, self._database.chunks, destination, schema)

    def attempts(self, destination: str) -> pl.DataFrame:
        """Every request made to `destination`, shaped as ATTEMPTS."""
        with self._reading() as connection:
            return reading.attempts_made(connection, self._database.chunks, destination)

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
                running.doubt_left_over(connection, self._locks)
            yield self._settle

    def _settle(
        self, destination: str, decisions: Mapping[str, LetterState], *, because: str
    ) -> int:
        with self.writing() as connection:
            running.doubt_left_over(connection, self._locks)
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
            with self.writing() as connection, self._database.at_leisure(connection):
                letters, attempts = purging.clear_messages(connection, before)
                old = purging.snapshots_until(connection, before)
                named = purging.snapshots_named(connection)
            with self._speaking():
                sweep(self.snapshots)
                old += self._snapshots_without_run(named, before)
                deleted = [path for path in old if self._delete_snapshot(path)]
                self._database.shrink()
        return Purged(letters, attempts, len(deleted))

    def _snapshots_without_run(self, named: AbstractSet[str], before: datetime) -> list[Path]:
        """Those of runs that never began, as when the process was killed at the question."""
        if not self.snapshots.is_dir():
            return []
        return [
            path
            for path in self.snapshots.iterdir()
            if path.name not in named
            and path.is_dir()
            and not path.name.startswith(PREFIX)  # somebody's check, that goes on
            and all(part.suffix == ".parquet" for part in path.iterdir())  # whole or not
            and path.stat().st_mtime < before.timestamp()
        ]

    def _delete_snapshot(self, path: Path) -> bool:
        here = self.snapshots / path.name  # the folder may have been moved since
        if not self.snapshots.is_dir() or here not in self.snapshots.iterdir():
            return False
        shutil.rmtree(here)
        return True

    def note_writer(self) -> NoteWriter:
        """What writes notes to this database, within `writing`."""
        return NoteWriter(self._database)

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is on disk when the block ends, and undone if it raises."""
        with self._speaking(), self._one_at_a_time:
            self._database.must_be_there()
            with self._writer.begin():
                try:
                    yield self._writer
                except self._engine.dialect.loaded_dbapi.Error as error:
                    self._forget_if_lost(error)
                    raise

    @contextlib.contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._speaking(), self._engine.connect() as connection:
            yield connection

    def _forget_if_lost(self, error: DBAPIModule.Error) -> None:
        """What notes are written through is the driver's own: SQLAlchemy does not see it fail."""
        if self._writer.invalidated:
            return
        raw = self._writer.connection.dbapi_connection
        if self._engine.dialect.is_disconnect(error, raw, None):
            self._writer.invalidate(error)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        self._take(self._locks.alone)
        try:
            yield
        finally:
            self._locks.release()

    def _take(self, lock: Callable[[], None]) -> None:
        try:
            with self._speaking():
                lock()
        except TakenError:
            with self._reading() as connection:
                last = running.last_run(connection)
            others = self.other_runs()
            other = others[-1] if others else last
            raise LedgerError(
                f"The ledger {self.place} is in use by another run{_since(other)}.",
                hint="Wait until that one has ended, or stop it, and run the same command again.",
            ) from None

    def _speaking(self) -> contextlib.AbstractContextManager[None]:
        return speaking(self._database)


def _since(last: Run | None) -> str:
    if last is None or last.end is not None:
        return ""
    return f", begun {last.started.astimezone():%Y-%m-%d %H:%M} (process {last.process})"

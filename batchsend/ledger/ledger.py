"""Ledger: what has been decided and done, kept so that it survives whatever happens to its writer.

Knows nothing of lists, templates or the API; it is told identifiers, contents and outcomes.
"""

from __future__ import annotations

import contextlib
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Self

import polars as pl
from sqlalchemy import Connection, select

from batchsend.errors import LedgerError
from batchsend.ledger import destination_spellings, purging, reading, roll, running, settling
from batchsend.ledger.database import Database, forget_if_lost, in_use, speaking
from batchsend.ledger.entries import End, Purged, Run, RunFacts
from batchsend.ledger.locks import TakenError
from batchsend.ledger.moving_to_database import (
    Rename,
    mark_taken,
    must_not_be_elsewhere,
    take_along,
    told_of_taking,
)
from batchsend.ledger.opening import ready
from batchsend.ledger.schema import edition
from batchsend.ledger.settings import Place, Server
from batchsend.ledger.settling import Settle
from batchsend.ledger.states import REHEARSAL
from batchsend.ledger.writes import WriteQueue
from batchsend.outcome import LetterState
from batchsend.scratch import sweep


class Ledger:
    """The ledger of one or more mailings. Make one with `Ledger.open`; every method may raise
    LedgerError, in words."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._engine = database.engine
        with speaking(self._database):
            self._writer = self._engine.execution_options(writes=True).connect()
        self._one_at_a_time = threading.Lock()
        self._locks = database.locks(self._writer)
        self._run: int | None = None  # the last one begun here
        self._unfinished = False  # whether that is on
        with self._reading() as connection:
            self._identity: str = connection.scalars(select(edition.c.identity)).one()

    @classmethod
    def open(cls, place: Place, rename: Rename = lambda run: run) -> Self:
        """Open a ledger, made here if there is none; the folder or database must exist.

        What a file has that was used before a database is taken along into it once; `rename` has a
        run say there of which mailing it is. Raises LedgerError, also where the ledger is not the
        newest that was sent with, and SettingsError where what the database needs is not installed.
        """
        book = cls(ready(place))
        try:
            if isinstance(place, Server) and place.has_file():
                with cls(ready(place.file)) as file:
                    book._take_along(file, rename)
            roll.must_be_known(book.snapshots, book.place, book.known)
        except BaseException:
            book.close()
            raise
        return book

    def _take_along(self, file: Self, rename: Rename) -> None:
        known = file.known()
        must_not_be_elsewhere(file.place, known.moved_to, self.place, self.identity)
        if known.runs <= self.known().runs:
            return
        with file.settling(), self.settling():  # nobody is sending, and nothing is `sending`
            with file.writing() as source, self.writing() as target, self.no_timeout():
                take_along(source, file.identity, target, rename)
            # In this order: if this process dies between, all is taken again, changing nothing.
            with file.writing() as source:
                mark_taken(source, self.identity)

    def known(self) -> roll.Known:
        """What it knows of its runs."""
        with self._reading() as connection:
            return running.known(connection)

    @property
    def notes(self) -> tuple[str, ...]:
        """What whoever is about to send must be told of it, in sentences."""
        with self._reading() as connection:
            told = self._database.drive.told, told_of_taking(connection, self.place)
        return tuple(filter(None, told))

    def no_timeout(self) -> contextlib.AbstractContextManager[None]:
        """For what may rightly take minutes, within `writing`."""
        return self._database.no_timeout(self._writer)

    def close(self) -> None:
        """Let go of the ledger, and of its locks if a run was not finished."""
        for _ in range(2 if self._unfinished else 0):  # the second time there may be more room
            with contextlib.suppress(LedgerError):
                self._run_ended()
                break
            self._engine.dispose()
        self._locks.release()
        with contextlib.suppress(LedgerError), speaking(self._database), self._one_at_a_time:
            self._database.closes(self._writer)
        self._writer.close()
        self._engine.dispose()

    def _run_ended(self) -> None:
        with speaking(self._database), self._one_at_a_time:
            self._database.run_ends(self._writer)
        self._unfinished = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def place(self) -> Place:
        """Where it is."""
        return self._database.place

    @property
    def identity(self) -> str:
        """Which ledger it is: 32 random hexadecimal digits, which a copy has, too."""
        return self._identity

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
        self._run, self._unfinished = run.number, True
        try:
            with speaking(self._database), self._one_at_a_time:
                self._database.run_begins(self._writer, run.number)
            if facts.destination != REHEARSAL:
                roll.enter(self.snapshots, running.entered(run, self._identity))
        except BaseException:
            with contextlib.suppress(LedgerError):
                self.finish_run(run, "stopped")
            raise
        return run

    def finish_run(self, run: Run, end: End) -> Run:
        """Record how the run ended, and let the next one begin."""
        try:
            with self.writing() as connection:
                finished = running.finish(connection, run, end)
            self._run_ended()
            return finished
        finally:
            self._locks.release()

    def open_snapshots(self) -> Path:
        """The folder for the checked lists of its runs, made if there is none; from now on it
        remembers the runs. Raises LedgerError where it cannot be made."""
        runs = [run for run in self.runs() if run.facts.destination != REHEARSAL]
        roll.open_roll(self.snapshots, [running.entered(run, self._identity) for run in runs])
        return self.snapshots

    def list_of(self, run: Run) -> Path:
        """Where the checked list of a run lies, or lay. The ledger may have been moved since."""
        here = self.snapshots / run.facts.snapshot.name
        return here if here.exists() else run.facts.snapshot

    @property
    def run_on(self) -> int | None:
        """The number of the run that was begun here and has not ended."""
        return self._run if self._unfinished else None

    def is_in_use(self) -> bool:
        """Whether a run, or what keeps runs away, is on in another process."""
        try:
            with self._alone():
                return False
        except LedgerError:
            return True

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

    def respell(self, spelled: Callable[[str], str]) -> None:
        """Keep every destination under the one spelling that `spelled` gives it, from now on.

        Waits for nobody: raises LedgerError where there is one to be changed while a run is on.
        """
        with self._reading() as connection:
            changes = destination_spellings.misspelled(connection, spelled)
        if changes:
            with self._alone(), self.writing() as connection, self._database.no_timeout(connection):
                destination_spellings.respell(connection, changes)

    def stamp(self) -> object:
        """Something that stays equal for as long as nobody else changes how letters stand: also
        from one opening of the ledger to the next. While another run is on nothing is equal."""
        with self._reading() as connection:
            if self._locks.living(connection) - {self._run}:
                return object()
            return (self._identity, *running.done_by_others(connection, self._run))

    def begun_since(self, destination: str, moment: datetime) -> int:
        """How many letters to `destination` were begun last since that moment."""
        with self._reading() as connection:
            return reading.begun_since(connection, destination, moment)

    def standing(self, destination: str) -> pl.DataFrame:
        """How every letter to `destination` stands, shaped as STANDING."""
        with self._reading() as connection:
            chunks = self._database.chunks
            return reading.letters_like(connection, chunks, destination, reading.STANDING)

    def outline(self, destination: str) -> pl.DataFrame:
        """As much of `standing` as a plan needs, shaped as OUTLINE."""
        with self._reading() as connection:
            chunks = self._database.chunks
            return reading.letters_like(connection, chunks, destination, reading.OUTLINE)

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
            with self.writing() as connection, self.no_timeout():
                letters, attempts = purging.clear_messages(connection, before)
            if self.snapshots.is_dir():
                self.open_snapshots()  # which must go on remembering what no list says any more
            gone = self.lists_to_purge(before)
            with speaking(self._database):
                sweep(self.snapshots)
                for path in gone:
                    shutil.rmtree(path)
                self._database.shrink()
        return Purged(letters, attempts, len(gone))

    def lists_to_purge(self, before: datetime) -> list[Path]:
        """The checked lists that `purge` would remove."""
        with self._reading() as connection:
            return purging.lists_that_go(connection, self.snapshots, before)

    def clear_letters(self, identifiers: Iterable[str]) -> int:
        """Keep of these letters only that they went, or may have gone; how many there are.

        Raises LedgerError while another run is using the ledger.
        """
        with self._alone():
            with self.writing() as connection:
                found = purging.clear_letters(connection, identifiers)
            with speaking(self._database):
                self._database.shrink()
        return found

    def decisions(self, identifier: str) -> list[dict[str, object]]:
        """What was settled about a letter: destination, when, what it was and became, by whom."""
        with self._reading() as connection:
            return reading.decisions_about(connection, identifier)

    def note_writer(self) -> WriteQueue:
        """What writes notes to this database, within `writing`."""
        return WriteQueue(self._database)

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is on disk when the block ends, and undone if it raises."""
        with speaking(self._database), self._one_at_a_time:
            self._database.must_be_there()
            with self._writer.begin():
                try:
                    yield self._writer
                except self._engine.dialect.loaded_dbapi.Error as error:
                    forget_if_lost(self._writer, error)
                    raise

    @contextlib.contextmanager
    def _reading(self) -> Iterator[Connection]:
        with speaking(self._database), self._engine.connect() as connection:
            yield connection

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        self._take(self._locks.alone)
        try:
            yield
        finally:
            self._locks.release()

    def _take(self, lock: Callable[[], None]) -> None:
        try:
            with speaking(self._database):
                lock()
        except TakenError:
            runs = self.other_runs() or self.runs()
            raise in_use(self.place, runs[-1] if runs else None) from None

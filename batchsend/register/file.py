"""The register's file: its tables, made where there are none, and opened where they are ours; and
Key, which turns what is personal into what can be compared with itself, and with nothing else. And
RegisteredRun, ApiAccount and the other plain data that goes in and out.

Several processes may write at once: each waits for the others' transactions. Without the key, which
never leaves its folder, names cannot be tried one after another.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Self

import polars as pl

from batchsend.errors import BatchsendError, in_short
from batchsend.language import N_, _
from batchsend.sqlite_files import make_private

SIZE = 32
"""Bytes of the key."""
HASH_SIZE = 16
"""Bytes of a hash: enough for no two recipients ever to share one by chance."""


class Key:
    """A random key, in a file that its owner only can read."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    @classmethod
    def read(cls, path: Path) -> Self:
        """The key in a file; RegisterError where there is none in it."""
        try:
            secret = path.read_bytes()
        except FileNotFoundError:
            secret = b""
        if len(secret) != SIZE:
            raise RegisterError(
                _(
                    "There is no file {path} with the key that the register was made with.",
                    path=path,
                ),
                hint=_(
                    "Put it back from a backup; or delete {parent}, and with it what the "
                    "register knows.",
                    parent=path.parent,
                ),
            )
        return cls(secret)

    @staticmethod
    def make(path: Path) -> None:
        """Write a new key. The file is there whole or not at all."""
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".key-")  # for its owner only
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(secrets.token_bytes(SIZE))
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    def hash(self, purpose: str, text: str) -> bytes:
        """The keyed hash of a text; that of the same text for another purpose is another one."""
        return blake2b(
            text.encode(), digest_size=HASH_SIZE, key=self._secret, person=purpose.encode()
        ).digest()


FILE = "register.sqlite"
KEY = "register.key"

BUSY_SECONDS = 20.0
"""How long to wait for others' transactions, each of which takes a second or two at most."""

APPLICATION = 0x6273_7267
"""What SQLite's header says of whose file it is: `bsrg`."""
VERSION = 1
"""Of the tables below. Raise it with every change to them."""

TABLES = (
    """CREATE TABLE made_with (key BLOB NOT NULL)""",
    """CREATE TABLE accounts (
        number INTEGER PRIMARY KEY,
        destination TEXT NOT NULL,
        subscription BLOB NOT NULL,
        UNIQUE (destination, subscription)
    )""",
    """CREATE TABLE runs (
        number INTEGER PRIMARY KEY,
        account INTEGER NOT NULL REFERENCES accounts,
        ledger TEXT NOT NULL,
        run INTEGER NOT NULL,
        started TEXT NOT NULL,
        mailing TEXT NOT NULL,
        place TEXT NOT NULL,
        ended INTEGER NOT NULL DEFAULT 0,
        UNIQUE (ledger, run, started)
    )""",
    """CREATE TABLE letters (
        account INTEGER NOT NULL REFERENCES accounts,
        alike TEXT NOT NULL,
        identifier TEXT NOT NULL,
        run INTEGER NOT NULL REFERENCES runs,
        recipient BLOB,
        PRIMARY KEY (account, alike, identifier, run)
    ) WITHOUT ROWID""",
    """CREATE VIEW entered_runs AS
        SELECT runs.number, account, ledger, run, started, mailing, place, ended,
            destination, subscription
        FROM runs JOIN accounts ON accounts.number = runs.account""",
)
"""An account is where letters go and who pays. A letter is entered for each run that sent it;
`alike` is its identifier without what programs change of it unseen, and what is looked for."""


def open_file(folder: Path) -> tuple[sqlite3.Connection, Key, bool]:
    """The register in a folder, made there if need be, with its key; and whether one had been
    there that is not there any more.

    Raises RegisterError, in words, where it cannot be.
    """
    path = folder / FILE
    with speaking(path):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        make_private(path)
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            lost = _prepare(connection, path)
            key = Key.read(folder / KEY)
            (made_with,) = connection.execute("SELECT key FROM made_with").fetchone()
            if made_with != _fingerprint(key):
                raise RegisterError(
                    _(
                        "The register {path} was made with another key than {folder} holds.",
                        path=path,
                        folder=folder / KEY,
                    ),
                    hint=_(
                        "Put back the two as they were together; or delete {folder}, and "
                        "with it what the register knows.",
                        folder=folder,
                    ),
                )
        except BaseException:
            connection.close()
            raise
    return connection, key, lost


def _prepare(connection: sqlite3.Connection, path: Path) -> bool:
    """See that it is ours, and has its tables; whether it had to be made in the place of one."""
    found = _version(connection)
    if found is None:
        raise RegisterError(
            _("The file {path} is another program's.", path=path),
            hint=_("Move it away, or set BATCHSEND_DATA to another folder."),
        )
    if found > VERSION:
        raise RegisterError(
            _("The register {path} was written by a newer batchsend.", path=path),
            hint=_("Bring batchsend up to date."),
        )
    lost = found == 0 and _create(connection, path.with_name(KEY))
    for pragma in (
        "synchronous = FULL",
        "fullfsync = ON",  # macOS: an fsync that reaches the disk itself
        "foreign_keys = ON",
        "secure_delete = ON",  # what is purged is overwritten, not just unlinked
        "temp_store = MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return lost


def _version(connection: sqlite3.Connection) -> int | None:
    """The version of the tables that are there, 0 where there are none; None of another's."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application == APPLICATION and version > 0:
        return int(version)
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    return None if tables or application or version else 0


def _create(connection: sqlite3.Connection, key: Path) -> bool:
    connection.execute("PRAGMA journal_mode = WAL")  # not possible inside a transaction
    with writing(connection):
        if _version(connection):  # another process was quicker
            return False
        lost = key.exists()
        if not lost:
            Key.make(key)
        for table in TABLES:
            connection.execute(table)
        connection.execute("INSERT INTO made_with VALUES (?)", (_fingerprint(Key.read(key)),))
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
    return lost


def _fingerprint(key: Key) -> bytes:
    return key.hash("key", "")


@contextlib.contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """A transaction that is on disk when the block ends, and undone if it raises."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextlib.contextmanager
def speaking(path: Path) -> Iterator[None]:
    """Errors of SQLite and the operating system, in words."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        name = getattr(error, "sqlite_errorname", "")
        for prefix, (what, hint) in _WORDS.items():
            if name.startswith(prefix):
                raise RegisterError(
                    _("The register {path} {what}.", path=path, what=_(what)), hint=_(hint)
                ) from error
        said = in_short(error)
        raise RegisterError(
            _(
                "The register {path} cannot be used: {reason}.",
                path=path,
                reason=said[:1].lower() + said[1:],
            ),
            hint=_(
                "Give yourself the right to write there, or set BATCHSEND_DATA to a folder "
                "where you may."
            ),
        ) from error


_WORDS = {
    "SQLITE_NOTADB": (
        N_("is not a database"),
        N_("Move the file away; a new register is begun then."),
    ),
    "SQLITE_CORRUPT": (N_("is damaged"), N_("Move the file away; a new register is begun then.")),
    "SQLITE_BUSY": (N_("is held by another program"), N_("Close the program that has it open.")),
    "SQLITE_FULL": (N_("cannot be written: the disk is full"), N_("Make room there.")),
}


class RegisterError(BatchsendError):
    """The register cannot be read or written. No run ends for that: it is said, and goes on."""


@dataclass(frozen=True, slots=True)
class ApiAccount:
    """Where letters go, and who pays: among these, one identifier is one letter."""

    destination: str
    """The API, as `sending.destination` writes it."""
    subscription: str = field(repr=False)
    """The subscription's id with the API; only a keyed hash of it is stored."""


@dataclass(frozen=True, slots=True)
class RegisteredRun:
    """A run, as it entered itself."""

    ledger: str
    """The identity of its ledger, which a copy of the ledger has, too."""
    number: int
    """Its number in that ledger."""
    started: datetime
    """In UTC; with the two above it is one run's, even where a copied ledger counted on."""
    mailing: str
    """The mailing's name."""
    place: str
    """The file that its ledger was in when it was last opened; empty once purged."""
    ended: bool = False
    """Whether all its letters are entered."""

    @property
    def key(self) -> tuple[str, int, str]:
        """What tells it from every other run."""
        return self.ledger, self.number, written(self.started)


def written(moment: datetime) -> str:
    """A time as it is stored, to the millisecond as in ledgers: as sortable as the times are."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


FOUND = pl.Schema(
    [
        ("alike", pl.String()),  # what was asked for
        ("identifier", pl.String()),  # as it went
        ("run", pl.UInt32()),  # the place of its run in the list that comes with it
        ("recipient", pl.Binary()),  # the keyed hash; null where there was none, or once purged
    ]
)
"""The shape of what is found of letters: one line for each run that one is entered for."""

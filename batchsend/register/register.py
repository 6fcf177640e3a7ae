"""Register: which runs began on this machine, and which letters went in them.

Knows nothing of lists, letters or ledgers: it is told names, identifiers and recipients' texts.
It lies in the folder that the platform has for a user's data.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import polars as pl
from platformdirs import user_data_path

from batchsend.errors import in_short
from batchsend.language import _
from batchsend.register.file import (
    FILE,
    FOUND,
    ApiAccount,
    RegisteredRun,
    RegisterError,
    open_file,
    speaking,
    writing,
    written,
)


def data_folder() -> Path:
    """The folder that BATCHSEND_DATA names, else the platform's for this user; made by nobody yet.

    Raises OSError or RuntimeError where the user has no home folder.
    """
    named = os.environ.get("BATCHSEND_DATA")
    place = Path(named).expanduser() if named else user_data_path("batchsend", appauthor=False)
    return place.absolute()


AT_ONCE = 50_000
"""Letters that are entered in one transaction: others wait for it half a second."""


BETWEEN = "\x1f"
"""Between what a recipient is known by, as their name and their address."""
PART = 8
"""Bytes of the hash of one of these: they are compared only where identifiers agree, too."""
NONE = bytes(PART)


def is_same(one: bytes | None, other: bytes | None) -> bool:
    """Whether two recipients, as `Register.hashed` gives them, have the first two of what they are
    known by in common: their name and their postal address."""
    first = slice(0, 2 * PART)
    if one is None or other is None:
        return False
    return one[:PART] != NONE and one[first] == other[first]


def in_common(one: bytes | None, other: bytes | None) -> bool:
    """Whether two recipients, as `Register.hashed` gives them, have a name or any address in
    common."""
    if one is None or other is None:
        return False
    starts = range(0, min(len(one), len(other)), PART)
    parts = ((one[start : start + PART], other[start : start + PART]) for start in starts)
    return any(part == like != NONE for part, like in parts)


class Register:
    """Make one with `Register.open`; every method may raise RegisterError, in words."""

    def __init__(self, folder: Path) -> None:
        self.place = folder / FILE
        self._connection, self._key, self.lost = open_file(folder)
        """`lost` is whether one had been there that is not there any more: this one is empty."""

    @classmethod
    def open(cls) -> Self:
        """The register of this user on this machine, made here if there is none."""
        return cls(_folder())

    @classmethod
    @contextmanager
    def if_there(cls) -> Iterator[Self | None]:
        """The register within the block; None where nothing was ever entered."""
        folder = _folder()
        with speaking(folder / FILE):
            there = cls(folder) if (folder / FILE).exists() else None
        if there is None:
            yield None
        else:
            with there:
                yield there

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def hashed(self, recipient: str | None) -> bytes | None:
        """The keyed hashes of all that a recipient is known by, one behind the other; None where
        nothing is. The text has these in an order of its own, with BETWEEN between them."""
        if not recipient or not recipient.strip(BETWEEN):
            return None
        known_by = recipient.split(BETWEEN)
        return b"".join(
            self._key.hash("recipient", each)[:PART] if each else NONE for each in known_by
        )

    def begin(self, account: ApiAccount, run: RegisteredRun) -> None:
        """Enter a run as it begins; of one that is entered already, where its ledger is now."""
        paying = account.destination, self._payer(account)
        with speaking(self.place), writing(self._connection):
            self._connection.execute(
                "INSERT OR IGNORE INTO accounts (destination, subscription) VALUES (?, ?)", paying
            )
            self._connection.execute(
                """INSERT INTO runs (ledger, run, started, mailing, place, account)
                SELECT ?, ?, ?, ?, ?, number
                FROM accounts WHERE destination = ? AND subscription = ?
                ON CONFLICT (ledger, run, started) DO UPDATE SET place = excluded.place""",
                (*run.key, run.mailing, run.place, *paying),
            )

    def note(self, run: RegisteredRun, letters: pl.DataFrame) -> None:
        """Enter what has gone so far in a run that has begun, as `alike`, `identifier` and
        `recipient` (a text or null). One letter may stand under several `alike`, and the same may
        be done again."""
        with speaking(self.place):
            number, paid_by = self._numbers(run)
            for some in letters.select("alike", "identifier", "recipient").iter_slices(AT_ONCE):
                with writing(self._connection):
                    self._connection.executemany(
                        "INSERT OR REPLACE INTO letters VALUES (?, ?, ?, ?, ?)",
                        (
                            (paid_by, alike, identifier, number, self.hashed(recipient))
                            for alike, identifier, recipient in some.iter_rows()
                        ),
                    )

    def end(self, run: RegisteredRun) -> None:
        """Note that all that went in a run has been entered."""
        with speaking(self.place), writing(self._connection):
            number, _other = self._numbers(run)
            self._connection.execute("UPDATE runs SET ended = 1 WHERE number = ?", (number,))

    def stamp(self, but_for: Iterable[RegisteredRun] = ()) -> object:
        """Something that stays equal while no run begins or ends, but for these."""
        with speaking(self.place):
            return self._connection.execute(
                """SELECT count(*), total(ended) FROM runs WHERE (ledger, run, started) NOT IN (
                    SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?)
                )""",
                (json.dumps([run.key for run in but_for]),),
            ).fetchone()

    def _numbers(self, run: RegisteredRun) -> tuple[int, int]:
        """The numbers of a run that has begun, and of its account."""
        number, paid_by = self._connection.execute(
            "SELECT number, account FROM runs WHERE ledger = ? AND run = ? AND started = ?", run.key
        ).fetchone()
        return number, paid_by

    def runs_of(self, ledger: str) -> list[RegisteredRun]:
        """The runs of a ledger, and of its copies, in the order in which they were entered."""
        with speaking(self.place):
            rows = self._connection.execute(
                "SELECT * FROM entered_runs WHERE ledger = ? ORDER BY number", (ledger,)
            )
            return [_run(row) for row in rows]

    def unfinished(self, account: ApiAccount) -> list[RegisteredRun]:
        """The runs with an account that have begun, and whose letters are not all entered, in the
        order in which they were entered."""
        with speaking(self.place):
            return [run for run in self._runs_paid_by(account).values() if not run.ended]

    def _runs_paid_by(self, account: ApiAccount) -> dict[int, RegisteredRun]:
        rows = self._connection.execute(
            "SELECT * FROM entered_runs WHERE destination = ? AND subscription = ? ORDER BY number",
            (account.destination, self._payer(account)),
        )
        return {row[0]: _run(row) for row in rows}

    def entered(self, run: RegisteredRun) -> pl.Series:
        """The identifiers that are entered for a run."""
        with speaking(self.place):
            rows = self._connection.execute(
                """SELECT identifier FROM letters JOIN runs ON runs.number = letters.run
                WHERE ledger = ? AND runs.run = ? AND started = ?""",
                run.key,
            )
            return pl.Series("identifier", [row[0] for row in rows], dtype=pl.String)

    def has_beginning(self, account: ApiAccount, beginning: str) -> bool:
        """Whether any letter of an account is entered under an `alike` that begins so."""
        with speaking(self.place):
            return bool(
                self._connection.execute(
                    """SELECT 1 FROM letters JOIN accounts ON number = account
                    WHERE destination = ? AND subscription = ? AND alike >= ? AND alike < ? LIMIT 1
                    """,
                    (
                        account.destination,
                        self._payer(account),
                        beginning,
                        beginning + chr(sys.maxunicode),
                    ),
                ).fetchone()
            )

    def found(
        self, account: ApiAccount, alike: pl.Series, *, but_for: Iterable[RegisteredRun] = ()
    ) -> tuple[list[RegisteredRun], pl.DataFrame]:
        """Which letters of an account went from anywhere: the runs, and the letters as FOUND.

        Those of the runs `but_for` are left out. Takes time with how many are asked for, and not
        with how many are entered.
        """
        own = {run.key for run in but_for}
        with speaking(self.place):
            paid = self._runs_paid_by(account)
            others = [number for number, run in paid.items() if run.key not in own]
            entered = self._entered(account, others, alike) if others else []
        places = {number: place for place, number in enumerate(others)}
        found = [(like, name, places[number], hashed) for like, name, number, hashed in entered]
        runs = [paid[number] for number in others]
        return runs, pl.DataFrame(found, schema=FOUND, orient="row")

    def _entered(
        self, account: ApiAccount, runs: Sequence[int], alike: pl.Series
    ) -> list[tuple[str, str, int, bytes | None]]:
        """What went in some runs: `alike`, identifier, run's number and recipient's hash."""
        found: list[tuple[str, str, int, bytes | None]] = []
        for start in range(0, len(alike), AT_ONCE):
            some = alike[start : start + AT_ONCE].to_list()
            # CROSS JOIN keeps SQLite to this order: for each that is wanted a look into the tree.
            found += self._connection.execute(
                """SELECT alike, identifier, run, recipient
                FROM json_each(?) AS wanted CROSS JOIN letters ON alike = wanted.value
                AND account = (
                    SELECT number FROM accounts WHERE destination = ? AND subscription = ?
                )
                WHERE run IN (SELECT value FROM json_each(?))""",
                (
                    json.dumps(some),
                    account.destination,
                    self._payer(account),
                    json.dumps(runs),
                ),
            )
        return found

    def withdraw(
        self, runs: Iterable[RegisteredRun], destination: str, identifiers: Iterable[str]
    ) -> None:
        """Take out letters that some runs entered, and of which it is known by now that they did
        not go in these; what other runs sent stays, those of a copied ledger among them."""
        keys = json.dumps([run.key for run in runs])
        with speaking(self.place), writing(self._connection):
            self._connection.executemany(
                """DELETE FROM letters WHERE identifier = ?
                AND account IN (SELECT number FROM accounts WHERE destination = ?)
                AND run IN (SELECT number FROM runs WHERE (ledger, run, started) IN (
                    SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?)
                ))""",
                ((identifier, destination, keys) for identifier in identifiers),
            )

    def purge(self, ledger: str, before: datetime) -> int:
        """Clear folders and recipients' hashes of a ledger's runs begun before; how many hashes.
        What went, and where, stays known."""
        which = ledger, written(before)
        with speaking(self.place):
            with writing(self._connection):
                cleared = self._clear(
                    "run IN (SELECT number FROM runs WHERE ledger = ? AND started < ?)", which
                )
                self._connection.execute(
                    "UPDATE runs SET place = '' WHERE ledger = ? AND started < ?", which
                )
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # gone there, too
        return cleared

    def entries_of(self, identifier: str) -> list[tuple[str, str, str, bool]]:
        """What is entered under an identifier: destination, mailing, when its run began, and
        whether a hash of the recipient is kept."""
        with speaking(self.place):
            return [
                (destination, mailing, started, bool(kept))
                for destination, mailing, started, kept in self._connection.execute(
                    """SELECT DISTINCT destination, mailing, started, letters.recipient IS NOT NULL
                    FROM letters JOIN runs ON runs.number = letters.run
                    JOIN accounts ON accounts.number = letters.account
                    WHERE identifier = ? ORDER BY started""",
                    (identifier,),
                )
            ]

    def forget(self, runs: Iterable[RegisteredRun], identifiers: Iterable[str]) -> int:
        """Clear the recipients' hashes of letters that some runs entered; how many. That they went
        stays known."""
        keys = json.dumps([run.key for run in runs])
        with speaking(self.place):
            with writing(self._connection):
                cleared = self._clear(
                    """identifier IN (SELECT value FROM json_each(?))
                    AND run IN (SELECT number FROM runs WHERE (ledger, run, started) IN (
                        SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?)
                    ))""",
                    (json.dumps(list(identifiers)), keys),
                )
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # gone there, too
        return cleared

    def _clear(self, which: str, values: tuple[str, str]) -> int:
        """Clear the recipients' hashes of `which` letters; of how many, each counted once however
        many names it is entered under."""
        where = f"WHERE recipient IS NOT NULL AND {which}"
        (cleared,) = self._connection.execute(
            f"SELECT count(*) FROM (SELECT DISTINCT identifier, run FROM letters {where})",  # noqa: S608
            values,
        ).fetchone()
        self._connection.execute(f"UPDATE letters SET recipient = NULL {where}", values)  # noqa: S608
        return int(cleared)

    def _payer(self, account: ApiAccount) -> bytes:
        return self._key.hash("subscription", account.subscription)


def _folder() -> Path:
    try:
        return data_folder()
    except (OSError, RuntimeError) as error:
        raise RegisterError(
            _(
                "There is no folder for the register of what went: {reason}.",
                reason=in_short(error),
            ),
            hint=_("Set BATCHSEND_DATA to a folder where you may write."),
        ) from error


def _run(row: tuple[Any, ...]) -> RegisteredRun:
    _number, _account, ledger, run, started, mailing, place, ended, *_rest = row
    return RegisteredRun(ledger, run, datetime.fromisoformat(started), mailing, place, bool(ended))

"""Purging: what is personal goes, identifiers and outcomes stay for ever.

A letter sent twice costs more than a line kept, so nothing here makes the ledger forget a letter,
except one that was only rehearsed.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, bindparam, delete, func, select, update

from batchsend.ledger.schema import attempts, letters, runs, settlements
from batchsend.scratch import PREFIX

_names_who_decided = settlements.c.reason.startswith("Settled by ", autoescape=True)
"""It speaks of whoever settled a letter, and of no recipient."""


def clear_messages(connection: Connection, before: datetime) -> tuple[int, int]:
    """Empty every text that may speak of a person, in runs begun before; (letters, attempts)."""
    old = select(runs.c.number).where(runs.c.started < before)
    cleared = connection.execute(
        update(letters)
        .where(letters.c.run.in_(old), (letters.c.reason != "") | (letters.c.delivery != ""))
        .values(reason="", delivery="")
    ).rowcount
    silenced = connection.execute(
        update(attempts).where(attempts.c.run.in_(old), attempts.c.message != "").values(message="")
    ).rowcount
    connection.execute(
        update(settlements)
        .where(settlements.c.decided < before, ~_names_who_decided)
        .values(reason="")
    )
    return cleared, silenced


def clear_letters(connection: Connection, identifiers: Iterable[str]) -> int:
    """Empty all that speaks of what letters said, or of whom; how many letters there are.

    That they went, or may have gone, stays, so that nothing else goes under their identifiers.
    """
    named = list(identifiers)
    found = connection.execute(
        update(letters)
        .where(letters.c.identifier.in_(named))
        .values(content="", reason="", delivery="")
    ).rowcount
    connection.execute(update(attempts).where(attempts.c.identifier.in_(named)).values(message=""))
    return found


def _last_used_until(connection: Connection, before: datetime) -> list[Path]:
    """The snapshots that no run begun since has used."""
    last_use = (
        select(runs.c.snapshot)
        .where(runs.c.snapshot != "")
        .group_by(runs.c.snapshot)
        .having(func.max(runs.c.started) < before)
    )
    return [Path(name) for name in connection.scalars(last_use)]


def lists_that_go(connection: Connection, folder: Path, before: datetime) -> list[Path]:
    """In the ledger's own folder those checked lists, and the ones of runs that never began, as
    when the process was killed at the question."""
    if not folder.is_dir():
        return []
    named = {Path(name).name for name in connection.scalars(select(runs.c.snapshot))}
    # The folder may have been moved since.
    names = {path.name for path in _last_used_until(connection, before)}
    names |= _without_run(folder, named, before)
    return [path for path in folder.iterdir() if path.name in names]


def _without_run(folder: Path, named: AbstractSet[str], before: datetime) -> set[str]:
    return {
        path.name
        for path in folder.iterdir()
        if path.name not in named
        and path.is_dir()
        and not path.name.startswith(PREFIX)  # somebody's check, that goes on
        and all(part.suffix == ".parquet" for part in path.iterdir())  # whole or not
        and path.stat().st_mtime < before.timestamp()
    }


def forget_letters(connection: Connection, destination: str, identifiers: Iterable[str]) -> None:
    """Delete letters to `destination`, as if they had never gone there."""
    named = [{"one": identifier} for identifier in identifiers]
    if named:
        forget = delete(letters).where(
            letters.c.destination == destination, letters.c.identifier == bindparam("one")
        )
        connection.execute(forget, named)

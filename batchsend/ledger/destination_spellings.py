"""Respelling: letters that lie under an earlier spelling of their destination come under today's.

An earlier batchsend took two spellings of one address for two destinations, and its ledger may have
a letter under each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import ColumnElement, Connection, Exists, case, exists, select, true, update

from batchsend.ledger.schema import letters, runs, settlements
from batchsend.outcome import LetterState

_CERTAINTY: Mapping[LetterState, int] = {
    "accepted": 6,
    "unknown": 5,
    "sending": 5,
    "rejected": 4,
    "failed": 3,
    "invalid": 2,
    "pending": 1,
}
"""Of two entries of one letter the higher tells what the next run may do."""


def misspelled(connection: Connection, spelled: Callable[[str], str]) -> dict[str, str]:
    """The destinations of runs that have another spelling today, with that."""
    stored = connection.scalars(select(runs.c.destination).distinct().order_by(runs.c.destination))
    return {old: spelled(old) for old in stored if spelled(old) != old}


def respell(connection: Connection, changes: Mapping[str, str]) -> None:
    """Bring all that lies under each old spelling under its new one; nobody may be sending.

    Where a letter lies under both, the entry that knows most counts from then on. The other stays
    in the ledger, which forgets nothing, under the old spelling, where nobody looks for it.
    """
    for old, new in changes.items():
        aside = f"{new} instead of {old}"
        _move(connection, new, aside, where=_known_better(old))
        _move(connection, old, new, where=~_also(new))
        _move(connection, aside, old, where=true())
        for table in (runs, settlements):
            connection.execute(
                update(table).where(table.c.destination == old).values(destination=new)
            )


_other = letters.alias("other")


def _move(connection: Connection, old: str, new: str, where: ColumnElement[bool]) -> None:
    these = update(letters).where(letters.c.destination == old, where)
    connection.execute(these.values(destination=new))


def _also(destination: str) -> Exists:
    """Whether a letter lies under that spelling as well."""
    return exists().where(
        _other.c.destination == destination, _other.c.identifier == letters.c.identifier
    )


def _known_better(destination: str) -> Exists:
    """Whether a letter lies under that spelling as well, and its entry there knows more."""
    return exists().where(
        _other.c.destination == destination,
        _other.c.identifier == letters.c.identifier,
        _certainty(_other.c.state) > _certainty(letters.c.state),
    )


def _certainty(state: ColumnElement[str]) -> ColumnElement[int]:
    return case(dict(_CERTAINTY), value=state)

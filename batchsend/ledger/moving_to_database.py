"""Taking along: what a ledger in a file knows comes into a database, once and whole.

A mailing that moves to a database is sent with it from then on, so what went before must be known
there. Letters enter as any letter does, by the states that may follow each other; where both
ledgers have one, the graver state counts. Taken twice, nothing changes. Rehearsals stay behind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, tuple_, update

from batchsend.errors import LedgerError
from batchsend.language import _, ngettext
from batchsend.ledger.entries import Run
from batchsend.ledger.running import TAKEN_FROM, record, recorded_runs, taken_from
from batchsend.ledger.schema import attempts, edition, letters, settlements, written
from batchsend.ledger.settings import Place, Server
from batchsend.ledger.states import REHEARSAL
from batchsend.outcome import LetterState

Rename = Callable[[Run], Run]
"""Has a run say of which mailing it is as the ledger does that takes it along."""

CHUNK = 5_000
_GRAVITY: Mapping[LetterState, int] = {
    "pending": 0, "invalid": 0, "failed": 0, "rejected": 1, "sending": 2, "unknown": 2,
    "accepted": 3,
}  # fmt: skip
"""What must not be forgotten of a letter: that the API has it, may have it, has refused it."""
_FIRST: Mapping[LetterState, LetterState] = {"invalid": "invalid"}
"""With which state a letter enters on the way to its own; `sending` otherwise."""
_KEY = (letters.c.destination, letters.c.identifier)


def must_not_be_elsewhere(file: Place, moved_to: str, book: Place, identity: str) -> None:
    """Raise LedgerError where what a file has was copied into another ledger than `identity`."""
    if moved_to not in {"", identity}:
        raise LedgerError(
            _(
                "The entries of the ledger {place} were copied into another database than "
                "{book_place}. With this one, letters would go out twice.",
                place=file,
                book_place=book,
            ),
            hint=_(
                "Name the database that was used before, under [ledger] or as BATCHSEND_LEDGER_URL."
            ),
        )


def take_along(source: Connection, identity: str, target: Connection, rename: Rename) -> None:
    """Bring what the ledger `identity` has into another; nobody may be sending with either."""
    numbers, new = _take_runs(source, identity, target, rename)
    _take_letters(source, target, numbers)
    _take_attempts(source, target, new)
    _take_settlements(source, target)


def mark_taken(source: Connection, identity: str) -> None:
    """Note in a file which ledger has all that it knew."""
    source.execute(update(edition).values(moved_to=identity))


def told_of_taking(connection: Connection, place: Place) -> str:
    """A sentence for whoever sends next: how many letters were copied from a file into this
    database. Empty where none were, and once a run has begun since."""
    if not isinstance(place, Server):
        return ""
    taken = _letters_taken(connection)
    if not taken:
        return ""
    return ngettext(
        "The ledger {file} was copied into the database, with {number:,} letter. The file is not "
        "used any more.",
        "The ledger {file} was copied into the database, with {number:,} letters. The file is not "
        "used any more.",
        taken,
        file=place.file,
    )


def _letters_taken(connection: Connection) -> int:
    all_runs = recorded_runs(connection)
    if not all_runs or not taken_from(all_runs[-1]):
        return 0
    taken = [run.number for run in all_runs if taken_from(run)]
    query = select(func.count()).select_from(letters).where(letters.c.run.in_(taken))
    return connection.scalar(query) or 0


def _take_runs(
    source: Connection, identity: str, target: Connection, rename: Rename
) -> tuple[dict[int, int], dict[int, int]]:
    """The numbers that the runs have in the target by those in the source: of all, and of those
    that were not there."""
    there = {taken_from(run): run.number for run in recorded_runs(target)}
    numbers: dict[int, int] = {}
    new: dict[int, int] = {}
    for run in recorded_runs(source):
        if run.facts.destination == REHEARSAL:
            continue
        known = there.get((identity, run.number))
        numbers[run.number] = known or _take_run(target, identity, rename(run))
        if known is None:
            new[run.number] = numbers[run.number]
    return numbers, new


def _take_run(target: Connection, identity: str, run: Run) -> int:
    options = {**run.facts.options, TAKEN_FROM: [identity, run.number]}
    return record(target, replace(run, facts=replace(run.facts, options=options))).number


def _take_letters(source: Connection, target: Connection, numbers: Mapping[int, int]) -> None:
    for rows in _chunks(source, letters, REHEARSAL):
        there = _states(target, rows)
        entering = [row for row in rows if _key(row) not in there]
        graver = [
            row
            for row in rows
            if _key(row) in there and _GRAVITY[row["state"]] > _GRAVITY[there[_key(row)]]
        ]
        first = [{**row, "run": numbers[row["run"]]} for row in (*entering, *graver)]
        for row in first:
            row["state"] = _FIRST.get(row["state"], "sending")
        if entering:
            target.execute(insert(letters), first[: len(entering)])
        if graver:
            _change(target, first[len(entering) :], list(rows[0]))
        _become(target, [*entering, *graver])


def _become(target: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """From the state with which they entered to their own, by way of what may lie between."""
    waiting = [{**row, "state": "unknown"} for row in rows if row["state"] == "pending"]
    others = [row for row in rows if row["state"] not in {"pending", "invalid", "sending"}]
    pending = [{**row, "state": "pending"} for row in waiting]
    for some in ([*waiting, *others], pending):
        if some:
            _change(target, some, ["state"])


def _change(target: Connection, rows: Sequence[dict[str, Any]], names: Sequence[str]) -> None:
    changed = [name for name in names if name not in {"destination", "identifier"}]
    target.execute(
        update(letters)
        .where(
            letters.c.destination == bindparam("of_destination"),
            letters.c.identifier == bindparam("of_identifier"),
        )
        .values({name: bindparam(f"new_{name}") for name in changed}),
        [
            {
                "of_destination": row["destination"],
                "of_identifier": row["identifier"],
                **{f"new_{name}": row[name] for name in changed},
            }
            for row in rows
        ],
    )


def _states(
    target: Connection, rows: Sequence[dict[str, Any]]
) -> dict[tuple[str, str], LetterState]:
    query = select(*_KEY, letters.c.state).where(tuple_(*_KEY).in_([_key(row) for row in rows]))
    return {(destination, name): state for destination, name, state in target.execute(query)}


def _key(row: Mapping[str, Any]) -> tuple[str, str]:
    return row["destination"], row["identifier"]


def _take_attempts(source: Connection, target: Connection, numbers: Mapping[int, int]) -> None:
    for rows in _chunks(source, attempts):
        taken = [{**row, "run": numbers[row["run"]]} for row in rows if row["run"] in numbers]
        if taken:
            target.execute(insert(attempts), taken)


def _take_settlements(source: Connection, target: Connection) -> None:
    there = {
        (each.destination, each.identifier, written(each.decided))
        for each in target.execute(select(settlements))
    }
    taken = [
        {name: value for name, value in row.items() if name != "number"}
        for rows in _chunks(source, settlements, REHEARSAL)
        for row in rows
        if (row["destination"], row["identifier"], written(row["decided"])) not in there
    ]
    if taken:
        target.execute(insert(settlements), taken)


def _chunks(
    source: Connection, table: Any, but: str | None = None
) -> Iterator[list[dict[str, Any]]]:
    query = select(table)
    if but is not None:
        query = query.where(table.c.destination != but)
    for rows in source.execute(query.execution_options(yield_per=CHUNK)).partitions():
        yield [dict(row._mapping) for row in rows]

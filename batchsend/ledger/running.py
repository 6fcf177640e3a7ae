"""The runs: beginning one, ending it, looking back at them."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, case, func, insert, select, update

from batchsend.language import N_, _
from batchsend.ledger.entries import End, Run, RunFacts
from batchsend.ledger.locks import Locks
from batchsend.ledger.roll import Entered, Known
from batchsend.ledger.schema import edition, letters, runs, settlements, written
from batchsend.ledger.states import REHEARSAL

TAKEN_FROM = "taken_from"
"""Among a run's options: the identity of the ledger that it was taken along from, and its number
there."""

LEFT_OVER = N_("The run that was sending it ended before the answer was noted.")


def begin(connection: Connection, facts: RunFacts, locks: Locks) -> Run:
    """Record that a run begins; the caller has joined those who may send."""
    left_over = doubt_left_over(connection, locks)
    started, process = datetime.now(UTC), f"{os.getpid()} on {platform.node()}"
    run = record(connection, Run(0, facts, process, started, left_over=left_over))
    locks.own(run.number)
    return run


def record(connection: Connection, run: Run) -> Run:
    """Write a run down; it gets the number that comes next here."""
    facts = run.facts
    key = connection.execute(
        insert(runs).values(
            destination=facts.destination,
            list_path=str(facts.list_path),
            list_digest=facts.list_digest,
            template_digest=facts.template_digest,
            engine=facts.engine,
            snapshot=str(facts.snapshot),
            options=json.dumps(dict(facts.options), default=str),
            process=run.process,
            started=run.started,
            ended=run.ended,
            end=run.end,
            counts=json.dumps(dict(run.counts)),
        )
    ).inserted_primary_key
    assert key is not None  # noqa: S101 an insert without a key would have raised
    return replace(run, number=key[0])


def doubt_left_over(connection: Connection, locks: Locks) -> int:
    """Turn what dead runs left in `sending` into `unknown`; how many. Needs a lock."""
    # In this order: who is sending now and was not then is not among those suspected.
    sending = select(letters.c.run).where(letters.c.state == "sending").distinct()
    suspected = frozenset(connection.scalars(sending))
    dead = suspected - locks.living(connection) if suspected else suspected
    if not dead:
        return 0
    return connection.execute(
        update(letters)
        .where(letters.c.state == "sending", letters.c.run.in_(sorted(dead)))
        .values(state="unknown", reason=_(LEFT_OVER), ended_at=datetime.now(UTC))
    ).rowcount


def finish(connection: Connection, run: Run, end: End) -> Run:
    """Record how a run ended and how its letters stand."""
    touched = (
        select(letters.c.state, func.count())
        .where(letters.c.run == run.number)
        .group_by(letters.c.state)
        .order_by(letters.c.state)
    )
    counts: dict[str, int] = dict(connection.execute(touched).all())
    connection.execute(
        update(runs)
        .where(runs.c.number == run.number)
        .values(ended=datetime.now(UTC), end=end, counts=json.dumps(counts))
    )
    return _run(connection.execute(select(runs).where(runs.c.number == run.number)).one())


def recorded_runs(connection: Connection) -> list[Run]:
    """All runs, oldest first."""
    return [_run(row) for row in connection.execute(select(runs).order_by(runs.c.number))]


def entered(run: Run, identity: str) -> Entered:
    """A run as the roll has it: the ledger's own, or one that it took along from another."""
    of, number = taken_from(run) or (identity, run.number)
    return Entered(of, number, written(run.started))


def taken_from(run: Run) -> tuple[str, int] | None:
    """The ledger from which a run was taken along, and its number there."""
    noted: Any = run.facts.options.get(TAKEN_FROM)
    return (str(noted[0]), int(noted[1])) if noted else None


def known(connection: Connection) -> Known:
    """What the ledger knows of its runs."""
    identity, moved_to = connection.execute(select(edition.c.identity, edition.c.moved_to)).one()
    runs = recorded_runs(connection)
    return Known(
        identity,
        frozenset(entered(run, identity) for run in runs if run.facts.destination != REHEARSAL),
        frozenset(run.facts.snapshot.name for run in runs),
        moved_to,
    )


def done_by_others(connection: Connection, run: int | None) -> tuple[object, ...]:
    """What all but `run` have done: runs begun, runs ended, letters settled; and something equal to
    nothing while the last of them may be on, as a run in a file that has not ended may be."""
    others = select(runs).where(runs.c.number.is_distinct_from(run)).subquery()
    begun, ended, last, last_ended = connection.execute(
        select(
            func.count(others.c.number),
            func.count(others.c.ended),
            func.max(others.c.number),
            func.max(case((others.c.ended.is_not(None), others.c.number))),
        )
    ).one()
    settled = connection.scalar(select(func.count(settlements.c.number)))
    return begun, ended, settled, None if last == last_ended else object()


def _run(row: Row[Any]) -> Run:
    facts = RunFacts(
        destination=row.destination,
        list_path=Path(row.list_path),
        list_digest=row.list_digest,
        template_digest=row.template_digest,
        engine=row.engine,
        snapshot=Path(row.snapshot),
        options=json.loads(row.options),
    )
    return Run(
        row.number, facts, row.process, row.started, row.ended, row.end, json.loads(row.counts)
    )

"""How a ledger that an earlier batchsend wrote gets to today's tables.

Steps are plain statements, for two dialects and a handful of tables. They run in one transaction
with the new version's number, so that a ledger is of one version or of the other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import uuid4

from sqlalchemy import Connection, text, update

from batchsend.ledger.schema import edition

Step = Callable[[Connection], None]


def _identity(connection: Connection) -> None:
    """To version 2: each ledger is told from every other, and says where its entries went."""
    for column in (
        "identity VARCHAR DEFAULT '' NOT NULL",
        "moved_to VARCHAR DEFAULT '' NOT NULL",
        "unfinished INTEGER",
    ):
        connection.execute(text(f"ALTER TABLE edition ADD COLUMN {column}"))
    connection.execute(text("UPDATE edition SET identity = :identity"), {"identity": uuid4().hex})


STEPS: Mapping[int, Step] = {1: _identity}
"""From a version to the next. Version 1 is the first there was: every change of schema.VERSION adds
one here, and a ledger of the version before to the tests."""


def migrate(connection: Connection, *, since: int, to: int) -> None:
    """Take the steps from one version to another, and note that. Nobody else may be writing."""
    for version in range(since, to):
        STEPS[version](connection)
    connection.execute(update(edition).values(version=to))

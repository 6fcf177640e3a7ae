"""How a ledger that an earlier batchsend wrote gets to today's tables.

Steps are plain statements, for two dialects and a handful of tables. They run in one transaction
with the new version's number, so that a ledger is of one version or of the other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import Connection, update

from batchsend.ledger.schema import edition

__all__ = ["STEPS", "Step", "migrate"]

Step = Callable[[Connection], None]

STEPS: Mapping[int, Step] = {}
"""From a version to the next. Version 1 is the first there was: every change of schema.VERSION adds
one here, and a ledger of the version before to the tests."""


def migrate(connection: Connection, *, since: int, to: int) -> None:
    """Take the steps from one version to another, and note that. Nobody else may be writing."""
    for version in range(since, to):
        STEPS[version](connection)
    connection.execute(update(edition).values(version=to))

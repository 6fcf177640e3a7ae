"""Settling what only a person or the status call can know, and noting what was delivered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Protocol

from sqlalchemy import Connection, bindparam, insert, select, update

from batchsend.errors import LedgerError
from batchsend.language import _
from batchsend.ledger.schema import letters, settlements
from batchsend.ledger.states import SETTLEMENTS, TRANSITIONS
from batchsend.outcome import LetterState


class Settle(Protocol):
    """`Ledger.settle`, for whoever keeps the runs away already."""

    def __call__(
        self, destination: str, decisions: Mapping[str, LetterState], *, because: str
    ) -> int:
        """Settle letters by identifier."""


def settle_letters(
    connection: Connection, destination: str, decisions: Mapping[str, LetterState], because: str
) -> int:
    """Carry out all the decisions or, where one is not possible, none."""
    known = _states(connection, destination)
    now = datetime.now(UTC)
    wrong = [
        f"{identifier}: "
        + (
            _("not in the ledger")
            if was is None
            else _("is {was}, and cannot become {decision}", was=_(was), decision=_(decision))
        )
        for identifier, decision in decisions.items()
        if (was := known.get(identifier)) is None or decision not in SETTLEMENTS & TRANSITIONS[was]
    ]
    if wrong:
        shown = "; ".join(wrong[:5])
        if len(wrong) > 5:
            shown = _("{shown}; and {number} more", shown=shown, number=len(wrong) - 5)
        raise LedgerError(
            _("Nothing was settled, because some letters cannot be: {shown}.", shown=shown),
            hint=_(
                "Only letters that are unknown can be settled; a rejected one can be sent again."
            ),
        )
    if not decisions:
        return 0
    facts = [
        {"key": identifier, "was": known[identifier], "became": decision}
        for identifier, decision in decisions.items()
    ]
    connection.execute(
        update(letters)
        .where(letters.c.destination == destination, letters.c.identifier == bindparam("key"))
        .values(state=bindparam("became"), reason=because, ended_at=now),
        facts,
    )
    connection.execute(
        insert(settlements).values(
            destination=destination, identifier=bindparam("key"), decided=now, reason=because
        ),
        facts,
    )
    return len(facts)


def _states(connection: Connection, destination: str) -> dict[str, LetterState]:
    query = select(letters.c.identifier, letters.c.state).where(
        letters.c.destination == destination
    )
    return dict(connection.execute(query).all())


def note_deliveries(
    connection: Connection, destination: str, deliveries: Mapping[str, str]
) -> None:
    """Note what the status call said of each letter; its state stays as it is."""
    if not deliveries:
        return
    connection.execute(
        update(letters)
        .where(letters.c.destination == destination, letters.c.identifier == bindparam("key"))
        .values(delivery=bindparam("said"), delivery_at=datetime.now(UTC)),
        [{"key": identifier, "said": said} for identifier, said in deliveries.items()],
    )

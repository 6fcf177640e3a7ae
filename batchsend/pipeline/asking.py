"""What the API says has become of letters: the delivery of accepted ones, the fate of unknown."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from batchsend.errors import SettingsError
from batchsend.ledger import REHEARSAL, Ledger, LetterState
from batchsend.mailing import Environment, Mailing
from batchsend.pipeline.reporting import last_run, open_ledger
from batchsend.sending import Status, ask

__all__ = ["ask_for_status", "settle_by_asking"]

_FATES: Mapping[str, LetterState] = {"taken": "accepted", "not taken": "failed"}


def ask_for_status(mailing: Mailing, *, ledger: Path | None = None) -> dict[str, int]:
    """Ask what became of the accepted letters, and note it for the report; letters by answer.

    Raises SettingsError where [status] is missing or the mailing was last only rehearsed, and
    SendingError where the API cannot be asked; what it said until then is noted.
    """
    with open_ledger(mailing, ledger) as book:
        answers = _ask(mailing, book, ["accepted"])
        book.note_deliveries(
            last_run(mailing, book).facts.destination,
            {each.identifier: each.text for each in answers if each.text},
        )
    return dict(Counter(each.text or "no answer" for each in answers).most_common())


def settle_by_asking(mailing: Mailing, *, ledger: Path | None = None) -> int:
    """Settle the unknown letters that the API can tell about; how many they were.

    Without [status] nobody can be asked, and none is settled. Raises as `ask_for_status` does.
    """
    if mailing.status is None:
        return 0
    with open_ledger(mailing, ledger) as book:
        answers = _ask(mailing, book, ["unknown", "sending"])
        decisions = {
            each.identifier: _FATES[each.standing] for each in answers if each.standing in _FATES
        }
        destination = last_run(mailing, book).facts.destination
        return book.settle(destination, decisions, because="Settled by the API's status.")


def _ask(mailing: Mailing, book: Ledger, states: list[str]) -> list[Status]:
    if mailing.status is None:
        raise SettingsError(
            "mailing.toml does not say how to ask for the status of a letter.",
            hint="The call is not documented: ask the provider, and describe it under [status].",
        )
    destination = last_run(mailing, book).facts.destination
    if destination == REHEARSAL:
        raise SettingsError(
            f"{mailing.name} was last sent to the sandbox, which has ended and cannot be asked.",
            hint="Send it to an API first.",
        )
    credentials = Environment.load(mailing.folder).credentials
    chosen = book.standing(destination).filter(pl.col("state").cast(pl.String).is_in(states))
    answers: list[Status] = []

    async def tell(status: Status) -> None:
        answers.append(status)

    asyncio.run(
        ask(
            chosen["identifier"].to_list(),
            base_url=destination,
            settings=mailing.send.beside(mailing.folder),
            status=mailing.status,
            tell=tell,
            stop=asyncio.Event(),
            credentials=credentials,
        )
    )
    return answers

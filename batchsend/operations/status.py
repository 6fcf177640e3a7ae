"""What the API says has become of letters: the delivery of accepted ones, the fate of unknown."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from batchsend.errors import SettingsError
from batchsend.language import _
from batchsend.ledger import LetterState, Place, Run
from batchsend.mailing import Environment, Mailing
from batchsend.operations.history.register_entries import withdraw
from batchsend.operations.history.runs import (
    letters_of,
    open_ledger,
    period_of,
    real_runs_of_period,
    runs_to_apis,
)
from batchsend.sending import ApiStatus, LetterApi, StatusSettings, ask

_FATES: Mapping[str, LetterState] = {"taken": "accepted", "not taken": "failed"}

ANSWERS_AT_ONCE = 50
"""Answers that are noted together: as many are lost if the power fails."""


def ask_for_status(
    mailing: Mailing, *, ledger: Place | None = None, period: str | None = None
) -> dict[str, int]:
    """Ask what became of the accepted letters of a period, without one of that which was sent last,
    and note it for the report; letters by answer.

    Raises SettingsError where [status] is missing, LedgerError where the mailing was never sent to
    an API in that period, and SendingError where that cannot be asked; what it said until then is
    noted.
    """
    status = _described(mailing)
    said: Counter[str] = Counter()
    with open_ledger(mailing, ledger) as book:
        runs = real_runs_of_period(mailing, book, period)
        destination = runs[-1].facts.destination
        sent = letters_of(mailing, book, destination, period_of(runs[-1]))
        accepted = sent.filter(state="accepted")

        def note(answers: list[ApiStatus]) -> None:
            said.update(each.text or _("no answer") for each in answers)
            told = {each.identifier: each.text for each in answers if each.text}
            book.note_deliveries(destination, told)

        _ask(mailing, status, _address(runs, destination), accepted["identifier"].to_list(), note)
    return dict(said.most_common())


def settle_by_asking(mailing: Mailing, *, ledger: Place | None = None) -> int:
    """Settle the unknown letters that the API can tell about; how many they were.

    Without [status] nobody can be asked, and none is settled. Raises as `ask_for_status` does, and
    LedgerError while another run is using the ledger.
    """
    status = mailing.status
    if status is None:
        return 0
    settled = 0
    with open_ledger(mailing, ledger) as book, book.settling() as settle:
        runs = runs_to_apis(mailing, book)
        for destination in {run.facts.destination for run in runs}:
            unknown = letters_of(mailing, book, destination).filter(state="unknown")

            def note(answers: list[ApiStatus], destination: str = destination) -> None:
                nonlocal settled
                fates = {
                    each.identifier: _FATES[each.standing]
                    for each in answers
                    if each.standing in _FATES
                }
                settled += settle(destination, fates, because=_("Settled by the API's status."))
                withdraw(mailing, book, destination, fates)

            _ask(
                mailing, status, _address(runs, destination), unknown["identifier"].to_list(), note
            )
    return settled


def _described(mailing: Mailing) -> StatusSettings:
    if mailing.status is None:
        raise SettingsError(
            _("mailing.toml does not say how to ask for the status of a letter."),
            hint=_("The call is not documented: ask the provider, and describe it under [status]."),
        )
    return mailing.status


def _address(runs: Sequence[Run], destination: str) -> str:
    """The address that letters to a destination were last sent to, as it was written then."""
    written = (run.facts.options.get("base_url") for run in reversed(runs)
               if run.facts.destination == destination)  # fmt: skip
    return str(next(filter(None, written), destination))


def _ask(
    mailing: Mailing,
    status: StatusSettings,
    base_url: str,
    identifiers: list[str],
    note: Callable[[list[ApiStatus]], None],
) -> None:
    """Ask about letters; `note` gets the answers as they come, all of them whatever happens."""
    if not identifiers:
        return
    answers: list[ApiStatus] = []

    def hand_over() -> None:
        handed = answers.copy()
        answers.clear()
        note(handed)

    async def tell(answer: ApiStatus) -> None:
        answers.append(answer)
        if len(answers) >= ANSWERS_AT_ONCE:
            hand_over()

    try:
        asyncio.run(
            ask(
                identifiers,
                LetterApi(
                    base_url,
                    mailing.send.beside(mailing.folder),
                    Environment.load(mailing.folder).credentials,
                ),
                status=status,
                tell=tell,
                stop=asyncio.Event(),
            )
        )
    finally:
        hand_over()

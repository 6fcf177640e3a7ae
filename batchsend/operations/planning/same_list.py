"""The list of another period, taken once more: perhaps by mistake, where nobody named a new one."""

from __future__ import annotations

from batchsend.errors import SettingsError
from batchsend.language import _
from batchsend.ledger import REHEARSAL, Ledger
from batchsend.letters import Checked
from batchsend.mailing import Mailing
from batchsend.operations.history.runs import period_of, runs_if_any
from batchsend.operations.planning.planned import Plan


def period_of_list(mailing: Mailing, checked: Checked, book: Ledger) -> str | None:
    """The last other period that the very same list was sent in, byte by byte; None where there is
    none, or where this period was sent from it already and goes on."""
    runs = [
        run
        for run in runs_if_any(mailing, book)
        if run.facts.destination != REHEARSAL and run.facts.list_digest == checked.list_digest
    ]
    found = [period_of(run) for run in runs]
    if mailing.period is None or mailing.period in found:
        return None
    return next((period for period in reversed(found) if period is not None), None)


def must_not_take_another_periods_list(plan: Plan) -> None:
    """Raise SettingsError where a period would get the list of another one, which nobody is asked
    about and nobody has named."""
    other, path = plan.list_went_in, plan.checked.list_path
    if other is None or plan.target.is_sandbox or plan.to_send.is_empty():
        return
    raise SettingsError(
        _(
            "The list {path} is the very one that the period {other} was sent from. Nothing was "
            "sent in the period {period}.",
            path=path,
            other=other,
            period=plan.mailing.period,
        ),
        hint=_(
            "Name the list of the period {period} with --list. If it is this one all the same, "
            "name this one.",
            period=plan.mailing.period,
        ),
    )

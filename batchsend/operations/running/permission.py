"""Whether a plan may be carried out: within its caps, max_letters and max_cost of `[send]`, and
approved where that is asked for; and its letters rendered before anybody is asked, and kept to be
sent.

The caps are held to before a run and during it; they are of a single run: what earlier runs have
sent does not count. A page that cannot be posted is in the plan that was rendered, with pages,
sheets and price.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from batchsend.errors import SendingError, SettingsError
from batchsend.language import _
from batchsend.mailing import Mailing
from batchsend.operations.approve import must_be_approved
from batchsend.operations.planning.pages_found import A_MINUTE, MadeOf, find_pages
from batchsend.operations.planning.planned import Plan
from batchsend.operations.progress import Progress, silent
from batchsend.reports import sheets_of
from batchsend.scratch import ScratchFolder


def has_caps(mailing: Mailing) -> bool:
    """Whether any is set."""
    return mailing.send.max_letters is not None or mailing.send.max_cost is not None


def beyond_caps(plan: Plan) -> str:
    """What of a plan is beyond a cap, in a sentence; empty where nothing is."""
    send, found = plan.mailing.send, plan.pages
    if send.max_letters is not None and plan.leaving > send.max_letters:
        letters, most = f"{plan.leaving:,}", f"{send.max_letters:,}"
        return _(
            "This run would send {letters} letters, and [send] max_letters is {most}.",
            letters=letters,
            most=most,
        )
    if send.max_cost is None or found is None or found.cost is None:
        return ""
    cost, most = f"{found.cost:,.2f} {found.currency}", f"{send.max_cost:,.2f}"
    if found.cost <= send.max_cost:
        return ""
    if found.estimated:
        return _(
            "This run would cost about {cost}, and [send] max_cost is {most}.", cost=cost, most=most
        )
    return _("This run would cost {cost}, and [send] max_cost is {most}.", cost=cost, most=most)


def must_be_within_caps(plan: Plan) -> None:
    """Raise SettingsError where a plan is beyond a cap."""
    if said := beyond_caps(plan):
        raise SettingsError(
            _("{said} Nothing was sent.", said=said),
            hint=_(
                "If that is right, raise it in {path}. To send a part, choose it with "
                "--rows or --limit.",
                path=plan.mailing.path,
            ),
        )


class Allowance:
    """What a run may still send."""

    def __init__(self, mailing: Mailing) -> None:
        self._letters, self._cost = mailing.send.max_letters, mailing.send.max_cost
        self._prices = mailing.prices
        self._sent = 0
        self._spent = Decimal(0)

    def take(self, channel: str, pages: int) -> None:
        """Count a letter that is about to leave. Raises SendingError where it must not."""
        spent = self._spent + self._price(channel, pages)
        if self._letters is not None and self._sent >= self._letters:
            raise SendingError(
                _(
                    "{letters:,} letters were sent, as many as [send] max_letters allows.",
                    letters=self._letters,
                ),
                hint=_("To send the others, run the same command again."),
            )
        self._must_cover(spent)
        self._sent, self._spent = self._sent + 1, spent

    def take_instead(self, refused: tuple[str, int], channel: str, pages: int) -> None:
        """Count a letter by another channel, in place of one that was `refused` (channel, pages).

        Raises SendingError where it must not leave.
        """
        spent = self._spent - self._price(*refused) + self._price(channel, pages)
        self._must_cover(spent)
        self._spent = spent

    def _must_cover(self, spent: Decimal) -> None:
        if self._cost is not None and spent > self._cost:
            raise SendingError(
                _(
                    "The next letter would make the cost of this run {spent:,.2f}, and "
                    "[send] max_cost is {cost:,.2f}.",
                    spent=spent,
                    cost=self._cost,
                ),
                hint=_("Raise it, or run the same command again for the others."),
            )

    def _price(self, channel: str, pages: int) -> Decimal:
        if self._prices is None:
            return Decimal(0)
        return self._prices.of(channel, 1, sheets_of(channel, pages))


def render_ahead(plan: Plan, seconds: float = A_MINUTE, progress: Progress = silent) -> Plan:
    """The same plan with its `pages`, found by rendering its letters for so many seconds.

    The documents are kept in a folder of their owner's beside the checked list, for `execute` to
    send. They are gone when the plan is executed or discarded, and where the process was killed
    when the next plan is made. Discarding `plan` discards what comes back, too.

    Raises BatchsendError where there can be no such folder.
    """
    folder = ScratchFolder(plan.checked.snapshot.path.parent)
    plan.unused.callback(folder.remove)
    made_of = MadeOf(
        plan.checked.snapshot, plan.templates, plan.target.subscription, plan.mailing.prices
    )
    found = find_pages(plan.to_send, made_of, seconds, progress, keep_in=folder.path)
    return replace(plan, pages=found, kept=folder)


def is_guarded(mailing: Mailing) -> bool:
    """Whether something is asked of its real letters before any may leave."""
    return mailing.send.approval or has_caps(mailing)


def permitted(plan: Plan, seconds: float = A_MINUTE, progress: Progress = silent) -> Plan:
    """The plan, rendered for so many seconds where something is asked of it before it may be sent.

    Raises SettingsError where it may not. A rehearsal always may.
    """
    if plan.target.is_sandbox or plan.to_send.is_empty() or not is_guarded(plan.mailing):
        return plan
    if plan.pages is None:
        plan = render_ahead(plan, seconds, progress)
    must_be_within_caps(plan)
    if not plan.mailing.send.approval:
        return plan
    return replace(plan, approved_by=must_be_approved(plan))

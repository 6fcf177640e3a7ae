"""Whether a plan may be carried out: within its caps, and approved where that is asked for."""

from __future__ import annotations

from dataclasses import replace

from batchsend.mailing import Mailing
from batchsend.operations.approving.approval import must_be_approved
from batchsend.operations.planning.pages_found import A_MINUTE
from batchsend.operations.planning.planned import Plan
from batchsend.operations.progress import Progress, silent
from batchsend.operations.running.caps import has_caps, must_be_within_caps
from batchsend.operations.running.render_ahead import render_ahead


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

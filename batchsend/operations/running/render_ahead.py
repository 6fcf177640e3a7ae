"""render_ahead: the letters of a plan rendered before anybody is asked, and kept to be sent.

So a page that cannot be posted is in the plan, with pages, sheets and price.
"""

from __future__ import annotations

from dataclasses import replace

from batchsend.operations.planning.pages_found import A_MINUTE, MadeOf, find_pages
from batchsend.operations.planning.planned import Plan
from batchsend.operations.progress import Progress, silent
from batchsend.scratch import ScratchFolder


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

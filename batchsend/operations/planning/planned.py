"""Plan: what a run would do, as `operations.plan.plan` finds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import polars as pl

from batchsend import ledger
from batchsend.errors import SettingsError
from batchsend.language import _
from batchsend.ledger import LetterState
from batchsend.letters import Checked
from batchsend.mailing import Mailing
from batchsend.operations.mailing_list.list_changes import ListChanges
from batchsend.operations.planning.other_channels import OtherChannels, Resumed
from batchsend.operations.planning.pages_found import PagesFound
from batchsend.operations.planning.register_lookup import Registered
from batchsend.operations.planning.repeats import OtherCell
from batchsend.operations.planning.selection import Selection
from batchsend.operations.target import Target
from batchsend.rendering import Templates
from batchsend.scratch import ScratchFolder

NEARLY_ALL = 0.6
"""More conflicts than this share of the letters are no corrections: some always are new, or have
the same amount as before."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would do. The frames are those of `ledger.Comparison`, of the selected letters.

    The checked list lies in the ledger's folder. Use the plan as a context manager, or call
    `discard` where it is not executed: the list's copy is removed then.
    """

    mailing: Mailing
    target: Target
    selection: Selection
    templates: Templates
    report_files: tuple[Path, ...]
    """Where the report is to go; empty: to the mailing's own files."""
    checked: Checked
    to_send: pl.DataFrame
    beyond_limit: int
    """Letters left for another run by `Selection.limit`."""
    accepted: pl.DataFrame
    rejected: pl.DataFrame
    unknown: pl.DataFrame
    conflicts: pl.DataFrame
    under_way: pl.DataFrame
    """Another run is sending them now."""
    repeats: pl.DataFrame
    """Not sent, as the same letter went in another way: with `why`, in words."""
    released: int
    """Letters among `to_send` that would be repeats, were it not for `Selection.again`."""
    perhaps_repeats: int
    """Letters that cannot be told from repeats, as the checked lists of earlier runs are gone."""
    other_names: Mapping[str, Sequence[str]]
    """Letters to send by the hashes of what they would be called without a correction."""
    registered: Registered
    """What this user's register knows of what went from other folders."""
    found: Mapping[str, LetterState]
    """How the letters among `to_send` stand that the ledger has heard of, by identifier."""
    ledger_place: ledger.Place
    other_runs: tuple[ledger.Run, ...]
    """Those that are sending beside this one."""
    first_run: bool
    """Whether the ledger knows of no earlier run, so that nothing can have been sent before."""
    elsewhere: Mapping[str, int]
    """How many of `to_send` other APIs have accepted, by destination."""
    said_before: pl.DataFrame
    """Those of `to_send` of which the API has, or may have, one with the same text for the same
    recipient, under another identifier that the list no longer has: perhaps a mistake. `row`,
    `identifier`, and of the other one `earlier`, `state`, `run`, `submitted_at`."""
    went_without_period: int
    """Letters of a mailing with a period whose identifiers went when it had none."""
    compared_with_last: ListChanges | None
    """What is different since the list that went last; None where it is still that one."""
    said_otherwise: Mapping[str, OtherCell]
    """What is another cell in letters among `conflicts`, by identifier, as far as it is known."""
    stamp: object
    """`Ledger.stamp` when the letters were compared."""
    unused: ExitStack
    """Removes the copy of the checked list; emptied once the ledger names that copy."""
    pages: PagesFound | None = None
    """What the letters take, where `render_ahead` has rendered them."""
    kept: ScratchFolder | None = None
    """Where their documents are until they are sent."""
    others: OtherChannels = field(default_factory=OtherChannels)
    """What refused letters may go by next."""
    resumed: Mapping[str, Resumed] = field(default_factory=dict)
    """Letters among `to_send` that were refused before and go by their next channel."""
    list_went_in: str | None = None
    """Another period that was sent from the very same list; None where there is none."""
    approved_by: str = ""
    """The second person, where [send] approval asks for one."""

    def discard(self) -> None:
        """Remove the copy of the checked list, unless a run has executed this plan."""
        self.unused.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.discard()

    @property
    def engine(self) -> str:
        """The engine that renders, with its version."""
        return self.templates.engine

    @property
    def leaving(self) -> int:
        """Letters to send but for those that are known to be held for their pages."""
        return self.to_send.height if self.pages is None else self.pages.letters

    @property
    def looks_like_new_period(self) -> bool:
        """Whether nearly every letter went before with other content, from another list: so it is
        where next month's list goes under last month's identifiers."""
        other_list = self.compared_with_last is not None and not self.compared_with_last.same
        return other_list and self.conflicts.height > NEARLY_ALL * self.checked.letters

    @property
    def same_list_as_period(self) -> str | None:
        """The other period whose list said the same; None where there is none. Perhaps its list
        was taken by mistake."""
        changes = self.compared_with_last
        if self.list_went_in is not None:
            return self.list_went_in
        if changes is None or self.mailing.period in {None, changes.period}:
            return None
        return changes.period if changes.says_the_same else None

    @property
    def channels(self) -> dict[str, int]:
        """Letters to send by channel."""
        return dict(self.to_send.group_by("channel").len().sort("channel").iter_rows())


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

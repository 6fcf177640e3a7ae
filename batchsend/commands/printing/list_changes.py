"""What is different in a list since the last one, and that it looks like another period's."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from batchsend.command_line import command_line
from batchsend.language import _, joined, ngettext
from batchsend.operations.mailing_list.list_changes import ListChanges
from batchsend.operations.planning.planned import Plan

NAMED = 5
"""So many rows are named in a sentence."""


def told_changes(plan: Plan) -> Iterator[str]:
    """The changes, in sentences; nothing where nothing was compared."""
    changes = plan.compared_with_last
    same = changes is not None and changes.same and changes.period == plan.list_went_in
    if plan.list_went_in is not None and not same:
        yield _(
            "The list is the very same as that of {before}: {list_path}",
            before=_("the period {period}", period=plan.list_went_in),
            list_path=plan.checked.list_path,
        )
    if changes is None:
        return
    before = (
        _("run {number}", number=changes.run)
        if changes.period is None
        else _("the period {period}", period=changes.period)
    )
    if changes.same:
        yield _(
            "The list is the very same as that of {before}: {list_path}",
            before=before,
            list_path=changes.list_path,
        )
        return
    yield ngettext(
        "Since the list of {before}: {new:,} new, {gone:,} gone, {changed:,} of {number:,} row "
        "that stayed changed in what the letter shows.",
        "Since the list of {before}: {new:,} new, {gone:,} gone, {changed:,} of {number:,} rows "
        "that stayed changed in what the letter shows.",
        changes.stayed,
        before=before,
        new=changes.new.height,
        gone=changes.gone.height,
        changed=changes.changed,
    )
    if changes.new.height:
        yield _("New, by this list's rows: {named}", named=_named(changes.new))
    if changes.gone.height:
        yield _("Gone, by the earlier list's rows: {named}", named=_named(changes.gone))
    for each in changes.renamed:
        yield _("The column “{was}” seems to be called “{now}” now.", was=each.was, now=each.now)
    if changes.missing:
        yield _("Columns that are gone: {missing}", missing=joined(changes.missing))


def new_period(plan: Plan) -> Iterator[str]:
    """That this looks like a new period, and the command for it."""
    mailing = plan.mailing
    command = command_line(
        "send", mailing.path, "--period", "PERIOD", "--list", plan.checked.list_path
    )
    yield _(
        "{conflicts:,} of {letters:,} letters have identifiers that went before with other "
        "content, and the list is another one: this looks like a new period. Nothing of it "
        "is sent under those identifiers.",
        conflicts=plan.conflicts.height,
        letters=plan.checked.letters,
    )
    yield _(
        "If it is a new period, let Identifier in mailing.toml use {place}, and name the "
        "period, such as 2027-02: {command}",
        place="{{ period }}",
        command=command,
    )


def changes_facts(changes: ListChanges | None) -> dict[str, object] | None:
    """The changes, for programs."""
    if changes is None:
        return None
    return {
        "run": changes.run,
        "period": changes.period,
        "list": changes.list_path,
        "same": changes.same,
        "by": changes.by,
        "new": changes.new.height,
        "gone": changes.gone.height,
        "stayed": changes.stayed,
        "changed": changes.changed,
        "first_new": changes.new["row"].head(NAMED).to_list(),
        "first_gone": changes.gone["row"].head(NAMED).to_list(),
        "renamed": [{"was": each.was, "now": each.now} for each in changes.renamed],
        "added": changes.added,
        "missing": changes.missing,
    }


def _named(rows: pl.DataFrame) -> str:
    first = [f"{row} ({who})" for row, who in rows.head(NAMED).iter_rows()]
    more = rows.height - len(first)
    return joined([*first, _("{number:,} more", number=more)] if more else first)

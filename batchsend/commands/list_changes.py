"""What is different in a list since the last one, and that it looks like another period's."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from batchsend.commands.invocation import command_line
from batchsend.commands.terminal import joined, plural
from batchsend.operations.list_changes import ListChanges
from batchsend.operations.plan import Plan

NAMED = 5
"""So many rows are named in a sentence."""


def told_changes(changes: ListChanges | None) -> Iterator[str]:
    """The changes, in sentences; nothing where nothing was compared."""
    if changes is None:
        return
    before = f"run {changes.run}" if changes.period is None else f"the period {changes.period}"
    if changes.same:
        yield f"The list is the very same as that of {before}: {changes.list_path}"
        return
    new, gone = f"{changes.new.height:,}", f"{changes.gone.height:,}"
    yield (
        f"Since the list of {before}: {new} new, {gone} gone, {changes.changed:,} of "
        f"{plural(changes.stayed, 'row')} that stayed changed in what the letter shows."
    )
    if changes.new.height:
        yield f"New, by this list's rows: {_named(changes.new)}"
    if changes.gone.height:
        yield f"Gone, by the earlier list's rows: {_named(changes.gone)}"
    for each in changes.renamed:
        yield f"The column “{each.was}” seems to be called “{each.now}” now."
    if changes.missing:
        yield f"Columns that are gone: {joined(changes.missing)}"


def new_period(plan: Plan) -> Iterator[str]:
    """That this looks like a new period, and the command for it."""
    mailing = plan.mailing
    conflicts, letters = f"{plan.conflicts.height:,}", f"{plan.checked.letters:,}"
    command = command_line(
        "send", mailing.path, "--period", "PERIOD", "--list", plan.checked.list_path
    )
    yield (
        f"{conflicts} of {letters} letters have identifiers that went before with other content, "
        "and the list is another one: this looks like a new period. Nothing of it is sent under "
        "those identifiers."
    )
    yield (
        "If it is a new period, let Identifier in mailing.toml use {{ period }}, and name the "
        f"period, such as 2027-02: {command}"
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
    return joined([*first, f"{more:,} more"] if more else first)

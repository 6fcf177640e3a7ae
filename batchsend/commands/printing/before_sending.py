"""What is told before anything is sent: rows that are no recipients on purpose; what is different
in a list since the last one, and that it looks like another period's; what letters take in pages,
sheets and money, and which are held for their pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import polars as pl
from rich.console import Console

from batchsend.command_line import command_line
from batchsend.commands.printing.output import one_line, say, stderr, stdout, warn
from batchsend.language import _, figure, joined, ngettext
from batchsend.lists.problems import rows_in_words
from batchsend.starter import Skip

if TYPE_CHECKING:
    from batchsend.letters import Checked
    from batchsend.operations.mailing_list.list_changes import ListChanges
    from batchsend.operations.planning.pages_found import PagesFound
    from batchsend.operations.planning.planned import Plan


SHOWN = 5
"""So many reasons, or letters, are told of one by one."""


def show_left_out(checked: Checked, console: Console | None = None) -> None:
    """Print how many rows get no letter, and why."""
    rows = checked.left_out
    if rows.is_empty():
        return
    console = console or stdout()
    say(console, ngettext("{number:,} row left out:", "{number:,} rows left out:", rows.height))
    shown = _reasons(checked).head(SHOWN)
    for reason, numbers in shown.iter_rows():
        named = rows_in_words(numbers).capitalize()
        quoting = next((note for note in checked.notes if note.startswith(f"{named} ")), "")
        say(console, f"  {quoting or f'{named}: {reason}'}")
    if more := rows.height - shown["row"].list.len().sum():
        others = _("… and {rows:,} more; the report has them all.", rows=more)
        say(console, f"  {others}")


def notes_apart(checked: Checked) -> list[str]:
    """What is to be said of the list, but for what `show_left_out` says of the same rows."""
    named = [rows_in_words(rows) for rows in _reasons(checked).head(SHOWN)["row"]]

    def is_said(note: str) -> bool:
        return any(note.startswith(f"{n.capitalize()} ") or f": {n}. " in note for n in named)

    return [note for note in checked.notes if not is_said(note)]


def _reasons(checked: Checked) -> pl.DataFrame:
    """Each reason for which rows are left out, and their numbers."""
    return checked.left_out.group_by("reason", maintain_order=True).agg("row")


def show_skips(skips: Sequence[Skip]) -> None:
    """Print which rows seem to be no recipients, and what leaves them out."""
    for skip in skips:
        heading = one_line(skip.column.heading or skip.column.name)
        rows = rows_in_words(skip.rows).capitalize()
        say(
            stderr(),
            _(
                "{rows}: {heading} seems to say that no letter is wanted.",
                rows=rows,
                heading=heading,
            ),
        )


NAMED = 5
"""The most rows that a sentence names."""


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


def pages_facts(found: PagesFound | None) -> dict[str, str]:
    """Lines for a table."""
    if found is None or not (found.letters or found.held.height):
        return {}
    lines: dict[str, str] = {}
    if found.held.height:
        lines[_("Held for their pages")] = figure(found.held.height)
    takes = _(
        "{pages}, {sheets} of paper",
        pages=ngettext("{number:,} page", "{number:,} pages", found.pages),
        sheets=ngettext("{number:,} sheet", "{number:,} sheets", found.sheets),
    )
    lines[_("Pages")] = _("about {figure}", figure=takes) if found.estimated else takes
    if found.cost is not None:
        cost = f"{figure(found.cost, ',.2f')} {found.currency}"
        lines[_("Cost")] = _("about {figure}", figure=cost) if found.estimated else cost
    if found.estimated:
        lines[_("Estimate")] = _(
            "{rendered:,} letters rendered, the other {estimated:,} assumed to be alike",
            rendered=found.rendered,
            estimated=found.estimated,
        )
    return lines


def show_held_pages(found: PagesFound) -> None:
    """Say which letters cannot be sent as their pages are."""
    for row, reason in found.held.head(SHOWN).select("row", "reason").iter_rows():
        warn(_("Row {row} cannot be sent: {reason}", row=row, reason=" ".join(reason.split())))
    if found.held.height > SHOWN:
        warn(_("… and {held:,} more for their pages.", held=found.held.height - SHOWN))


def pages_json(found: PagesFound | None) -> dict[str, object] | None:
    """The same for programs; None where nothing was rendered."""
    if found is None:
        return None
    return {
        "rendered": found.rendered,
        "estimated": found.estimated,
        "pages": found.pages,
        "sheets": found.sheets,
        "cost": None if found.cost is None else str(found.cost),
        "currency": found.currency or None,
        "held": found.held.height,
        "first_held": found.held.head(100).to_dicts(),
    }

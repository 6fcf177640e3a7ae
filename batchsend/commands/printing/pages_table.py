"""What letters take in pages, sheets and money, and which are held for their pages, in words."""

from __future__ import annotations

from batchsend.commands.printing.output import warn
from batchsend.language import _, figure, ngettext
from batchsend.operations.planning.pages_found import PagesFound

SHOWN = 5
"""So many letters are told of one by one."""


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

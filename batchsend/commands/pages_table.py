"""What letters take in pages, sheets and money, and which are held for their pages, in words."""

from __future__ import annotations

from batchsend.commands.terminal import plural, warn
from batchsend.operations.pages_found import PagesFound

SHOWN = 5
"""So many letters are told of one by one."""


def pages_facts(found: PagesFound | None) -> dict[str, str]:
    """Lines for a table."""
    if found is None or not (found.letters or found.held.height):
        return {}
    about = "about " if found.estimated else ""
    pages = f"{about}{plural(found.pages, 'page')}, {plural(found.sheets, 'sheet')} of paper"
    lines = {"Held for their pages": f"{found.held.height:,}"} if found.held.height else {}
    lines["Pages"] = pages
    if found.cost is not None:
        lines["Cost"] = f"{about}{found.cost:,.2f} {found.currency}"
    if found.estimated:
        estimated, rendered = f"{found.estimated:,}", f"{found.rendered:,}"
        lines["Estimate"] = f"{rendered} letters rendered, the other {estimated} taken to be alike"
    return lines


def show_held_pages(found: PagesFound) -> None:
    """Say which letters cannot be sent as their pages are."""
    for row, reason in found.held.head(SHOWN).select("row", "reason").iter_rows():
        warn(f"Row {row} cannot be sent: {' '.join(reason.split())}")
    if found.held.height > SHOWN:
        warn(f"… and {found.held.height - SHOWN:,} more for their pages.")


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

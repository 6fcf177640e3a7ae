"""list + corrections: the mailing's list as it is checked, and what is to be said of that."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from batchsend.command_line import command_line
from batchsend.corrections import Fit, State, fits, is_reasons, laid_over, read_journal
from batchsend.errors import SettingsError
from batchsend.language import N_, _
from batchsend.lists import RecipientList, read_list
from batchsend.mailing import Mailing
from batchsend.masking import masked_in_text
from batchsend.operations.mailing_list.chosen import as_chosen, period_chosen

_NAMED = 3
"""So many corrections are named in a sentence about more of them."""


def read_corrected(mailing: Mailing, workspace: Path) -> RecipientList:
    """The mailing's list with its corrections laid over, and notes of those that were used and of
    those that were not.

    Raises as `read_list`, and SettingsError where the corrections cannot be read, or the list is a
    needs-attention workbook.
    """
    recipients = read_uncorrected(mailing, workspace)
    found = fits(recipients, read_journal(mailing.corrections).in_force)
    corrected = laid_over(recipients, found)
    return replace(corrected, notes=(*corrected.notes, *_notes(mailing, found)))


def read_uncorrected(mailing: Mailing, workspace: Path) -> RecipientList:
    """The mailing's list as it stands. Raises as `read_corrected`."""
    recipients = read_list(mailing.list, folder=mailing.folder, workspace=workspace)
    if mailing.other_list and any(is_reasons(column.heading) for column in recipients.columns):
        raise SettingsError(
            _(
                "{path} is a needs-attention workbook, and no list: the mailing has one "
                "list, and its corrections are kept beside it.",
                path=mailing.list.path,
            ),
            hint=_(
                "Use what was corrected in it: {command}\nThen send the mailing without --list.",
                command=command_line(
                    "correct", mailing.path, *period_chosen(mailing), mailing.list.path
                ),
            ),
        )
    return recipients


def digest_of_corrections(mailing: Mailing) -> str:
    """A hash of the corrections that are in force; empty where there is none.

    Raises SettingsError where they cannot be read.
    """
    in_force = read_journal(mailing.corrections).in_force
    if not in_force:
        return ""
    facts = repr([(each.number, each.draft) for each in in_force])
    return hashlib.sha256(facts.encode()).hexdigest()


_WHY: dict[State, str] = {
    "changed": N_(
        "Not corrected, as the list says something else there by now: {named}. See {listing}"
    ),
    "no row": N_("Not corrected, as the list has no such row: {named}. See {listing}"),
    "several rows": N_("Not corrected, as the list has several such rows: {named}. See {listing}"),
    "no column": N_("Not corrected, as the list has no such column: {named}. See {listing}"),
}


def _notes(mailing: Mailing, found: Sequence[Fit]) -> Iterator[str]:
    used = len({(fit.row, fit.column) for fit in found if fit.state == "used"})
    name = mailing.corrections.name
    if used == 1:
        yield _("1 cell of the list is corrected, as {name} says.", name=name)
    elif used:
        yield _("{used:,} cells of the list are corrected, as {name} says.", used=used, name=name)
    for state, why in _WHY.items():
        unused = [fit for fit in found if fit.state == state]
        if not unused:
            continue
        told = [in_words(fit) for fit in unused[:_NAMED]]
        if more := len(unused) - len(told):
            told.append(_("and {more:,} more", more=more))
        listing = command_line("correct", mailing.path, *as_chosen(mailing), "--show")
        yield _(why, named="; ".join(told), listing=listing)


def in_words(fit: Fit) -> str:
    """Which cell a correction is of, fit to be shown."""
    column = fit.correction.draft.column
    if fit.row is not None:
        return _("row {row}, {column}", row=fit.row, column=column)
    key = ", ".join(
        f"{label} {masked_in_text(text)}" for label, text in fit.correction.draft.key[:_NAMED]
    )
    return _("{column} of {key}", column=column, key=key)

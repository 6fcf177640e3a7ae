"""list + corrections: the mailing's list as it is checked, and what is to be said of that; the list
as corrections are made of it; and needs-attention workbooks that somebody has saved, and whose
corrections are not used yet."""

from __future__ import annotations

import glob
import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from batchsend.command_line import command_line, typed
from batchsend.corrections import (
    Fit,
    Journal,
    Labels,
    State,
    changes,
    fits,
    is_reasons,
    laid_over,
    read_journal,
    read_returned,
)
from batchsend.errors import ListError, SettingsError, in_short
from batchsend.language import N_, _
from batchsend.letters import identifier_columns
from batchsend.lists import Column, RecipientList, read_list, recipient_fields, with_period
from batchsend.mailing import STDIN, Mailing
from batchsend.masking import masked, masked_in_text
from batchsend.operations.periods import as_chosen, period_chosen, whose_corrections
from batchsend.reports import is_untouched
from batchsend.scratch import ScratchFolder

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


@dataclass(frozen=True, slots=True)
class OpenedList:
    """A mailing's list, without and with its corrections."""

    mailing: Mailing
    journal: Journal
    plain: RecipientList
    found: tuple[Fit, ...]
    corrected: RecipientList
    labels: Labels
    identifier: tuple[Column, ...]
    workspace: Path

    def shown(self, column: Column, text: str) -> str:
        """What a cell says, as people may see it."""
        fields = recipient_fields([column])
        return masked(text) if {*fields.exact, *fields.proposals} == {"NationalId"} else str(text)

    def column(self, name: str) -> Column:
        """The column of this heading or name. Raises SettingsError."""
        found = self.labels.find(name)
        if found is None:
            raise SettingsError(
                _("{path} has no column “{name}”.", path=self.plain.path, name=name),
                hint=_("Its columns are: {all}", all=_all(self.labels.all)),
            )
        return found


def _all(labels: tuple[str, ...]) -> str:
    """The labels, those in quotation marks that have a comma or a blank in them."""
    apart = re.compile(r"[\s,]")
    return ", ".join(f"“{label}”" if apart.search(label) else label for label in labels)


@contextmanager
def opened_list(mailing: Mailing) -> Iterator[OpenedList]:
    """Open it. Raises SettingsError and ListError."""
    if mailing.list.path == STDIN:
        raise SettingsError(
            _("A list from standard input cannot be corrected: it is there only once."),
            hint=_("Save it as a file, and name that under [list]."),
        )
    journal = read_journal(mailing.corrections)
    with ScratchFolder() as workspace:
        plain = read_uncorrected(mailing, workspace)
        found = fits(plain, journal.in_force)
        known = with_period(plain, mailing.period).columns
        made_of = identifier_columns(mailing.payload, known, mailing.checks.country)
        columns = tuple(column for column in made_of if column in plain.columns)
        corrected = laid_over(plain, found)
        labels = Labels(plain.columns)
        yield OpenedList(mailing, journal, plain, found, corrected, labels, columns, workspace)


def workbooks(mailing: Mailing) -> list[Path]:
    """The needs-attention workbooks beside a mailing, the oldest first: the one, what was written
    beside it while it could not be replaced, and those that version 0.1 numbered."""
    usual = mailing.folder / mailing.needs_attention
    like = re.compile(rf"{re.escape(usual.stem)}(-new)?(-\d+)?")
    found = [
        path
        for path in usual.parent.glob(f"{glob.escape(usual.stem)}*{usual.suffix}")
        if like.fullmatch(path.stem) and path.is_file()
    ]
    return sorted(found, key=lambda path: (path.stat().st_mtime_ns, path.name))


def untaken(mailing: Mailing) -> list[Path]:
    """Those of them that hold anything that is not taken, the oldest first.

    Raises SettingsError where the corrections cannot be read.
    """
    return [path for path in workbooks(mailing) if is_untaken(mailing, path)]


def is_untaken(mailing: Mailing, path: Path) -> bool:
    """Whether somebody has changed a workbook since it was written or last taken.

    One that cannot be read, or compared with the list, counts as changed.
    """
    if is_untouched(path) or was_taken(mailing, path):
        return False
    if mailing.list.path == STDIN:
        return True
    try:
        with opened_list(mailing) as opened:
            returned = read_returned(path, opened.workspace)
            changed, _other = changes(returned, opened.corrected, opened.identifier)
    except (ListError, SettingsError):
        return True
    return bool(changed)


def was_taken(mailing: Mailing, path: Path) -> bool:
    """Whether a workbook was taken as it is."""
    return digest_of(path) in read_journal(mailing.corrections).workbooks


def must_be_taken(mailing: Mailing) -> None:
    """Raise SettingsError where a workbook beside the mailing holds what is not taken: a letter
    that somebody has corrected must not be missed."""
    if found := untaken(mailing):
        raise SettingsError(untaken_in_words(found), hint=_hint(mailing, found))


def untaken_in_words(found: list[Path]) -> str:
    """What to say of such workbooks."""
    names = ", ".join(map(str, found))
    return _("Rows were corrected in {names}, and these corrections are not used yet.", names=names)


def _hint(mailing: Mailing, found: list[Path]) -> str:
    name = found[0].name
    return _(
        "Use them: batchsend correct {path}\n"
        "If they are not to count, move {name} to another folder.",
        path=typed(*whose_corrections(mailing)),
        name=name,
    )


def digest_of(path: Path) -> str:
    """SHA-256 of a file, hexadecimal. Raises SettingsError where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise SettingsError(
            _("The workbook {path} cannot be read: {reason}.", path=path, reason=in_short(error))
        ) from error

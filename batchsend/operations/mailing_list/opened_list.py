"""A mailing's list as corrections are made of it: as it stands, and with those that it has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from batchsend.corrections import Fit, Journal, Labels, fits, laid_over, read_journal
from batchsend.errors import SettingsError
from batchsend.language import _
from batchsend.letters import identifier_columns
from batchsend.lists import Column, RecipientList, recipient_fields, with_period
from batchsend.mailing import STDIN, Mailing
from batchsend.masking import masked
from batchsend.operations.mailing_list.corrected import read_uncorrected
from batchsend.scratch import ScratchFolder


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

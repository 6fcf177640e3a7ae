"""list -> check: read the whole list, check every row, write the snapshot that sending reads."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from batchsend.letters import Checked, check_letters
from batchsend.mailing import Mailing
from batchsend.pipeline.correcting import ToCorrect, read_recipients, write_held
from batchsend.pipeline.templates import templates_of
from batchsend.rendering import Templates, enclosures
from batchsend.scratch import ScratchFolder

__all__ = ["check", "check_and_return", "check_into"]


def check(mailing: Mailing) -> Checked:
    """Check every row of the list; nothing is rendered or sent.

    The snapshot behind the answer is gone when this returns; `problems` and the counts stay.
    Raises SettingsError, ListError or TemplateError where the mailing as a whole cannot be used.
    """
    templates = templates_of(mailing)
    with ScratchFolder() as folder:
        return check_into(folder / "snapshot", mailing, templates)


def check_and_return(mailing: Mailing, workbook: Path) -> tuple[Checked, ToCorrect]:
    """The same, with the rows that are kept back written to `workbook`, to be corrected there.

    Raises ReportError besides, where that cannot be written.
    """
    templates = templates_of(mailing)
    with ScratchFolder() as folder:
        checked = check_into(folder / "snapshot", mailing, templates)
        return checked, write_held(workbook, checked)


def check_into(snapshot: Path, mailing: Mailing, templates: Templates) -> Checked:
    """Check every row, with the snapshot kept at `snapshot`."""
    with ScratchFolder() as workspace:
        recipients = read_recipients(mailing.list, folder=mailing.folder, workspace=workspace)
        templates.must_fit(recipients.columns)
        checked = check_letters(
            recipients,
            mailing.payload,
            group_by=mailing.list.group_by,
            checks=mailing.checks,
            uses=templates.uses,
            formats=templates.formats,
            digest=templates.digest,
            unprintable=templates.unprintable,
            languages=templates.languages,
            documents=enclosures(templates, recipients.columns),
            snapshot=snapshot,
        )
        return replace(checked, notes=templates.warnings + checked.notes)

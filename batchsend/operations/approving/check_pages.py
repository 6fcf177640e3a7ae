"""check with its letters: every row checked, and as many letters rendered as there is time for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from batchsend.letters import Checked
from batchsend.mailing import Mailing
from batchsend.operations.check import check_into
from batchsend.operations.correct import has_certain_cures
from batchsend.operations.needs_attention import ToCorrect, write_held
from batchsend.operations.planning.pages_found import A_MINUTE, MadeOf, PagesFound, find_pages
from batchsend.operations.preview import UNSEEN
from batchsend.operations.progress import Progress, silent
from batchsend.operations.templates import templates_of
from batchsend.rendering import Templates
from batchsend.scratch import ScratchFolder


@dataclass(frozen=True, slots=True)
class CheckedPages:
    """What a check and its letters came to."""

    checked: Checked
    pages: PagesFound
    to_correct: ToCorrect | None
    """The workbook that was asked for."""
    has_certain_cures: bool
    """Whether `correct --certain` cures any of the rows that are held back."""


def check_pages(
    mailing: Mailing,
    *,
    workbook: Path | None = None,
    seconds: float = A_MINUTE,
    progress: Progress = silent,
) -> CheckedPages:
    """Check every row, render letters for so many seconds, and send nothing.

    The rows that the check holds back are written to `workbook`, where one is named. Raises as
    `check` does, and ReportError where the workbook cannot be written.
    """
    templates = templates_of(mailing)
    with ScratchFolder() as folder:
        checked = check_into(folder / "snapshot", mailing, templates)
        to_correct = write_held(workbook, mailing, checked) if workbook else None
        found = pages_of(checked, mailing, templates, seconds, progress)
        return CheckedPages(checked, found, to_correct, has_certain_cures(mailing, checked))


def pages_of(
    checked: Checked, mailing: Mailing, templates: Templates, seconds: float, progress: Progress
) -> PagesFound:
    """What all letters of a checked list take; none of them is kept."""
    return find_pages(
        checked.snapshot.identities().select("row", "channel").collect(engine="streaming"),
        MadeOf(checked.snapshot, templates, UNSEEN, mailing.prices),
        seconds,
        progress,
    )

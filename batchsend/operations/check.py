"""list -> check: read the whole list, check every row, write the snapshot that sending reads; and
load the mailing's templates in the one way every step needs them."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from batchsend.language import N_, _, current_face, current_language
from batchsend.letters import Checked, check_letters, recall
from batchsend.lists import with_period
from batchsend.mailing import Mailing
from batchsend.operations.mailing_list.corrected import (
    digest_of_corrections,
    read_corrected,
    workbooks,
)
from batchsend.operations.mailing_list.left_out_rows import exclude_digests, leave_out
from batchsend.operations.mailing_list.lost_headings import lost_headings_explained
from batchsend.operations.needs_attention import ToCorrect, rewrite
from batchsend.rendering import DocumentSettings, Templates, enclosures
from batchsend.scratch import ScratchFolder
from batchsend.starter import still_sample
from batchsend.version import __version__


def templates_of(mailing: Mailing, texts: Mapping[str, str] | None = None) -> Templates:
    """Read and compile what the mailing's letters are made from. Raises TemplateError.

    `texts` stand in, by LanguageID, for what a template's file says.
    """
    return Templates.load(
        mailing.template,
        folder=mailing.folder,
        pages=mailing.page,
        document=mailing.document,
        zone=mailing.checks.zone,
        texts=texts,
    )


_AS_BEFORE = N_(
    "Nothing has changed since the list was last checked today, so that check was used."
)

_log = logging.getLogger(__name__)


def check(mailing: Mailing) -> Checked:
    """Check every row of the list; nothing is rendered or sent.

    The snapshot behind the answer is gone when this returns; `problems` and the counts stay.

    >>> checked = check(Mailing.load("example_data/rent-notice/mailing.toml"))
    >>> checked.rows, checked.letters, checked.held
    (300, 291, 9)

    Raises SettingsError, ListError or TemplateError where the mailing as a whole cannot be used.
    """
    templates = templates_of(mailing)
    with ScratchFolder() as folder:
        return check_into(folder / "snapshot", mailing, templates)


def rewrite_open(mailing: Mailing) -> ToCorrect | None:
    """Write what is open in the needs-attention workbook beside the mailing again, once something
    was corrected; None where there is no such workbook. Raises as `check` does."""
    if not workbooks(mailing):
        return None
    templates = templates_of(mailing)
    with ScratchFolder() as folder:
        return rewrite(mailing, check_into(folder / "snapshot", mailing, templates))


def check_into(snapshot: Path, mailing: Mailing, templates: Templates) -> Checked:
    """Check every row, with the snapshot kept at `snapshot`."""
    with ScratchFolder() as workspace:
        recipients = with_period(read_corrected(mailing, workspace), mailing.period)
        _log.info("The list is read from %s.", recipients.path)
        for name, finding in recipients.findings.items():
            _log.info("  %s: %s", name, finding)
        _log.info("  columns: %s", ", ".join(column.name for column in recipients.columns))
        templates = templates.fitted(recipients.columns)
        key = _key(mailing, templates, recipients.digest)
        with lost_headings_explained(mailing, recipients, templates):
            templates.must_fit(recipients.columns)
            recipients = leave_out(recipients, mailing, workspace)
            checked = check_letters(
                recipients,
                mailing.payload,
                group_by=mailing.list.group_by,
                checks=mailing.checks.beside(mailing.folder),
                template=templates.needs,
                documents=enclosures(templates, recipients.columns),
                key=key,
                snapshot=snapshot,
            )
        return _with_notes(checked, mailing, templates)


def check_again(
    snapshots: Iterable[Path], mailing: Mailing, templates: Templates
) -> Checked | None:
    """What today's check of this very list by these very rows came to, if one of `snapshots` has
    it. Those of plans are none to count on: they go with their plan.

    None where there is none, or where it would have to be made again: a run that goes on after a
    stop need not wait for a million rows to be judged as they were.
    """
    try:
        with (mailing.folder / mailing.list.path).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None  # the check itself says what is wrong with the list
    checked = recall(snapshots, _key(mailing, templates, digest))
    if checked is None:
        return None
    noted = _with_notes(checked, mailing, templates.fitted(checked.snapshot.columns))
    return replace(noted, notes=(*noted.notes, _(_AS_BEFORE)))


def _with_notes(checked: Checked, mailing: Mailing, templates: Templates) -> Checked:
    """With what is to be said of the templates as well."""
    notes = (*notes_of_letter(checked, mailing, templates), *checked.notes)
    return replace(checked, notes=tuple(dict.fromkeys(notes)))


def notes_of_letter(checked: Checked, mailing: Mailing, templates: Templates) -> tuple[str, ...]:
    """What of a check's notes is about the letter and not about the list."""
    left = templates.placeholders_left(checked.snapshot.columns)
    return (*templates.warnings, *left, *still_sample(mailing))


def _register_digest(mailing: Mailing) -> str:
    """A hash of the file of postcodes; empty where there is none."""
    path = mailing.checks.beside(mailing.folder).postcodes
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() if path else ""
    except OSError:
        return ""  # the check itself says so


def _key(mailing: Mailing, templates: Templates, list_digest: str) -> str:
    """All that a check depends on; empty where documents outside the list are a part of it."""
    if mailing.document != DocumentSettings():
        return ""
    facts = (
        *(__version__, date.today().isoformat(), list_digest, mailing.period or ""),
        *(digest_of_corrections(mailing), current_language(), current_face()),
        *(templates.digest, templates.engine, templates.unprintable),
        *sorted(templates.languages or ()),
        *(_register_digest(mailing), *exclude_digests(mailing)),
        *(part.model_dump_json() for part in (mailing.list, mailing.payload, mailing.checks)),
    )
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()

"""Needs-attention workbooks that somebody has saved, and whose corrections are not used yet."""

from __future__ import annotations

import glob
import hashlib
import re
from pathlib import Path

from batchsend.command_line import typed
from batchsend.corrections import changes, read_journal, read_returned
from batchsend.errors import ListError, SettingsError, in_short
from batchsend.language import _
from batchsend.mailing import STDIN, Mailing
from batchsend.operations.mailing_list.chosen import whose_corrections
from batchsend.operations.mailing_list.opened_list import opened_list
from batchsend.reports import is_untouched


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

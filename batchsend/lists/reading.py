"""read_list: from a path to a RecipientList, whatever kind of file it is."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from tempfile import mkdtemp

from batchsend.errors import ListError, in_short
from batchsend.language import _, either
from batchsend.lists.encodings import gather_evidence
from batchsend.lists.file_types import kind_of
from batchsend.lists.parquet import read_parquet
from batchsend.lists.parts import no_room
from batchsend.lists.recipients import RecipientList
from batchsend.lists.settings import ListSettings
from batchsend.lists.text import read_text
from batchsend.lists.workbooks.workbook import read_workbook
from batchsend.text import nearest

STDIN = Path("-")


def read_list(settings: ListSettings, *, folder: Path, workspace: Path) -> RecipientList:
    """Read a recipient list to its end.

    `settings.path` is relative to `folder`. The rows are copied to `workspace`, an existing private
    folder that must outlive the returned list. Raises ListError if the list cannot be used at all,
    SettingsError if a setting cannot be right.
    """
    path = _from_stdin(workspace) if settings.path == STDIN else folder / settings.path
    try:
        if path.is_dir():
            raise ListError(_("{path} is a folder, not a list.", path=path))
        kind = kind_of(path)
        evidence = gather_evidence(path)
    except FileNotFoundError:
        raise ListError(_("There is no list {path}.", path=path), hint=_neighbours(path)) from None
    except PermissionError:
        raise ListError(
            _("The list {path} may not be read.", path=path),
            hint=_("Close it in Excel, or ask for access to it."),
        ) from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise ListError(
            _("The list {path} cannot be read: {reason}.", path=path, reason=in_short(error))
        ) from error
    if not evidence.size:
        raise ListError(_("{name} is empty.", name=path.name), hint=_("Export the list again."))
    # Never among the files of another list that was read into the same workspace.
    rows = Path(mkdtemp(prefix="rows-", dir=workspace))
    if kind == "text":
        return read_text(path, evidence, settings, rows)
    if kind == "parquet":
        return read_parquet(path, evidence.digest, settings, rows)
    return read_workbook(path, kind, evidence.digest, settings, rows)


def _neighbours(path: Path) -> str | None:
    """What was probably meant by a name that is not there."""
    try:
        stems = {entry.stem: entry.name for entry in path.parent.iterdir() if entry.is_file()}
    except OSError:
        return _("There is no folder {parent} either.", parent=path.parent)
    like = [stems[stem] for stem in nearest(path.stem, stems)]
    return _("Did you mean {meant}?", meant=either(like)) if like else None


def _from_stdin(workspace: Path) -> Path:
    path = workspace / "standard input"
    try:
        with path.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
    except OSError as error:
        raise no_room(workspace, error) from error
    return path

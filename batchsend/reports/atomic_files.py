"""Writing a file so that its reader never sees half of it, and nobody but its owner sees it.

Knows nothing of what is in the file.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from batchsend.errors import ReportError
from batchsend.language import _


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A new file that takes `path`'s place when the block ends, and is gone if it raises.

    Readable by its owner only (on Windows it keeps the folder's permissions). Raises ReportError.
    """
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".new")
    except OSError as error:
        raise in_words(path, error) from error
    new = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError as error:
        raise in_words(path, error) from error
    finally:
        new.unlink(missing_ok=True)


def is_open(path: Path) -> bool:
    """Whether Excel or LibreOffice has a file open, by the lock file that each puts beside it."""
    return any(path.with_name(name).exists() for name in (f"~${path.name}", f".~lock.{path.name}#"))


def written_beside(path: Path, write: Callable[[Path], None]) -> Path:
    """Have a report written to `path`; beside it, as `report-new.xlsx`, while it is open in another
    program. Where it was written. Raises ReportError.
    """
    if is_open(path):
        write(beside(path))
        return beside(path)
    try:
        write(path)
    except ReportError as error:
        if not (_is_denied(error) and path.exists()):
            raise
        try:
            write(beside(path))
        except ReportError:
            raise error from None
        return beside(path)
    return path


def beside(path: Path) -> Path:
    """Where a report is written while its own file is open."""
    return path.with_stem(f"{path.stem}-new")


def take_place_of(new: Path, old: Path) -> None:
    """Move a report to `new`, or copy it there while another program has it open.

    Raises OSError or ReportError.
    """
    if not is_open(old):
        try:
            old.replace(new)
            return
        except PermissionError:  # as on Windows, of a file that is open
            pass
    with old.open("rb") as file, replacing(new) as copy:
        shutil.copyfileobj(file, copy)


def _is_denied(error: BaseException | None) -> bool:
    """Whether an error goes back to a file that may not be replaced."""
    while error is not None and not isinstance(error, PermissionError):
        error = error.__cause__
    return error is not None


def in_words(path: Path, error: OSError) -> ReportError:
    """Why a report cannot be written, and what to do."""
    if not path.parent.is_dir():
        return ReportError(
            _(
                "The report {path} cannot be written: there is no folder {parent}.",
                path=path,
                parent=path.parent,
            ),
            hint=_("Make the folder, or name another place for the report."),
        )
    if path.is_dir():
        return ReportError(
            _("The report {path} cannot be written: there is a folder of that name.", path=path)
        )
    match _number(error):
        case errno.ENOSPC | errno.EDQUOT | errno.EFBIG:
            what, hint = _("the disk is full"), _("Make room; `batchsend report` writes it again.")
        case errno.EROFS:
            what, hint = _("its disk is read-only"), _("Name another place for the report.")
        case errno.EACCES | errno.EPERM:
            what = _("it may not be written, or is open in another program such as Excel")
            hint = _("Close it there, or name another file; `batchsend report` writes it again.")
        case _:
            what, hint = error.strerror or str(error), _("`batchsend report` writes it again.")
    return ReportError(
        _("The report {path} cannot be written: {what}.", path=path, what=what), hint=hint
    )


def _number(error: OSError) -> int | None:
    """The error's number; polars gives it only in its text, as `(os error 28)`."""
    if error.errno is not None:
        return error.errno
    found = re.search(r"\(os error (\d+)\)", str(error))
    return int(found[1]) if found else None

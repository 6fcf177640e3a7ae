"""Writing a file so that its reader never sees half of it, and nobody but its owner sees it.

Knows nothing of what is in the file.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import tempfile
from collections.abc import Iterator
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

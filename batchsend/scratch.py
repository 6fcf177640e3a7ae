"""ScratchFolder: room for what is needed for a while, and gone whatever becomes of who needed it.

Such folders hold personal data. A process that is killed leaves its own behind; whoever makes one
in the same place next removes it. The operating system says whose owner is gone: it lets go of the
lock in the folder then, and not before. Knows nothing of what is in them.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import weakref
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from batchsend.errors import BatchsendError
from batchsend.language import _

PREFIX = ".batchsend-in-use-"
LOCK = "in-use.lock"


class ScratchFolder:
    """A private folder, in the system's place for such or in `place`.

    Use it as a context manager, or call `remove`; at the latest it goes as the process ends.
    Raises BatchsendError where it cannot be made.
    """

    def __init__(self, place: Path | None = None) -> None:
        sweep(place)
        try:
            self.path, lock = _make(place or Path(tempfile.gettempdir()))
        except OSError as error:
            where = _("in {place}", place=place) if place else _("in the system's temporary folder")
            raise BatchsendError(
                _(
                    "Cannot create a temporary folder {where}: {strerror}.",
                    where=where,
                    strerror=error.strerror or error,
                ),
                hint=_("Make room there.")
                if place
                else _("Make room there, or set TMPDIR (on Windows TEMP) to another folder."),
            ) from error
        self._remove = weakref.finalize(self, _remove, self.path, lock)

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, *_: object) -> None:
        self.remove()

    def remove(self) -> None:
        """Remove it with all that is in it."""
        self._remove()


def sweep(place: Path | None = None) -> None:
    """Remove the folders that dead processes of the same user left in a place."""
    with suppress(OSError):
        for folder in (place or Path(tempfile.gettempdir())).glob(f"{PREFIX}*"):
            with suppress(OSError, Timeout):
                _remove_if_left(folder)


def _make(place: Path) -> tuple[Path, FileLock]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))
        # Somebody who sweeps may take it for one that was left before it is locked; where that
        # happens as the lock's file is made, the system says that the folder is there already.
        with suppress(FileNotFoundError, FileExistsError, Timeout):
            lock = _locked(folder)
            if _is_private(folder):
                return folder, lock
            _remove(folder, lock)  # made anew by the lock, for everybody to read


def _is_private(folder: Path) -> bool:
    return os.name == "nt" or not folder.stat().st_mode & 0o077


def _locked(folder: Path) -> FileLock:
    lock = FileLock(
        folder / LOCK,
        blocking=False,
        mode=0o600,
        thread_local=False,  # removed by whichever thread comes to it
        fallback_to_soft=False,  # such a lock would outlive its process
    )
    lock.acquire()
    return lock


def _remove_if_left(folder: Path) -> None:
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        return
    if hasattr(os, "getuid") and found.st_uid != os.getuid():
        return
    if (folder / LOCK).exists():
        _remove(folder, _locked(folder))
    else:
        folder.rmdir()  # empty: left before it was locked


def _remove(folder: Path, lock: FileLock) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    lock.release(force=True)
    shutil.rmtree(folder, ignore_errors=True)  # Windows keeps a file that is open

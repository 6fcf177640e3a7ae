"""Files that SQLite keeps: made for their owner alone, and else never opened but by SQLite.

POSIX lets go of all locks that a process has on a file as soon as it closes the file once. Whoever
opened a database to look at it, and closed it, would take away the locks of every connection in
this process, and another process could remove the write-ahead log that they write to
(https://www.sqlite.org/howtocorrupt.html, 2.2).
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def make_private(path: Path) -> None:
    """Make an empty file that only its owner can read, unless there is a file already.

    SQLite gives its -wal and -shm files the same permissions. Windows keeps the folder's. OSError
    where it cannot be made.
    """
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))

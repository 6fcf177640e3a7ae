"""Instance: the one desk of a folder, known to every other that is started for the same.

A lock says whether it runs: the system lets go of it when its process dies, however. A file that
only its owner can read has its port and the key of its links, so that whoever starts it again makes
a link to the one that runs, and nobody else does.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from filelock import FileLock, Timeout

from batchsend.errors import BatchsendError, in_short
from batchsend.language import _
from batchsend.register import data_folder
from batchsend.web import HOST, Door, new_link

PATIENCE = 10.0
"""Seconds to wait for a desk that has just been started to say where it is."""


@dataclass(frozen=True, slots=True)
class Instance:
    """Where a folder's desk is written down."""

    place: Path
    lock: FileLock

    @classmethod
    def of(cls, folder: Path) -> Self:
        """That of a folder, which is resolved. Raises BatchsendError where nothing can be kept."""
        try:
            private = data_folder() / "desk"
            private.mkdir(mode=0o700, parents=True, exist_ok=True)
            if os.name != "nt":
                private.chmod(0o700)
        except (OSError, RuntimeError) as error:
            raise BatchsendError(
                _("The folder for private files cannot be made: {reason}.", reason=in_short(error)),
                hint=_("Set BATCHSEND_DATA to a folder where you may write."),
            ) from error
        name = hashlib.sha256(str(folder).encode("utf-8", "surrogateescape")).hexdigest()[:24]
        lock = FileLock(private / f"{name}.lock", blocking=False, mode=0o600, thread_local=False)
        return cls(private / name, lock)

    def begins(self) -> bool:
        """Take the folder; False where another desk has it."""
        try:
            self.lock.acquire()
        except Timeout:
            return False
        self._file.unlink(missing_ok=True)
        return True

    def tell(self, door: Door) -> None:
        """Write down where this desk is."""
        write_private(self._file, json.dumps({"port": door.port, "key": door.link_key}))

    def link_to_other(self) -> str:
        """A new link to the desk that has the folder. Raises BatchsendError."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                told = json.loads(self._file.read_bytes())
                return link(int(told["port"]), str(told["key"]))
            except (OSError, ValueError, LookupError, TypeError):
                time.sleep(0.05)
        raise BatchsendError(
            _("Another desk for this folder has been started and does not say where it is."),
            hint=_("Wait a moment and start it again."),
        )

    def doorstep(self, target: str) -> Path:
        """A page that leads to a link, for nobody but its owner to read."""
        page = self.place.with_suffix(".html")
        write_private(
            page,
            '<!doctype html><meta charset="utf-8"><title>batchsend</title>'
            f'<meta http-equiv="refresh" content="0;url={target}">',
        )
        return page

    def ends(self) -> None:
        """Give the folder back."""
        for path in (self._file, self.place.with_suffix(".html")):
            path.unlink(missing_ok=True)
        self.lock.release()

    @property
    def _file(self) -> Path:
        return self.place.with_suffix(".json")


def link(port: int, key: str) -> str:
    """A new link to a desk, in full."""
    return f"http://{HOST}:{port}{new_link(key)}"


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, from its first moment."""
    path.unlink(missing_ok=True)
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "w", encoding="utf-8") as file:
        file.write(text)

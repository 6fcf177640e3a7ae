"""FileLocks: one run at a time on a ledger that is a file, whatever happens to the one before.

The operating system holds the lock for the process and lets go of it when the process ends,
however that comes about. Knows nothing of what is in the ledger.
"""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Connection

from batchsend.ledger.database import TakenError


class FileLocks:
    """A lock file beside the ledger. The file stays; only the lock on it means anything."""

    def __init__(self, ledger: Path) -> None:
        self._lock = FileLock(
            ledger.with_name(ledger.name + ".lock"),
            blocking=False,
            mode=0o600,
            thread_local=False,  # taken in one thread, released in another
            fallback_to_soft=False,  # a lock that outlives its process would stop every later run
        )

    def join(self) -> None:
        """As `alone`: two machines cannot share a file in safety, nor need two runs on one."""
        self.alone()

    def rehearse(self) -> None:
        """Nothing: it is alone."""

    def own(self, run: int) -> None:
        """Nothing: it is alone."""

    def alone(self) -> None:
        """Take the lock at once, or raise TakenError; OSError where the file cannot be made."""
        if self._lock.is_locked:
            raise TakenError
        try:
            self._lock.acquire()
        except Timeout:
            raise TakenError from None

    def release(self) -> None:
        """Let go of it; nothing happens when it is not ours."""
        self._lock.release(force=True)

    def living(self, connection: Connection) -> frozenset[int]:  # noqa: ARG002 as others need it
        """None runs beside others."""
        return frozenset()

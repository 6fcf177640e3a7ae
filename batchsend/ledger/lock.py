"""RunLock: one run at a time on a ledger, whatever happens to the one before.

The operating system holds the lock for the process and lets go of it when the process ends,
however that comes about. Knows nothing of what is in the ledger.
"""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock, Timeout

__all__ = ["RunLock", "TakenError"]


class TakenError(Exception):
    """Another process, or another Ledger in this one, holds the lock."""


class RunLock:
    """A lock file beside the ledger. The file stays; only the lock on it means anything."""

    def __init__(self, ledger: Path) -> None:
        self._lock = FileLock(
            ledger.with_name(ledger.name + ".lock"),
            blocking=False,
            mode=0o600,
            thread_local=False,  # taken in one thread, released in another
            fallback_to_soft=False,  # a lock that outlives its process would stop every later run
        )

    @property
    def held(self) -> bool:
        """Whether it is ours."""
        return self._lock.is_locked

    def take(self) -> None:
        """Take it at once, or raise TakenError; OSError where the file cannot be made."""
        if self.held:
            raise TakenError
        try:
            self._lock.acquire()
        except Timeout:
            raise TakenError from None

    def release(self) -> None:
        """Let go of it; nothing happens when it is not ours."""
        self._lock.release(force=True)

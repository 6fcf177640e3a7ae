"""A ledger's file must have one name, by which its write-ahead log and its lock lie beside it."""

from __future__ import annotations

from pathlib import Path

from batchsend.errors import LedgerError
from batchsend.ledger.drives import mounted

__all__ = ["must_have_one_name", "real_path"]


def real_path(path: Path) -> Path:
    """The file itself, wherever links lead; LedgerError where they lead nowhere."""
    real = path.resolve()
    if path.is_symlink() and not real.exists():
        raise LedgerError(
            f"The ledger {path} is a link to {real}, and nothing is there. Without it "
            "letters would go out twice.",
            hint="See that the drive or folder is there. If it is a new ledger, make an empty file "
            "there.",
        )
    return real


def must_have_one_name(path: Path) -> None:
    """Raise LedgerError where another name leads to the file that is not a link to this one.

    Two who open it by two names do not see each other's log and lock
    (https://www.sqlite.org/howtocorrupt.html, 2.5).
    """
    if path.stat().st_nlink > 1:
        raise LedgerError(
            f"The ledger {path} has a second name (a hard link). Two who send by two names are not "
            "told of each other, and letters would go out twice.",
            hint="Keep one of the names and delete the other. A backup must be a copy of its own.",
        )
    if any(system.point == str(path) for system in mounted()):
        raise LedgerError(
            f"The ledger {path} is mounted alone, without its folder. Its write-ahead log and its "
            "lock would stay on this side.",
            hint="Mount the folder that it lies in.",
        )

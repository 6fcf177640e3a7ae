"""A ledger's file must have one name, by which its write-ahead log and its lock lie beside it, and
must be as long as it says."""

from __future__ import annotations

import struct
from pathlib import Path

from batchsend.errors import LedgerError
from batchsend.language import _
from batchsend.ledger.drives import mounted


def real_path(path: Path) -> Path:
    """The file itself, wherever links lead; LedgerError where they lead nowhere."""
    real = path.resolve()
    if path.is_symlink() and not real.exists():
        raise LedgerError(
            _(
                "The ledger {path} is a link to {real}, and nothing is there. Without it, "
                "letters would go out twice.",
                path=path,
                real=real,
            ),
            hint=_(
                "See that the drive or folder is there. If it is a new ledger, make an "
                "empty file there."
            ),
        )
    return real


def must_have_one_name(path: Path) -> None:
    """Raise LedgerError where another name leads to the file that is not a link to this one.

    Two who open it by two names do not see each other's log and lock
    (https://www.sqlite.org/howtocorrupt.html, 2.5).
    """
    if path.stat().st_nlink > 1:
        raise LedgerError(
            _(
                "The ledger {path} has a second name (a hard link). Two runs under two "
                "names do not see each other, and letters would go out twice.",
                path=path,
            ),
            hint=_(
                "Keep one of the names and delete the other. A backup must be a copy of its own."
            ),
        )
    if any(system.point == str(path) for system in mounted()):
        raise LedgerError(
            _(
                "The ledger {path} is mounted alone, without its folder. Its write-ahead "
                "log and its lock would stay on this side.",
                path=path,
            ),
            hint=_("Mount the folder that it lies in."),
        )


def must_be_as_long_as_it_says(path: Path) -> None:
    """Raise LedgerError where a part of the last page is missing, which SQLite takes for zeros.

    The header's fields are those of https://www.sqlite.org/fileformat.html, 1.3.
    """
    if any(path.with_name(path.name + kind).exists() for kind in ("-wal", "-journal")):
        return  # some of it may be there, and SQLite judges the two together
    before = path.stat().st_size
    with path.open("rb") as file:
        header = file.read(100)
    if len(header) < 100 or not header.startswith(b"SQLite format 3"):
        return  # SQLite says what is wrong with it
    size, changed, pages, counted = struct.unpack_from(">16xH6xII60xI", header)
    expected = pages * (65536 if size == 1 else size)
    # Who is writing may make it longer or shorter meanwhile.
    if changed == counted and expected > max(before, path.stat().st_size):
        raise LedgerError(
            _(
                "The ledger {path} is damaged: it was cut short, by {expected:,} of "
                "{expected_2:,} bytes.",
                path=path,
                expected=expected - before,
                expected_2=expected,
            ),
            hint=_("Put back a copy of it from a backup before anything more is sent."),
        )

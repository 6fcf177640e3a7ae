"""A ledger's file: on what drive it lies, as that decides how it can be kept safe there; that it
has one name, by which its write-ahead log and its lock lie beside it; and that it is as long as it
says.

SQLite's write-ahead log needs memory that all who have the file open share, so one machine. On a
drive that several machines see it may damage the ledger (https://www.sqlite.org/wal.html, 2.2;
https://www.sqlite.org/useovernet.html): there a rollback journal is kept, which needs no more than
locks. Knows nothing of what is in the ledger.
"""

from __future__ import annotations

import os
import re
import struct
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Literal

import psutil

from batchsend.errors import LedgerError
from batchsend.language import N_, _

Kind = Literal["local", "network", "no_locks", "synchronised"]
"""`network`: seen by other machines, and locks hold among them. `no_locks`: seen by them, and they
may not hold. `synchronised`: a program copies it to other machines, and no lock can hold."""


@dataclass(frozen=True, slots=True)
class Mounted:
    """A file system, as `psutil.disk_partitions` tells of it."""

    point: str
    kind: str
    options: str = ""


@dataclass(frozen=True, slots=True)
class Drive:
    """On what a file lies."""

    kind: Kind
    name: str = ""
    """What it is called: `nfs4`, `OneDrive`."""

    @property
    def told(self) -> str:
        """What whoever sends with a ledger there must know, in sentences; empty where nothing."""
        return _(_TOLD[self.kind], name=_(self.name)) if self.kind in _TOLD else ""


_TOLD: Mapping[Kind, str] = {
    "network": N_(
        "The ledger is on a network drive ({name}), and is kept with a slower journal that is "
        "safe there. Only one person can send at a time."
    ),
    "no_locks": N_(
        "The ledger is on a drive that other machines may see, too ({name}), and that may not "
        "tell one of the other. See that nobody else sends this mailing meanwhile. Safer is a "
        "folder on this machine (--ledger FILE), or a PostgreSQL database where several people "
        "send."
    ),
    "synchronised": N_(
        "The ledger is in a folder that {name} copies to other machines. No lock holds there: see "
        "that it has finished copying, and that nobody else sends this mailing meanwhile. Safer "
        "is a folder on this machine (--ledger FILE), or a PostgreSQL database where several "
        "people send."
    ),
}

_LOCAL = Drive("local")
_LOCKED = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "smb2", "ceph", "lustre", "gpfs", "beegfs", "ocfs2",
     "gfs2", "afs", "pvfs2", "orangefs", "fuse.glusterfs", "fuse.ceph"}
)  # fmt: skip
"""Systems whose servers keep the locks. The `fuse.` ones say so themselves."""
_UNLOCKED = frozenset(
    {"9p", "virtiofs", "vboxsf", "prl_fs", "afpfs", "webdav", "davfs", "ncpfs", "ncp", "coda",
     "drvfs", "fakeowner", "grpcfuse", "osxfs", "fuse"}
)  # fmt: skip
"""Systems that two machines, or a computer and what runs virtually on it, see without certain
locks."""
_FUSE_HERE = frozenset(
    f"fuse.{name}"
    for name in (
        "fuse-overlayfs", "gocryptfs", "encfs", "cryfs", "securefs", "mergerfs", "bindfs",
        "ntfs-3g", "ntfs", "exfat", "ext2", "apfs", "lxcfs", "snapfuse", "zfs-fuse",
    )
)  # fmt: skip
"""What FUSE keeps on this machine alone; any other FUSE system is taken for one that is not."""

_SYNCHRONISED = {
    "OneDrive": r"OneDrive(?: ?- ?.+)?|SkyDrive",
    "Dropbox": r"Dropbox(?: \(.+\)|-.+)?",
    "iCloud": r"Mobile Documents|iCloud ?Drive|iCloudDrive",
    "Google Drive": r"Google ?Drive(?: ?-.+)?|GoogleDrive-.+|DriveFS",
    "Nextcloud": r"Nextcloud\d*|ownCloud\d*",
    "Box": r"Box Sync|Box-Box",
    "pCloud": r"pCloud ?Drive|pCloudDrive",
    "MEGA": r"MEGA(?:sync)?(?: Downloads)?",
    "Proton Drive": r"Proton ?Drive(?:-.+)?",
    N_("a cloud drive"): r"CloudStorage",
}
"""What programs call the folder that they synchronise; CloudStorage is where macOS has them all."""
_MARKS = {
    ".dropbox": "Dropbox", ".dropbox.cache": "Dropbox", ".stfolder": "Syncthing",
    ".tmp.driveupload": "Google Drive", ".tmp.drivedownload": "Google Drive",
    ".owncloudsync.log": "Nextcloud", ".nextcloudsync.log": "Nextcloud", ".sync": "Resilio Sync",
    "desktop.onedrive": "OneDrive", ".849C9593-D756-4E56-8D6E-42412F2A707B": "OneDrive",
}  # fmt: skip
"""What they leave in it, where a person has named it."""
_VARIABLES = {
    "OneDrive": "OneDrive", "OneDriveConsumer": "OneDrive", "OneDriveCommercial": "OneDrive",
}  # fmt: skip
"""Where the environment names it."""


def drive_of(path: Path) -> Drive:
    """On what the file at `path` lies, or will lie; `path` is resolved."""
    program = synchronised_by(path, os.environ, lambda mark: mark.exists())
    return Drive("synchronised", program) if program else drive_in(path, mounted())


def mounted() -> list[Mounted]:
    """What is mounted on this machine; nothing where the system does not tell."""
    try:
        partitions = psutil.disk_partitions(all=True)
    except (OSError, RuntimeError):
        return []
    return [Mounted(part.mountpoint, part.fstype, part.opts) for part in partitions]


def drive_in(path: PurePath, systems: Iterable[Mounted], *, windows: bool | None = None) -> Drive:
    """On which of these systems `path` lies: that with the longest name above it, the last of those
    that lie over one another."""
    on_windows = sys.platform == "win32" if windows is None else windows
    if on_windows and str(path).startswith("\\\\"):
        return Drive("network", N_("a shared folder"))
    found, depth = None, -1
    for system in systems:
        point = type(path)(system.point)
        if path.is_relative_to(point) and len(point.parts) >= depth:
            found, depth = system, len(point.parts)
    if found is None:
        return _LOCAL
    if on_windows:
        remote = "remote" in found.options.split(",")
        return Drive("network", N_("a network drive")) if remote else _LOCAL
    kind = found.kind.lower()
    if kind in _LOCKED:
        return Drive("network", found.kind)
    if kind in _UNLOCKED or (kind.startswith("fuse.") and kind not in _FUSE_HERE):
        return Drive("no_locks", found.kind)
    return _LOCAL


def synchronised_by(
    path: PurePath, environment: Mapping[str, str], there: Callable[[Path], bool]
) -> str:
    """The program that copies the folder of `path` to other machines; empty where none is known."""
    for variable, program in _VARIABLES.items():
        named = environment.get(variable)
        if named and path.is_relative_to(named):
            return program
    for folder in path.parents:
        for program, names in _SYNCHRONISED.items():
            if re.fullmatch(names, folder.name, re.IGNORECASE):
                return program
        for mark, program in _MARKS.items():
            if there(Path(folder / mark)):
                return program
    return ""


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

    Not to be asked where this process has it open (see `batchsend.sqlite_files`). The header's
    fields are those of https://www.sqlite.org/fileformat.html, 1.3.
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

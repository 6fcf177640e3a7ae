"""On what a ledger lies is found out, and decides how it is kept there."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

import pytest
from ledger.builders import facts, pass_through, states

from batchsend.errors import LedgerError
from batchsend.ledger import Ledger, LedgerJournal, sqlite
from batchsend.ledger.ledger_file import (
    Drive,
    Mounted,
    drive_in,
    drive_of,
    mounted,
    synchronised_by,
)

LINUX = [
    Mounted("/", "ext4"),
    Mounted("/proc", "proc"),
    Mounted("/mnt/share", "cifs"),
    Mounted("/mnt/share/inner", "tmpfs"),
    Mounted("/mnt/smb", "smb3"),
    Mounted("/home", "nfs4"),
    Mounted("/home/kari/far", "fuse.sshfs"),
    Mounted("/home/kari/cloud", "fuse.rclone"),
    Mounted("/home/kari/vault", "fuse.gocryptfs"),
    Mounted("/media/usb", "fuseblk"),
    Mounted("/run/user/1000/gvfs", "fuse.gvfsd-fuse"),
    Mounted("/mnt/c", "9p"),
    Mounted("/host", "virtiofs"),
    Mounted("/over", "ext4"),
    Mounted("/over", "nfs"),
]
MACOS = [
    Mounted("/", "apfs"),
    Mounted("/Volumes/Felles", "smbfs"),
    Mounted("/Volumes/Web", "webdav"),
    Mounted("/Volumes/Disk", "hfs"),
]
WINDOWS = [
    Mounted("C:\\", "NTFS", "rw,fixed"),
    Mounted("H:\\", "NTFS", "rw,remote"),
    Mounted("D:\\", "FAT32", "rw,removable"),
]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/srv/mailing/ledger.sqlite", "local"),
        ("/mnt/share/mailing/ledger.sqlite", "network"),
        ("/mnt/shared/ledger.sqlite", "local"),  # another folder, whose name begins alike
        ("/mnt/share/inner/ledger.sqlite", "local"),
        ("/mnt/smb/ledger.sqlite", "network"),
        ("/home/kari/ledger.sqlite", "network"),
        ("/home/kari/far/ledger.sqlite", "no_locks"),
        ("/home/kari/cloud/ledger.sqlite", "no_locks"),
        ("/home/kari/vault/ledger.sqlite", "local"),
        ("/media/usb/ledger.sqlite", "local"),
        ("/run/user/1000/gvfs/smb-share:server=a/ledger.sqlite", "no_locks"),
        ("/mnt/c/Users/ledger.sqlite", "no_locks"),
        ("/host/ledger.sqlite", "no_locks"),
        ("/over/ledger.sqlite", "network"),  # what was mounted last hides the rest
    ],
)
def test_what_linux_has_mounted(path: str, kind: str) -> None:
    assert drive_in(PurePosixPath(path), LINUX, windows=False).kind == kind


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/Users/kari/ledger.sqlite", "local"),
        ("/Volumes/Disk/ledger.sqlite", "local"),
        ("/Volumes/Felles/ledger.sqlite", "network"),
        ("/Volumes/Web/ledger.sqlite", "no_locks"),
    ],
)
def test_what_macos_has_mounted(path: str, kind: str) -> None:
    assert drive_in(PurePosixPath(path), MACOS, windows=False).kind == kind


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (r"C:\Users\kari\ledger.sqlite", "local"),
        (r"D:\ledger.sqlite", "local"),
        (r"H:\mailing\ledger.sqlite", "network"),
        (r"\\server\felles\ledger.sqlite", "network"),
    ],
)
def test_what_windows_has_mounted(path: str, kind: str) -> None:
    assert drive_in(PureWindowsPath(path), WINDOWS, windows=True).kind == kind


@pytest.mark.parametrize(
    ("path", "program"),
    [
        (PureWindowsPath(r"C:\Users\kari\OneDrive\m\ledger.sqlite"), "OneDrive"),
        (PureWindowsPath(r"C:\Users\kari\OneDrive - Borettslaget AS\l.sqlite"), "OneDrive"),
        (PureWindowsPath(r"C:\Users\kari\Dropbox (Borettslaget)\l.sqlite"), "Dropbox"),
        (PureWindowsPath(r"C:\Users\kari\iCloudDrive\l.sqlite"), "iCloud"),
        (PureWindowsPath(r"D:\Elsewhere\m\l.sqlite"), "OneDrive"),  # by the environment
        (PurePosixPath("/Users/kari/Library/Mobile Documents/x/l.sqlite"), "iCloud"),
        (PurePosixPath("/Users/kari/Library/CloudStorage/OneDrive-Firma/l.sqlite"), "OneDrive"),
        (PurePosixPath("/Users/kari/Library/CloudStorage/Dropbox/l.sqlite"), "Dropbox"),
        (PurePosixPath("/Users/kari/Library/CloudStorage/New-One/l.sqlite"), "a cloud drive"),
        (PurePosixPath("/Users/kari/Google Drive/l.sqlite"), "Google Drive"),
        (PurePosixPath("/home/kari/Nextcloud/l.sqlite"), "Nextcloud"),
        (PurePosixPath("/home/kari/named/inner/l.sqlite"), "Dropbox"),  # by what lies in it
        (PurePosixPath("/home/kari/letters/l.sqlite"), ""),
        (PurePosixPath("/home/kari/Dropbox.old/l.sqlite"), ""),
        (PurePosixPath("/home/kari/boxes/l.sqlite"), ""),
        (PureWindowsPath(r"C:\Users\kari\Documents\l.sqlite"), ""),
    ],
)
def test_folders_that_a_program_synchronises(path: PurePath, program: str) -> None:
    environment = {"OneDriveCommercial": r"D:\Elsewhere", "OneDrive": ""}
    marks = {"/home/kari/named/.dropbox.cache"}
    assert synchronised_by(path, environment, lambda mark: mark.as_posix() in marks) == program


def test_this_machine_says_what_is_mounted(tmp_path: Path) -> None:
    assert any(tmp_path.is_relative_to(system.point) for system in mounted())
    assert drive_of(tmp_path / "ledger.sqlite").kind != "synchronised"
    assert drive_of(tmp_path / "OneDrive" / "ledger.sqlite") == Drive("synchronised", "OneDrive")


def journal_of(path: Path) -> str:
    with closing(sqlite3.connect(path)) as database:
        return str(database.execute("PRAGMA journal_mode").fetchone()[0])


def send(path: Path, name: str) -> tuple[str, ...]:
    with Ledger.open(path) as ledger:
        run = ledger.begin_run(facts())

        async def story() -> None:
            with LedgerJournal(ledger, run) as journal:
                await pass_through(journal, name)

        asyncio.run(story())
        assert not path.with_name("ledger.sqlite-wal").exists() or ledger.notes == ()
        ledger.finish_run(run, "complete")
        return ledger.notes


@pytest.mark.parametrize("kind", ["network", "no_locks", "synchronised"])
def test_where_other_machines_see_it_there_is_no_write_ahead_log(
    path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    assert send(path, "a") == ()
    assert journal_of(path) == "wal"
    with monkeypatch.context() as moved:
        moved.setattr(sqlite, "drive_of", lambda _: Drive(kind, "nfs4"))  # type: ignore[arg-type]
        [note] = send(path, "b")
        assert "nfs4" in note
        assert journal_of(path) == "delete"
        with Ledger.open(path) as one, Ledger.open(path) as two:
            one.begin_run(facts())
            with pytest.raises(LedgerError, match="in use"):
                two.begin_run(facts())
    assert send(path, "c") == ()
    assert journal_of(path) == "wal"
    with Ledger.open(path) as ledger:
        assert states(ledger) == dict.fromkeys("abc", "accepted")


def test_a_ledger_made_there_never_has_one(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "drive_of", lambda _: Drive("network", "cifs"))
    send(path, "a")
    assert journal_of(path) == "delete"
    engine = sqlite.SqliteDatabase(path).engine
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 3  # EXTRA
    engine.dispose()


def test_a_file_mounted_alone_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    send(path, "a")
    monkeypatch.setattr(
        "batchsend.ledger.ledger_file.mounted", lambda: [Mounted(str(path), "ext4")]
    )
    with pytest.raises(LedgerError, match="mounted alone"):
        Ledger.open(path)

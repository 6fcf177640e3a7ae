"""What is needed for a while goes with whoever needed it, even if that was killed."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from batchsend.errors import BatchsendError
from batchsend.scratch import LOCK, PREFIX, ScratchFolder, sweep

OWNER = """\
import sys
from pathlib import Path
from batchsend.scratch import ScratchFolder
folder = ScratchFolder(Path(sys.argv[1]))
(folder.path / "list").mkdir()
(folder.path / "list" / "rows").write_text("Kari Nordmann")
print(folder.path, flush=True)
sys.stdin.read()
"""


class Owner:
    """A process that has such a folder, and keeps it until its standard input ends."""

    def __init__(self, place: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", OWNER, str(place)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.folder = Path(self._process.stdout.readline().strip())

    def end(self) -> None:
        self._process.communicate()

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate()


def test_it_is_private_and_gone_afterwards(tmp_path: Path) -> None:
    with ScratchFolder(tmp_path) as folder:
        (folder / "rows").write_text("Kari Nordmann")
        if sys.platform != "win32":
            assert folder.stat().st_mode & 0o077 == 0
    assert list(tmp_path.iterdir()) == []


def test_it_is_where_the_system_has_its_own_unless_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with ScratchFolder() as folder:
        assert folder.parent == tmp_path


def test_an_owner_that_ends_takes_it_away(tmp_path: Path) -> None:
    owner = Owner(tmp_path)
    assert owner.folder.parent == tmp_path
    owner.end()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_owner_left_is_swept_and_nothing_else(tmp_path: Path) -> None:
    killed, living = Owner(tmp_path), Owner(tmp_path)
    (tmp_path / f"{PREFIX}notes.txt").write_text("somebody's")
    (tmp_path / "other").mkdir()
    killed.kill()
    assert (killed.folder / "list" / "rows").exists()
    with ScratchFolder(tmp_path) as mine:
        sweep(tmp_path)
        left = {path.name for path in tmp_path.iterdir()}
        assert left == {mine.name, living.folder.name, f"{PREFIX}notes.txt", "other"}
        assert (living.folder / "list" / "rows").exists()
    living.kill()
    sweep(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {f"{PREFIX}notes.txt", "other"}


def test_one_whose_owner_was_killed_before_it_was_locked_goes_only_if_empty(
    tmp_path: Path,
) -> None:
    (tmp_path / f"{PREFIX}empty").mkdir()
    (tmp_path / f"{PREFIX}strange").mkdir()
    (tmp_path / f"{PREFIX}strange" / "file").touch()
    sweep(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [f"{PREFIX}strange"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets few people make links")
def test_a_link_is_not_followed(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / LOCK).touch()
    (tmp_path / f"{PREFIX}link").symlink_to(precious)
    sweep(tmp_path)
    assert (precious / LOCK).exists()


@pytest.mark.skipif(
    not hasattr(os, "getuid") or os.getuid() != 0, reason="only root may give files away"
)
def test_what_another_user_left_is_not_touched(tmp_path: Path) -> None:
    theirs = tmp_path / f"{PREFIX}theirs"
    theirs.mkdir()
    (theirs / LOCK).touch()
    os.chown(theirs, 65534, 65534)
    sweep(tmp_path)
    assert theirs.exists()


def test_where_there_is_no_room_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(BatchsendError, match=r"Cannot create a temporary folder in .*none"):
        ScratchFolder(tmp_path / "none")

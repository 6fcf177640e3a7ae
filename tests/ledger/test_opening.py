"""Opening a ledger: what is refused is refused in words, and left as it was."""

from __future__ import annotations

import sqlite3
import stat
import sys
from contextlib import closing
from pathlib import Path

import pytest
from ledger.builders import facts
from read_only import taking_nothing

from batchsend.errors import LedgerError
from batchsend.ledger import Ledger

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")


def test_a_new_ledger_is_empty_and_can_be_opened_again(path: Path) -> None:
    with Ledger.open(path) as ledger:
        assert ledger.runs() == []
        assert ledger.standing("anywhere").is_empty()
    with Ledger.open(path) as ledger:
        assert ledger.runs() == []


@posix
def test_only_its_owner_can_read_it(path: Path) -> None:
    with Ledger.open(path) as ledger:
        ledger.begin_run(facts())
        files = [file for file in path.parent.rglob("*") if file.is_file()]
        assert {file.name for file in files} == {
            "ledger.sqlite", "ledger.sqlite-shm", "ledger.sqlite-wal", "ledger.sqlite.lock",
            "runs.txt",
        }  # fmt: skip
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


@posix
def test_a_ledger_others_could_read_is_closed_to_them(path: Path) -> None:
    Ledger.open(path).close()
    path.chmod(0o644)
    Ledger.open(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def refused(path: Path) -> str:
    with pytest.raises(LedgerError) as caught:
        Ledger.open(path)
    assert str(path) in caught.value.message
    return str(caught.value)


def test_none_is_begun_where_one_has_gone(path: Path) -> None:
    snapshots = path.with_suffix(".snapshots")
    snapshots.mkdir()
    Ledger.open(path).close()  # an empty folder is that of a run which never began
    path.unlink()
    snapshots.joinpath("mailing-20261103T083000.0Z").mkdir()
    assert "Without it, letters would go out twice" in refused(path)
    assert not path.exists()


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    assert "there is no folder" in refused(tmp_path / "nowhere" / "ledger.sqlite")


def test_a_folder_is_no_ledger(tmp_path: Path) -> None:
    assert "is a folder" in refused(tmp_path)


def test_any_other_file_is_refused_and_left_alone(path: Path) -> None:
    path.write_text("kundenr;navn\n" * 100)
    assert "not a ledger" in refused(path)
    assert path.read_text() == "kundenr;navn\n" * 100


def test_any_other_database_is_refused_and_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE customers (name)")
    before = path.read_bytes()
    assert "not a ledger" in refused(path)
    assert path.read_bytes() == before


def test_a_newer_ledger_is_refused(path: Path) -> None:
    Ledger.open(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("UPDATE edition SET version = 99")
    assert "newer batchsend" in refused(path)


def test_a_version_that_there_never_was_is_refused(path: Path) -> None:
    Ledger.open(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("UPDATE edition SET version = 0")
    assert "not a ledger" in refused(path)


def test_a_damaged_ledger_is_refused(path: Path) -> None:
    Ledger.open(path).close()
    with path.open("r+b") as file:
        file.seek(100)
        file.write(b"\xff" * 4000)
    assert "damaged" in refused(path)


def test_a_read_only_folder_is_said_to_be_one(path: Path) -> None:
    with taking_nothing(path.parent):
        assert "read-only" in refused(path)


def test_a_ledger_that_turned_read_only_is_said_to_be_so(path: Path) -> None:
    with Ledger.open(path) as ledger:
        with ledger.writing() as connection:
            connection.exec_driver_sql("PRAGMA query_only = ON")
        with pytest.raises(LedgerError, match="read-only"):
            ledger.begin_run(facts())


def test_two_names_of_a_ledger_are_one_ledger(path: Path) -> None:
    other_name = path.with_name("other.sqlite")
    Ledger.open(path).close()
    try:
        other_name.symlink_to(path)
    except OSError:
        pytest.skip("this system makes no symbolic links")
    with Ledger.open(path) as one, Ledger.open(other_name) as two:
        one.begin_run(facts())
        with pytest.raises(LedgerError, match="in use"):
            two.begin_run(facts())

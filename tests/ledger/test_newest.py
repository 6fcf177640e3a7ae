"""A ledger that is not the newest of its mailing is refused: with it letters would go out twice."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledger.builders import API, beside, facts, pass_through, states
from thoroughness import examples

from batchsend.errors import LedgerError
from batchsend.ledger import Ledger, LedgerJournal, Place, Run, Server
from batchsend.ledger.roll import ROLL

VERSION_1 = Path(__file__).with_name("version-1.sql")
LATER = datetime.now(UTC) + timedelta(days=1)


async def accepted(ledger: Ledger, run: Run, *names: str) -> None:
    with LedgerJournal(ledger, run) as journal:
        for name in names:
            await pass_through(journal, name)


def send(place: Place, *names: str, destination: str = API) -> str:
    """One run, that has these letters accepted; the ledger's identity."""
    with Ledger.open(place) as ledger:
        ledger.open_snapshots()
        run = ledger.begin_run(facts(destination=destination))
        asyncio.run(accepted(ledger, run, *names))
        ledger.finish_run(run, "complete")
        return ledger.identity


def refused(place: Place) -> str:
    with pytest.raises(LedgerError) as caught:
        Ledger.open(place)
    assert caught.value.hint
    return str(caught.value)


class TestFiles:
    def test_an_empty_one(self, path: Path) -> None:
        send(path, "a")
        path.write_bytes(b"")
        assert "is empty, but ledger.snapshots beside it" in refused(path)
        assert path.read_bytes() == b"", "it is left as it was"

    def test_one_that_is_gone(self, path: Path) -> None:
        send(path, "a")
        path.unlink()
        assert "There is no ledger" in refused(path)
        assert not path.exists()

    def test_yesterdays(self, path: Path) -> None:
        send(path, "a")
        yesterdays = path.read_bytes()
        send(path, "b")
        newest = path.read_bytes()
        path.write_bytes(yesterdays)
        assert "is not the newest: it does not know of the run begun" in refused(path)
        path.write_bytes(newest)
        with Ledger.open(path) as ledger:
            assert states(ledger) == {"a": "accepted", "b": "accepted"}

    @pytest.mark.parametrize(
        "kept",
        [
            "runs (1).txt",
            "runs-DESKTOP-1.txt",
            "runs 2.txt",
            "runs (A's conflicted copy 2026-11-30).txt",
            "runs.sync-conflict-20261130-101500-ABCDEFG.txt",
        ],
    )
    def test_one_beside_which_another_machines_roll_was_kept(self, path: Path, kept: str) -> None:
        """As programs that synchronise folders do where two machines sent."""
        roll = path.with_suffix(".snapshots") / ROLL
        send(path, "a")
        before, entered = path.read_bytes(), roll.read_bytes()
        send(path, "b")
        newest = path.read_bytes()
        copy = roll.rename(roll.with_name(kept))
        roll.write_bytes(entered)
        path.write_bytes(before)
        said = refused(path)
        assert "does not know of the run begun" in said
        assert str(copy) in said
        path.write_bytes(newest)
        send(path, "c")

    def test_another_mailings(self, path: Path, tmp_path: Path) -> None:
        send(path, "a")
        other = tmp_path / "next" / "ledger.sqlite"
        other.parent.mkdir()
        for name in "bcd":
            send(other, name)
        shutil.copy(other, path)
        assert "is not the one of the runs" in refused(path)

    def test_one_with_other_runs_by_the_same_numbers(self, path: Path, tmp_path: Path) -> None:
        send(path, "a")
        copy = tmp_path / "copied" / "ledger.sqlite"
        shutil.copytree(path.parent, copy.parent, ignore=lambda *_: {"copied"})
        send(path, "b")
        send(copy, "c")
        shutil.copy(copy, path)
        assert "is not the newest" in refused(path)

    def test_one_that_was_purged_of_everything_and_lost(self, path: Path) -> None:
        send(path, "a")
        with Ledger.open(path) as ledger:
            ledger.purge(LATER)
        path.unlink()
        assert "There is no ledger" in refused(path)

    def test_a_new_one_once_the_folder_of_lists_was_moved_away(self, path: Path) -> None:
        send(path, "a")
        path.unlink()
        path.with_suffix(".snapshots").rename(path.with_suffix(".old"))
        with Ledger.open(path) as ledger:
            assert ledger.runs() == []

    def test_one_that_knew_rehearsals_only_may_go(self, path: Path) -> None:
        send(path, "a", destination="sandbox")
        path.unlink()
        send(path, "a")

    @settings(
        max_examples=examples(40),
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(share=st.floats(0, 1, exclude_max=True))
    def test_one_that_was_cut_short_anywhere(self, path: Path, share: float) -> None:
        if not path.exists():
            send(path, "a", "b")
            shutil.copy(path, path.with_name("whole"))
        whole = path.with_name("whole").read_bytes()
        path.write_bytes(whole[: int(len(whole) * share)])
        assert refused(path)

    def test_a_line_cut_short_hides_no_other(self, path: Path) -> None:
        send(path, "a")
        with (path.with_suffix(".snapshots") / ROLL).open("a") as roll:
            roll.write("0123456789abcdef0123456789abcdef 7 2026-1")
        send(path, "b")
        path.unlink()
        assert "There is no ledger" in refused(path)


KILLED = """
import asyncio, os, sys
from pathlib import Path
from ledger.builders import facts, pass_through
from batchsend.ledger import Ledger, LedgerJournal
ledger = Ledger.open(Path(sys.argv[1]))
run = ledger.begin_run(facts())
async def story():
    with LedgerJournal(ledger, run) as journal:
        for number in range(int(sys.argv[2])):
            await pass_through(journal, f"k{number}")
        print("sent", flush=True)
        os.kill(os.getpid(), 9) if os.name == "posix" else os.abort()
asyncio.run(story())
"""


def be_killed(path: Path, letters: int) -> None:
    """A run that is killed after so many letters were accepted."""
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(path), str(letters)],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "sent\n", done.stderr


def look_elsewhere(path: Path) -> None:
    """Another process opens the ledger, and closes it."""
    look = "import sys; from pathlib import Path; from batchsend.ledger import Ledger\n"
    look += "with Ledger.open(Path(sys.argv[1])) as ledger: ledger.runs()"
    subprocess.run([sys.executable, "-c", look, str(path)], check=True, timeout=60)


class TestLogs:
    @pytest.mark.slow
    @pytest.mark.parametrize("letters", [0, 1, 20])
    @pytest.mark.parametrize("emptied", [False, True], ids=["gone", "of no bytes"])
    def test_a_file_without_the_log_of_a_killed_run(
        self, path: Path, letters: int, emptied: bool
    ) -> None:
        send(path, "a")
        be_killed(path, letters)
        path.with_name("ledger.sqlite-shm").unlink()
        log = path.with_name("ledger.sqlite-wal")
        kept = log.read_bytes()
        if emptied:
            log.write_bytes(b"")
        else:
            log.unlink()
        before = path.read_bytes()
        for _ in range(2):
            assert "is not whole" in refused(path)
        assert path.read_bytes() == before
        log.write_bytes(kept)
        with Ledger.open(path) as ledger:
            assert len(states(ledger)) == letters + 1

    @pytest.mark.slow
    def test_the_first_run_was_killed_and_its_log_is_gone(self, path: Path) -> None:
        be_killed(path, 3)
        for name in ("ledger.sqlite-wal", "ledger.sqlite-shm"):
            path.with_name(name).unlink()
        assert refused(path)

    @pytest.mark.slow
    def test_a_log_written_back_on_the_way_hides_nothing(self, path: Path) -> None:
        be_killed(path, 3)
        with closing(sqlite3.connect(path)) as reader:  # a checkpoint, as a long run has many
            reader.execute("PRAGMA wal_checkpoint(FULL)")
            middle = path.read_bytes()
        path.write_bytes(middle)
        path.with_name("ledger.sqlite-wal").unlink(missing_ok=True)
        path.with_name("ledger.sqlite-shm").unlink(missing_ok=True)
        with closing(sqlite3.connect(path)) as database:
            assert database.execute("SELECT unfinished FROM edition").fetchone() != (None,)
        assert "is not whole" in refused(path)

    def test_a_copy_made_while_a_run_is_on(self, path: Path, tmp_path: Path) -> None:
        copy = tmp_path / "copy.sqlite"
        with Ledger.open(path) as ledger:
            run = ledger.begin_run(facts())
            shutil.copy(path, copy)
            ledger.finish_run(run, "complete")
        assert "was still on when the file was copied" in refused(copy)

    def test_after_a_kill_and_any_look_at_it_all_goes_on(self, path: Path) -> None:
        be_killed(path, 5)
        for _ in range(2):
            with Ledger.open(path) as ledger:
                assert len(states(ledger)) == 5
        assert send(path, "b")

    def test_who_looks_while_a_run_is_on_leaves_it_alone(self, path: Path) -> None:
        with Ledger.open(path) as ledger:
            run = ledger.begin_run(facts())
            with Ledger.open(path) as other:
                assert [each.number for each in other.runs()] == [run.number]
            ledger.finish_run(run, "complete")

    @pytest.mark.slow
    def test_who_looks_while_a_run_is_killed_and_closes_last_takes_nothing_away(
        self, path: Path
    ) -> None:
        with Ledger.open(path) as reader:
            be_killed(path, 5)
            assert len(states(reader)) == 5
        assert not path.with_name("ledger.sqlite-wal").exists()
        with Ledger.open(path) as ledger:
            assert len(states(ledger)) == 5
        assert send(path, "b")

    def test_who_looks_in_the_senders_own_process_takes_none_of_its_locks_away(
        self, path: Path
    ) -> None:
        log = path.with_name("ledger.sqlite-wal")
        with Ledger.open(path) as ledger:
            run = ledger.begin_run(facts())
            with Ledger.open(path):
                pass
            kept = log.stat().st_ino
            look_elsewhere(path)
            assert log.stat().st_ino == kept
            asyncio.run(accepted(ledger, run, "a", "b"))
            look_elsewhere(path)
            assert log.stat().st_ino == kept
            with Ledger.open(path) as reader:
                assert states(reader) == {"a": "accepted", "b": "accepted"}
            ledger.finish_run(run, "complete")

    def test_the_file_alone_is_whole_once_a_run_has_ended(self, path: Path, tmp_path: Path) -> None:
        copy = tmp_path / "elsewhere" / "ledger.sqlite"
        copy.parent.mkdir()
        with Ledger.open(path) as ledger, Ledger.open(path) as reader:
            run = ledger.begin_run(facts())
            assert reader.runs()
            asyncio.run(accepted(ledger, run, "a", "b"))
            ledger.finish_run(run, "complete")
            shutil.copy(path, copy)
        with Ledger.open(copy) as ledger:
            assert states(ledger) == {"a": "accepted", "b": "accepted"}


class TestVersion1:
    """Checked lists of 0.1 name no ledger; their names carry a time, and the runs name them."""

    LISTS = ("mailing-20261103T083000.123456Z", "mailing-20261104T083000.123456Z")

    @pytest.fixture
    def old(self, path: Path) -> Path:
        with closing(sqlite3.connect(path)) as database:
            database.executescript(VERSION_1.read_text(encoding="utf-8"))
        for name in self.LISTS:
            (path.with_suffix(".snapshots") / name).mkdir(parents=True)
        return path

    def test_it_is_opened_and_sent_with(self, old: Path) -> None:
        send(old, "f")
        with Ledger.open(old) as ledger:
            assert len(ledger.runs()) == 3

    def test_a_list_of_a_run_that_never_began_is_no_harm(self, old: Path) -> None:
        (old.with_suffix(".snapshots") / "mailing-20261103T120000.000000Z").mkdir()
        (old.with_suffix(".snapshots") / "somebody's notes").mkdir()
        Ledger.open(old).close()

    def test_an_older_copy(self, old: Path) -> None:
        (old.with_suffix(".snapshots") / "mailing-20261105T083000.123456Z").mkdir()
        assert "is not the newest" in refused(old)

    def test_another_ones(self, old: Path, tmp_path: Path) -> None:
        other = tmp_path / "other" / "ledger.sqlite"
        other.parent.mkdir()
        send(other, "x")
        shutil.copy(other, old)
        assert "is not the one" in refused(old)

    def test_one_that_lost_its_entries(self, old: Path) -> None:
        old.unlink()
        assert "There is no ledger" in refused(old)
        old.touch()
        assert "is empty" in refused(old)

    def test_purged_of_everything_it_is_still_missed(self, old: Path) -> None:
        with Ledger.open(old) as ledger:
            ledger.purge(LATER)
        assert [path.name for path in old.with_suffix(".snapshots").iterdir()] == [ROLL]
        old.unlink()
        assert "There is no ledger" in refused(old)


class TestNames:
    def test_a_second_name_is_refused(self, path: Path) -> None:
        send(path, "a")
        os.link(path, path.with_name("other.sqlite"))
        for name in ("ledger.sqlite", "other.sqlite"):
            assert "has a second name" in refused(path.with_name(name))
        path.with_name("other.sqlite").unlink()
        send(path, "b")

    def test_a_link_that_leads_nowhere_is_no_new_ledger(self, path: Path, tmp_path: Path) -> None:
        try:
            path.symlink_to(tmp_path / "share.sqlite")
        except OSError:
            pytest.skip("this system makes no symbolic links")
        assert "is a link to" in refused(path)
        (tmp_path / "share.sqlite").touch()
        send(path, "a")

    def test_by_a_link_in_another_folder_it_is_one_ledger(self, path: Path, tmp_path: Path) -> None:
        """The lock and the checked lists are those beside the file itself."""
        send(path, "a")
        (tmp_path / "elsewhere").mkdir()
        link = tmp_path / "elsewhere" / "other.sqlite"
        try:
            link.symlink_to(path)
        except OSError:
            pytest.skip("this system makes no symbolic links")
        with Ledger.open(path) as one, Ledger.open(link) as two:
            assert two.snapshots == one.snapshots
            one.begin_run(facts())
            with pytest.raises(LedgerError, match="in use"):
                two.begin_run(facts())

    def test_by_way_of_other_folders_it_is_one_ledger(self, path: Path, tmp_path: Path) -> None:
        (tmp_path / "inner").mkdir()
        roundabout = tmp_path / "inner" / ".." / "ledger.sqlite"
        with Ledger.open(path) as one, Ledger.open(roundabout) as two:
            one.begin_run(facts())
            with pytest.raises(LedgerError, match="in use"):
                two.begin_run(facts())


@pytest.mark.slow
class TestServers:
    def test_a_database_restored_from_yesterday(self, server: Server) -> None:
        send(server, "a")
        send(server, "b")
        with beside(server) as database:
            database.execute("DELETE FROM attempts WHERE run = 2")
            database.execute("ALTER TABLE letters DISABLE TRIGGER USER")
            database.execute("DELETE FROM letters WHERE run = 2")
            database.execute("DELETE FROM runs WHERE number = 2")
        assert "is not the newest" in refused(server)

    def test_another_database(self, server: Server, request: pytest.FixtureRequest) -> None:
        send(server, "a")
        address = request.getfixturevalue("postgres").new_place()
        assert "is empty" in refused(Server.at(address, server.snapshots))

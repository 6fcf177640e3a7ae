"""The register as a file: what is entered is found, by whom it may be, and whatever happens."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from batchsend.register import (
    BETWEEN,
    ApiAccount,
    Register,
    RegisteredRun,
    RegisterError,
    data_folder,
    in_common,
    is_same,
)

ACCOUNT = ApiAccount("https://api.example.com", "subscription-1")
RUN = RegisteredRun(
    ledger="a1",
    number=1,
    started=datetime(2026, 10, 1, 8, tzinfo=UTC),
    mailing="rent",
    place="/october/ledger.sqlite",
)
OTHER = RegisteredRun("b2", 1, RUN.started + timedelta(days=30), "rent", "/nov/ledger.sqlite")
MONTH = RUN.started + timedelta(days=30)


def letters(identifiers: Sequence[str], recipient: str | None = "ola, storgata 1") -> pl.DataFrame:
    return pl.DataFrame(
        {
            "alike": identifiers,
            "identifier": identifiers,
            "recipient": [recipient] * len(identifiers),
        },
        schema={"alike": pl.String, "identifier": pl.String, "recipient": pl.String},
    )


def enter(register: Register, account: ApiAccount, run: RegisteredRun, went: pl.DataFrame) -> None:
    register.begin(account, run)
    register.note(run, went)
    register.end(run)


class TestRecipients:
    @pytest.mark.parametrize(
        ("one", "other", "same", "near"),
        [
            (("ola", "storgata 1"), ("ola", "storgata 1"), True, True),
            (("ola", "storgata 1", "o@example.com"), ("ola", "storgata 1", ""), True, True),
            (("ola", "storgata 1"), ("ola", "nygata 2"), False, True),
            (("ola", "storgata 1"), ("kari", "storgata 1"), False, True),
            (("ola", "storgata 1", "o@example.com"), ("per", "", "o@example.com"), False, True),
            (("ola", "storgata 1"), ("kari", "nygata 2"), False, False),
            (("ola", ""), ("kari", ""), False, False),
            (("ola", ""), ("", "ola"), False, False),
            (("", ""), ("", ""), False, False),
        ],
    )
    def test_a_name_and_an_address_or_one_of_them_in_common(
        self, one: tuple[str, ...], other: tuple[str, ...], same: bool, near: bool
    ) -> None:
        with Register.open() as register:
            both = [register.hashed(BETWEEN.join(each)) for each in (one, other)]
        assert (is_same(*both), in_common(*both)) == (same, near)


class TestWhatIsFound:
    def test_a_letter_with_its_run_and_recipient(self) -> None:
        with Register.open() as register:
            enter(register, ACCOUNT, RUN, letters(["1", "2"]))
        with Register.open() as register:
            runs, found = register.found(ACCOUNT, pl.Series(["2", "3"]))
            assert [(run.key, run.mailing, run.place, run.ended) for run in runs] == [
                (RUN.key, "rent", "/october/ledger.sqlite", True)
            ]
            assert found.rows() == [("2", "2", 0, register.hashed("ola, storgata 1"))]
            assert register.hashed("ola, storgata 2") != register.hashed("ola, storgata 1")

    @pytest.mark.parametrize(
        "other",
        [
            ApiAccount("https://other.example.com", "subscription-1"),
            ApiAccount("https://api.example.com", "subscription-2"),
        ],
    )
    def test_nothing_of_another_account(self, other: ApiAccount) -> None:
        with Register.open() as register:
            enter(register, ACCOUNT, RUN, letters(["1"]))
            assert register.found(other, pl.Series(["1"]))[1].is_empty()

    def test_nothing_of_the_runs_that_the_ledger_knows(self) -> None:
        with Register.open() as register:
            enter(register, ACCOUNT, RUN, letters(["1"]))
            enter(register, ACCOUNT, OTHER, letters(["1"]))
            runs, found = register.found(ACCOUNT, pl.Series(["1"]), but_for=[RUN])
        assert [run.key for run in runs] == [OTHER.key]
        assert found["run"].to_list() == [0]

    def test_no_recipient_is_no_hash(self) -> None:
        with Register.open() as register:
            enter(register, ACCOUNT, RUN, letters(["1"], recipient=None))
            assert register.found(ACCOUNT, pl.Series(["1"]))[1]["recipient"].to_list() == [None]
            assert register.hashed("") is None
            assert register.hashed(BETWEEN * 5) is None

    def test_a_copied_ledgers_run_of_the_same_number_is_another_run(self) -> None:
        copied = RegisteredRun(RUN.ledger, RUN.number, MONTH, "rent", "/nov/ledger.sqlite")
        with Register.open() as register:
            enter(register, ACCOUNT, RUN, letters(["1"]))
            enter(register, ACCOUNT, copied, letters(["2"]))
            assert [run.key for run in register.runs_of(RUN.ledger)] == [RUN.key, copied.key]
            assert register.entered(RUN).to_list() == ["1"]

    def test_a_run_has_not_ended_until_its_letters_are_entered(self) -> None:
        with Register.open() as register:
            register.begin(ACCOUNT, RUN)
            assert [run.key for run in register.unfinished(ACCOUNT)] == [RUN.key]
            register.note(RUN, letters(["1"]))
            assert register.unfinished(ACCOUNT) != []
            assert register.found(ACCOUNT, pl.Series(["1"]))[1].height == 1
            register.end(RUN)
            assert register.unfinished(ACCOUNT) == []

    def test_entered_twice_is_entered_once_and_where_the_ledger_is_now(self) -> None:
        moved = RegisteredRun(RUN.ledger, RUN.number, RUN.started, "rent", "/archive/l.sqlite")
        with Register.open() as register:
            enter(register, ACCOUNT, RUN, letters(["1"]))
            enter(register, ACCOUNT, moved, letters(["1"]))
            runs, found = register.found(ACCOUNT, pl.Series(["1"]))
        assert [run.place for run in runs] == ["/archive/l.sqlite"]
        assert found.height == 1

    def test_the_stamp_changes_as_others_begin_and_end(self) -> None:
        with Register.open() as register:
            before = register.stamp()
            register.begin(ACCOUNT, RUN)
            assert register.stamp(but_for=[RUN]) == before
            begun = register.stamp()
            register.end(RUN)
            assert len({before, begun, register.stamp()}) == 3

    def test_nothing_is_made_only_to_look(self, data: Path) -> None:
        with Register.if_there() as register:
            assert register is None
        assert not list(data.iterdir())
        with Register.open(), Register.if_there() as there:
            assert there is not None

    def test_a_letter_that_did_not_go_is_taken_out(self) -> None:
        with Register.open() as register:
            enter(register, ACCOUNT, RUN, letters(["1", "2"]))
            enter(register, ACCOUNT, OTHER, letters(["1"]))
            register.withdraw([RUN], ACCOUNT.destination, ["1"])
            assert register.entered(RUN).to_list() == ["2"]
            assert register.entered(OTHER).to_list() == ["1"]


class TestPrivacy:
    def test_nothing_personal_and_no_secret_is_in_the_folder(self, data: Path) -> None:
        with Register.open() as register:
            enter(register, ACCOUNT, RUN, letters(["1"], "Åse Bjørk, Storgata 1"))
        everything = b"".join(path.read_bytes() for path in data.iterdir())
        for secret in ("Bjørk", "Storgata", "subscription-1"):
            assert secret.encode() not in everything
        assert b"api.example.com" in everything

    @pytest.mark.skipif(os.name == "nt", reason="Windows keeps the folder's permissions")
    def test_only_its_owner_can_read_it(self, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("BATCHSEND_DATA", str(data / "made"))
        with Register.open() as register:
            register.begin(ACCOUNT, RUN)
            assert {path.stat().st_mode & 0o077 for path in (data / "made").iterdir()} == {0}
        assert (data / "made").stat().st_mode & 0o077 == 0

    def test_every_machine_has_a_key_of_its_own(
        self, data: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with Register.open() as register:
            here = register.hashed("Åse Bjørk")
        monkeypatch.setenv("BATCHSEND_DATA", str(data / "elsewhere"))
        with Register.open() as register:
            assert register.hashed("Åse Bjørk") != here

    def test_purging_clears_hashes_and_folders_and_leaves_what_went_where(self, data: Path) -> None:
        with Register.open() as register:
            enter(register, ACCOUNT, RUN, letters(["1"]))
            enter(register, ACCOUNT, OTHER, letters(["2"]))
            hashed = register.hashed("ola, storgata 1")
            assert register.purge(RUN.ledger, MONTH) == 1
            runs, found = register.found(ACCOUNT, pl.Series(["1", "2"]))
            files = [path.read_bytes() for path in data.glob("register.sqlite*")]
        assert [run.place for run in runs] == ["", OTHER.place]
        assert found.rows() == [("1", "1", 0, None), ("2", "2", 1, hashed)]
        assert not any(b"/october/" in file for file in files)

    def test_what_is_young_is_not_purged(self) -> None:
        with Register.open() as register:
            enter(register, ACCOUNT, RUN, letters(["1"]))
            assert register.purge(RUN.ledger, RUN.started) == 0


class TestWhereItCannotBe:
    def test_no_folder_can_be_made(self, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (data / "file").write_text("")
        monkeypatch.setenv("BATCHSEND_DATA", str(data / "file" / "batchsend"))
        with pytest.raises(RegisterError, match="cannot be used: not a directory") as raised:
            Register.open()
        assert "BATCHSEND_DATA" in str(raised.value)

    def test_a_damaged_file(self, data: Path) -> None:
        with Register.open() as register:
            enter(register, ACCOUNT, RUN, letters([str(number) for number in range(2_000)]))
        whole = (data / "register.sqlite").read_bytes()
        (data / "register.sqlite").write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
        with pytest.raises(RegisterError, match="is damaged"), Register.open() as register:
            register.found(ACCOUNT, pl.Series(["1"]))

    def test_a_file_that_is_no_database(self, data: Path) -> None:
        content = b"Dear diary,\n" * 100
        (data / "register.sqlite").write_bytes(content)
        with pytest.raises(RegisterError, match="is not a database"):
            Register.open()
        assert (data / "register.sqlite").read_bytes() == content

    def test_another_programs_database(self, data: Path) -> None:
        with closing(sqlite3.connect(data / "register.sqlite")) as theirs:
            theirs.execute("CREATE TABLE runs (name)")
        with pytest.raises(RegisterError, match="another program's"):
            Register.open()

    def test_a_newer_batchsends(self, data: Path) -> None:
        with Register.open():
            pass
        with closing(sqlite3.connect(data / "register.sqlite")) as file:
            file.execute("PRAGMA user_version = 99")
        with pytest.raises(RegisterError, match="newer batchsend"):
            Register.open()

    @pytest.mark.parametrize("key", [b"0" * 32, b"short", None])
    def test_another_key(self, data: Path, key: bytes | None) -> None:
        with Register.open():
            pass
        (data / "register.key").unlink()
        if key is not None:
            (data / "register.key").write_bytes(key)
        with pytest.raises(RegisterError, match=r"register\.key"):
            Register.open()

    @pytest.mark.parametrize("left", [None, b""])
    def test_a_register_that_was_lost_is_begun_again_and_says_so(
        self, data: Path, left: bytes | None
    ) -> None:
        with Register.open() as register:
            assert not register.lost
            enter(register, ACCOUNT, RUN, letters(["1"]))
        for path in data.glob("register.sqlite*"):
            path.unlink()
        if left is not None:
            (data / "register.sqlite").write_bytes(left)
        with Register.open() as register:
            assert register.lost
            assert register.runs_of(RUN.ledger) == []
        with Register.open() as register:
            assert not register.lost

    def test_the_folder_is_the_platforms(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("BATCHSEND_DATA")
        monkeypatch.setenv("XDG_DATA_HOME", "/somewhere/share")
        if sys.platform == "linux":
            assert data_folder() == Path("/somewhere/share/batchsend")
        assert data_folder().is_absolute()


WRITES = """
import sys
from datetime import UTC, datetime
import polars as pl
from batchsend.register import ApiAccount, Register, RegisteredRun
who, start = sys.argv[1:]
print("ready", flush=True)
sys.stdin.readline()
for number in range(5):
    with Register.open() as register:
        run = RegisteredRun(who, number, datetime.now(UTC), "rent", "/x/ledger.sqlite")
        account = ApiAccount("https://api.example.com", "subscription-1")
        register.begin(account, run)
        names = [f"{who}-{number}-{one}" for one in range(200)]
        letters = {name: names for name in ("alike", "identifier", "recipient")}
        register.note(run, pl.DataFrame(letters))
        register.end(run)
"""


def test_who_writes_waits_for_others(data: Path) -> None:
    with Register.open():
        pass
    begins = threading.Event()

    def begin() -> None:
        with Register.open() as register:
            begins.set()
            register.begin(ACCOUNT, RUN)

    with closing(sqlite3.connect(data / "register.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with ThreadPoolExecutor(1) as thread:
            begun = thread.submit(begin)
            begins.wait()
            with suppress(TimeoutError):
                begun.result(timeout=0.3)  # who does not wait fails meanwhile
            other.execute("COMMIT")
            begun.result()


def test_several_processes_write_at_once_from_the_very_first_moment() -> None:
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITES, f"process-{number}", "go"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(2)
    ]
    for writer in writers:
        assert writer.stdout is not None
        writer.stdout.readline()
    for writer in writers:
        writer.communicate("\n")
        assert writer.returncode == 0
    with Register.open() as register:
        for number in range(2):
            runs = register.runs_of(f"process-{number}")
            assert [run.ended for run in runs] == [True] * 5
            assert [register.entered(run).len() for run in runs] == [200] * 5


def test_a_run_that_was_entered_half_way_has_not_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("batchsend.register.register.AT_ONCE", 2)
    with Register.open() as register:
        with monkeypatch.context() as broken:
            broken.setattr(register, "hashed", _only_for({"a", "b", "c"}))
            with pytest.raises(KeyError):
                enter(register, ACCOUNT, RUN, RECIPIENTS)
        assert not register.runs_of(RUN.ledger)[0].ended
        enter(register, ACCOUNT, RUN, RECIPIENTS)
        assert register.runs_of(RUN.ledger)[0].ended
        assert register.entered(RUN).to_list() == ["1", "2", "3", "4", "5"]


RECIPIENTS = pl.DataFrame(
    {"alike": list("12345"), "identifier": list("12345"), "recipient": list("abcde")}
)


def _only_for(texts: set[str]) -> Callable[[str], bytes]:
    return lambda text: {one: one.encode() for one in texts}[text]

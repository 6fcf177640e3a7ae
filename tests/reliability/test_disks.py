"""Disks that fill up and folders that take nothing: a sentence, no letter twice, and a way on."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from mailings import MailingFolder, row
from read_only import taking_nothing
from reliability.conftest import Start
from reliability.harness import Api, witnesses_agree
from waiting import output_of

LETTERS = 60
ROWS = range(2, LETTERS + 2)


@pytest.fixture
def mailing(mailing: MailingFolder) -> MailingFolder:
    mailing.write(*(row(number) for number in range(1, LETTERS + 1)))
    return mailing


def _limit_files(size: int) -> None:
    """From now on no file of this process grows beyond so many bytes, as if the disk were full."""
    import resource  # noqa: PLC0415 - Windows has none

    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot limit a process's files")
class TestFull:
    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("size", "code"),
        [
            pytest.param(4_000, 2, id="for the ledger"),
            pytest.param(100_000, 3, id="for more of the ledger, half-way"),
        ],
    )
    def test_there_is_no_room(
        self, mailing: MailingFolder, api: Api, start: Start, size: int, code: int
    ) -> None:
        # One after the other, so that no two share a commit and the ledger grows alike everywhere.
        process = start("--concurrency", "1", preexec_fn=partial(_limit_files, size))
        output = output_of(process)
        assert process.returncode == code, output
        assert "the disk does not take" in output
        assert "Traceback" not in output
        assert "fault in batchsend" not in output
        if code == 2:
            assert not api.taken()
        else:
            assert 0 < len(api.taken()) < LETTERS
            witnesses_agree(mailing, api.base_url, api.taken(), ROWS)
        _goes_on(mailing, api)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    if not sys.platform.startswith("linux"):
        pytest.skip("only Linux has tmpfs")
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a disk")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


class TestSmallDisk:
    @pytest.mark.slow
    def test_the_ledger_fills_it_half_way(
        self, mailing: MailingFolder, api: Api, small_disk: Path
    ) -> None:
        ballast = small_disk / "ballast"
        ballast.write_bytes(b"x" * 850_000)
        ledger = ("--ledger", str(small_disk / "ledger.sqlite"))
        alone = ("--concurrency", "1")
        first = mailing.run("send", "--base-url", api.base_url, "--yes", *ledger, *alone)
        assert first.exit_code == 3, first.output
        assert "the disk is full" in first.output
        assert 0 < len(api.taken()) < LETTERS
        ballast.unlink()
        second = mailing.run("send", "--base-url", api.base_url, "--yes", *ledger)
        assert second.exit_code in {0, 1}, second.output
        assert set(api.taken().values()) == {1}
        assert set(mailing.statuses().values()) <= {"accepted", "unknown"}

    def test_there_is_no_room_for_the_snapshot(
        self, mailing: MailingFolder, api: Api, small_disk: Path
    ) -> None:
        # Text that does not compress: the snapshot is as large as the list.
        texts = [os.urandom(10_000).hex() for _ in range(LETTERS)]
        listed = mailing.folder / "list.csv"
        head, *lines = listed.read_text("cp1252").splitlines()
        wide = [f"{head};Notat", *(f"{a};{b}" for a, b in zip(lines, texts, strict=True))]
        listed.write_text("\r\n".join(wide), encoding="cp1252")
        result = mailing.run(
            "send",
            *("--base-url", api.base_url, "--yes"),
            *("--ledger", str(small_disk / "ledger.sqlite")),
        )
        assert result.exit_code == 2, result.output
        assert "fault in batchsend" not in result.output, result.exception
        assert "The check cannot be written" in result.output
        assert "as much room" in result.output
        assert not api.taken()
        left = [path.name for path in (small_disk / "ledger.snapshots").iterdir()]
        assert left == ["runs.txt"], "no half of it is left"

    def test_there_is_no_room_for_the_report(
        self, mailing: MailingFolder, api: Api, small_disk: Path
    ) -> None:
        report = small_disk / "report.csv"
        (small_disk / "ballast").write_bytes(b"x" * (1024 * 1024 - 4096))
        result = mailing.run("send", "--base-url", api.base_url, "--yes", "--report", str(report))
        assert "disk is full" in result.output
        assert result.exit_code == 1, "every letter was accepted, but that is nowhere to be read"
        assert "To write the report elsewhere:\n  batchsend report" in result.output
        assert Counter(api.taken().values()) == {1: LETTERS}
        assert not [path for path in small_disk.iterdir() if path.name != "ballast"]
        assert mailing.run("report").exit_code == 0
        assert set(mailing.statuses().values()) == {"accepted"}


@pytest.mark.parametrize("what", ["ledger", "report"])
def test_a_disk_that_was_made_read_only_is_found_out_before_sending(
    mailing: MailingFolder, api: Api, small_disk: Path, what: str
) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    there = (f"--{what}", str(small_disk / what))
    result = mailing.run("send", "--base-url", api.base_url, "--yes", *there)
    assert result.exit_code == 2, result.output
    assert what in result.output
    assert "read-only" in result.output
    assert not api.taken()


class TestReadOnly:
    @pytest.fixture
    def read_only(self, mailing: MailingFolder) -> Iterator[Path]:
        with taking_nothing(mailing.folder):
            yield mailing.folder

    def test_a_folder_that_takes_nothing_is_found_out_before_sending(
        self, mailing: MailingFolder, api: Api, read_only: Path
    ) -> None:
        result = mailing.run("send", "--base-url", api.base_url, "--yes")
        assert result.exit_code == 2
        assert "may not be written" in result.output
        assert not api.taken()

    def test_so_is_one_that_takes_no_ledger(
        self,
        mailing: MailingFolder,
        api: Api,
        read_only: Path,
        tmp_path_factory: pytest.TempPathFactory,
    ) -> None:
        elsewhere = tmp_path_factory.mktemp("elsewhere") / "report.csv"
        result = mailing.run(
            "send", "--base-url", api.base_url, "--yes", "--report", str(elsewhere)
        )
        assert result.exit_code == 2
        assert "ledger" in result.output
        assert "read-only" in result.output
        assert not api.taken()


def _goes_on(mailing: MailingFolder, api: Api) -> None:
    """With room again, the same command sends the rest."""
    result = mailing.run("send", "--base-url", api.base_url, "--yes")
    assert result.exit_code in {0, 1}, result.output
    status = witnesses_agree(mailing, api.base_url, api.taken(), ROWS)
    assert set(status.values()) <= {"accepted", "unknown"}
    assert list(status.values()).count("unknown") <= 8

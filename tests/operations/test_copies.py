"""Copies of what was sent: kept as long as the mailing says, and found again."""

from __future__ import annotations

import stat
import zipfile
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pikepdf
import pytest
from click.testing import CliRunner, Result
from mailings import Api, MailingFolder, row
from pydantic import SecretStr

from batchsend.commands import main
from batchsend.copies import About, Copies, Keeper, Seal
from batchsend.copies.archive import Archive, copies_in, opened
from batchsend.errors import ReportError
from batchsend.mailing import Mailing
from batchsend.operations.sent_letter import sent_letter
from batchsend.sandbox import Fault

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def about(number: int, *, run: int = 1, answered: datetime = NOW) -> About:
    return About(
        "https://api.example.com", f"id-{number}", run, "ledger", number, "PRINT", answered
    )


def body(content: bytes) -> bytes:
    return orjson.dumps({"Letter": {"FreeText": b64encode(content).decode()}})


@pytest.fixture
def kept(mailing: MailingFolder) -> MailingFolder:
    mailing.edit("[send]", "[copies]\ndays = 365\n[send]")
    return mailing


def archives(mailing: MailingFolder) -> list[Path]:
    return Copies(mailing.folder / "copies").archives()


def letter(mailing: MailingFolder, *options: str) -> Result:
    return CliRunner().invoke(main, ["letter", str(mailing.path), *options])


def test_each_accepted_letter_is_found_by_identifier_and_by_row(
    kept: MailingFolder, api: Api, tmp_path: Path
) -> None:
    kept.write(row(1), row(2, postnr="x"), row(3))
    assert kept.run("send", "--base-url", api.base_url, "--yes").exit_code == 1
    out, again = tmp_path / "out.pdf", tmp_path / "again.pdf"
    result = letter(kept, "test-1003", "--to", str(out))
    assert result.exit_code == 0, result.output
    assert "As sent to" in result.output
    assert letter(kept, "--row", "4", "--to", str(again)).exit_code == 0
    assert out.read_bytes() == again.read_bytes()
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    with pikepdf.open(out) as pdf:
        assert len(pdf.pages) == 1
    assert [copy.about.identifier for copy in Copies(kept.folder / "copies").all()] == [
        "test-1001", "test-1003",
    ]  # fmt: skip
    assert stat.S_IMODE((kept.folder / "copies").stat().st_mode) == 0o700
    assert [stat.S_IMODE(path.stat().st_mode) for path in archives(kept)] == [0o600]


def test_no_file_is_written_over(kept: MailingFolder, api: Api, tmp_path: Path) -> None:
    kept.run("send", "--base-url", api.base_url, "--yes")
    mine = tmp_path / "mine.pdf"
    mine.write_text("precious")
    result = letter(kept, "test-1001", "--to", str(mine))
    assert result.exit_code == 2
    assert "is there already" in result.output
    assert mine.read_text() == "precious"


def test_nothing_is_kept_unless_it_is_set(mailing: MailingFolder, api: Api) -> None:
    mailing.run("send", "--base-url", api.base_url, "--yes")
    assert not (mailing.folder / "copies").exists()
    result = letter(mailing, "test-1001")
    assert result.exit_code == 2
    assert "[copies]" in result.output


def test_a_rehearsal_is_not_kept(kept: MailingFolder) -> None:
    kept.run("send", "--sandbox")
    assert not (kept.folder / "copies").exists()


def test_a_refused_letter_has_no_copy(kept: MailingFolder, api: Api) -> None:
    api.misbehave(rates={Fault.ESCAPES: 1})
    kept.run("send", "--base-url", api.base_url, "--yes")
    assert list(Copies(kept.folder / "copies").all()) == []
    assert "was not accepted" in letter(kept, "test-1001").output


def test_a_letter_that_was_never_sent_is_not_there(kept: MailingFolder, api: Api) -> None:
    kept.run("send", "--base-url", api.base_url, "--yes")
    assert "has sent no letter nobody" in letter(kept, "nobody").output
    assert "No letter of row 99" in letter(kept, "--row", "99").output
    assert letter(kept).exit_code == 2


def test_a_letter_in_doubt_is_never_said_to_be_as_sent(kept: MailingFolder, api: Api) -> None:
    kept.write(row(1))
    api.misbehave(rates={Fault.DROP_AFTER: 1})
    kept.run("send", "--base-url", api.base_url, "--yes")
    found = sent_letter(Mailing.load(kept.path), "test-1001")
    assert not found.accepted
    assert kept.run("settle", "--accepted", "test-1001").exit_code == 0
    assert sent_letter(Mailing.load(kept.path), "test-1001").accepted


def test_with_a_key_they_are_encrypted_and_read_with_that_key_only(
    kept: MailingFolder, api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BATCHSEND_COPIES_KEY", "what nobody guesses")
    kept.run("send", "--base-url", api.base_url, "--yes")
    [path] = archives(kept)
    assert b"%PDF" not in path.read_bytes()
    assert letter(kept, "test-1001", "--to", str(tmp_path / "a.pdf")).exit_code == 0
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")

    monkeypatch.setenv("BATCHSEND_COPIES_KEY", "another")
    wrong = letter(kept, "test-1001", "--to", str(tmp_path / "b.pdf"))
    assert (wrong.exit_code, "not the one" in wrong.output) == (2, True)
    monkeypatch.delenv("BATCHSEND_COPIES_KEY")
    without = letter(kept, "test-1001", "--to", str(tmp_path / "b.pdf"))
    assert (without.exit_code, "is not set" in without.output) == (2, True)
    assert not (tmp_path / "b.pdf").exists()


def test_a_copy_cannot_be_passed_off_as_another_s(tmp_path: Path) -> None:
    seal = Seal(SecretStr("key"))
    salt = bytes(16)
    sealed = seal.closed(b"%PDF of one", salt, b"one")
    assert seal.opened(sealed, salt, b"one") == b"%PDF of one"
    with pytest.raises(ReportError):
        seal.opened(sealed, salt, b"another")


def test_a_folder_that_cannot_be_written_is_told_and_stops_nothing(
    kept: MailingFolder, api: Api
) -> None:
    (kept.folder / "copies").write_text("in the way")
    result = kept.run("send", "--base-url", api.base_url, "--yes")
    assert result.exit_code == 0, result.output
    assert "Copies of letters can no longer be kept" in result.output
    assert sorted(api.identifiers()) == [f"test-{1000 + number}" for number in range(1, 7)]


class TestArchives:
    @pytest.mark.slow
    def test_what_was_flushed_outlives_a_killed_process(self, tmp_path: Path) -> None:
        path = tmp_path / "a.zip"
        archive = Archive(path, None, 5)
        for number in range(1, 4):
            archive.add(about(number), b"%PDF" + bytes([number]) * 200_000)
            archive.flush()
        whole = path.read_bytes()
        archive.add(about(4), b"PK\x05\x06" * 60_000)
        lost = path.read_bytes()
        archive.abandon()
        assert len(lost) > len(whole)
        for torn in (lost, lost[: len(whole) + 100_001], whole + b"PK\x05\x06", whole):
            path.write_bytes(torn)
            assert [copy.about.identifier for copy in copies_in(path)] == ["id-1", "id-2", "id-3"]
            assert [copy.read(None)[-1] for copy in copies_in(path)] == [1, 2, 3]

    def test_nothing_flushed_is_nothing(self, tmp_path: Path) -> None:
        (tmp_path / "a.zip").write_bytes(b"PK\x03\x04" + bytes(50))
        assert list(copies_in(tmp_path / "a.zip")) == []

    def test_other_programs_open_it(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path / "a.zip", None, 5)
        archive.add(about(1), b"one")
        archive.flush()
        archive.add(about(2), b"two")
        archive.close()
        with zipfile.ZipFile(tmp_path / "a.zip") as found:
            assert found.testzip() is None
            assert found.namelist() == ["0001-id-1.pdf", "0002-id-2.pdf"]

    def test_they_go_when_their_days_are_over(self, tmp_path: Path) -> None:
        copies = Copies(tmp_path / "copies")
        for age in (10, 3):
            archive = copies.begin(None, 5)
            archive.add(about(age, answered=NOW - timedelta(days=age)), b"x")
            archive.close()
        old, young = copies.archives()
        assert copies.run_out(None, NOW) == [old]
        assert copies.run_out(2, NOW) == [old, young]
        assert copies.run_out(20, NOW) == []
        assert copies.older_than(NOW - timedelta(days=4)) == [old]

    @pytest.mark.parametrize("secret", [None, "key"])
    def test_one_person_s_can_be_taken_out(self, tmp_path: Path, secret: str | None) -> None:
        seal = Seal(SecretStr(secret)) if secret else None
        copies = Copies(tmp_path / "copies")
        with Keeper(copies, seal, 5) as keeper:
            for number in (1, 2, 3):
                keeper.keep(about(number), body(b"letter %d" % number))
        [path] = copies.archives()
        copies.forget(copies.of(lambda copy: copy.about.identifier == "id-2"))
        assert [copy.read(seal) for copy in copies.all()] == [b"letter 1", b"letter 3"]
        assert b"letter 2" not in path.read_bytes()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        copies.forget(list(copies.all()))
        assert not path.exists()

    def test_a_thousand_make_an_archive(self, tmp_path: Path) -> None:
        copies = Copies(tmp_path / "copies")
        with Keeper(copies, None, 5) as keeper:
            for number in range(1_001):
                keeper.keep(about(number), body(b"x"))
        assert [len(opened(path).namelist()) for path in copies.archives()] == [1_000, 1]


def test_a_run_removes_what_is_past_its_days(kept: MailingFolder, api: Api) -> None:
    copies = Copies(kept.folder / "copies")
    archive = copies.begin(None, 365)
    archive.add(about(1, answered=datetime.now(UTC) - timedelta(days=400)), b"x")
    archive.close()
    kept.run("send", "--base-url", api.base_url, "--yes")
    assert "id-1" not in [copy.about.identifier for copy in copies.all()]

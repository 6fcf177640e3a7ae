"""`batchsend report`: a period or one run, as files, a table or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from mailings import Api, MailingFolder, row


@pytest.fixture(scope="module")
def twice(
    tmp_path_factory: pytest.TempPathFactory, sandbox_address: str, places: Iterator[Path]
) -> MailingFolder:
    """Rehearsed with one row that is wrong, then sent with the row corrected; only to be read."""
    mailing = MailingFolder(tmp_path_factory.mktemp("twice"))
    Api(sandbox_address).misbehave()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("BATCHSEND_DATA", str(next(places)))
        environment.setenv("BATCHSEND_SUBSCRIPTION_ID", "subscription-secret-1")
        environment.setenv("BATCHSEND_STORAGE_ID", "storage-secret-1")
        mailing.write(row(1), row(2, postnr=""), row(3))
        mailing.run("send", "--sandbox")
        mailing.write(row(1), row(2), row(3, adresse=""))
        mailing.run("send", "--base-url", sandbox_address, "--yes")
    return mailing


def as_json(mailing: MailingFolder, *options: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(mailing.run("report", "--json", *options).stdout)
    return found


def told(report: dict[str, Any]) -> list[tuple[int, int, str]]:
    return [(line["run"], line["row"], line["status"]) for line in report["rows"]]


class TestWhichRuns:
    def test_the_last_unless_told_otherwise(self, twice: MailingFolder) -> None:
        assert told(as_json(twice)) == [(2, 2, "accepted"), (2, 3, "accepted"), (2, 4, "invalid")]

    def test_one_by_its_number(self, twice: MailingFolder) -> None:
        found = as_json(twice, "--run", "1")
        assert told(found) == [(1, 2, "accepted"), (1, 3, "invalid"), (1, 4, "accepted")]
        assert found["rehearsal"] is True

    def test_a_rehearsal_is_in_no_receipt(self, twice: MailingFolder) -> None:
        found = as_json(twice)
        assert [run["run"] for run in found["runs"]] == [2]
        assert found["letters_by_status"] == {"accepted": 2, "invalid": 1}
        assert found["rehearsal"] is False

    def test_one_that_there_is_not(self, twice: MailingFolder) -> None:
        result = twice.run("report", "--run", "9")
        assert result.exit_code == 2
        assert "has no run 9" in result.output
        assert "Its runs are 1, begun" in result.output

    def test_one_whose_list_is_gone(self, twice: MailingFolder) -> None:
        kept = (twice.folder / "ledger.snapshots").rename(twice.folder / "purged")
        try:
            alone, found = twice.run("report", "--run", "1"), as_json(twice)
        finally:
            kept.rename(twice.folder / "ledger.snapshots")
        assert alone.exit_code == 2
        assert "The checked list of run 1 is gone" in alone.output
        assert len(found["notes"]) == 1
        assert told(found) == [(2, 2, "accepted"), (2, 3, "accepted")]


class TestWhatIsShown:
    def test_a_table_with_what_needs_attention_only(self, twice: MailingFolder) -> None:
        result = twice.run("report", "--attention")
        assert result.exit_code == 1
        lines = result.stdout.splitlines()
        assert lines[0].startswith("Run 2, ")
        assert lines[1].split()[:3] == ["Row", "Status", "Identifier"]
        assert lines[2].split()[:3] == ["4", "invalid", "test-1003"]
        assert "Adresse" in lines[2]
        assert [line.split() for line in lines[3:]] == [
            ["Letters", "3"], ["accepted", "2"], ["invalid", "1"]
        ]  # fmt: skip

    def test_nothing_needs_attention(self, mailing: MailingFolder) -> None:
        mailing.run("send", "--sandbox")
        result = mailing.run("report", "--attention")
        assert result.exit_code == 0
        assert "accepted  6" in result.stdout

    def test_showing_writes_no_file(self, twice: MailingFolder) -> None:
        before = (twice.folder / "report.csv").stat().st_mtime_ns
        for option in ("--table", "--json", "--attention"):
            twice.run("report", option)
        assert (twice.folder / "report.csv").stat().st_mtime_ns == before

    @pytest.mark.parametrize("options", [("--run", "1", "--period", "x"), ("--table", "--json")])
    def test_what_contradicts_itself_is_refused(
        self, mailing: MailingFolder, options: tuple[str, ...]
    ) -> None:
        result = mailing.run("report", *options)
        assert result.exit_code == 2
        assert "Usage:" in result.output


class TestFiles:
    def test_as_many_as_are_named_of_whatever_kind(
        self, twice: MailingFolder, tmp_path: Path
    ) -> None:
        files = [tmp_path / f"open.{kind}" for kind in ("csv", "xlsx", "html", "json")]
        options = [option for file in files for option in ("--report", str(file))]
        result = twice.run("report", "--attention", *options)
        assert result.stdout == ""
        assert len(files[0].read_text(encoding="utf-8-sig").splitlines()) == 2
        assert openpyxl.load_workbook(files[1])["Rows"].max_row == 2
        assert "2 of 3 letters were accepted" in files[2].read_text(encoding="utf-8")
        assert len(json.loads(files[3].read_bytes())["rows"]) == 1

    def test_the_usual_ones_are_those_that_the_mailing_wants(self, mailing: MailingFolder) -> None:
        mailing.edit('files = ["csv"]', "")
        mailing.run("send", "--sandbox")
        files = [mailing.folder / f"report.{kind}" for kind in ("csv", "xlsx", "html")]
        first = [file.read_bytes()[:40] for file in files]
        for file in files:
            file.unlink()
        result = mailing.run("report")
        assert result.exit_code == 0
        assert [file.read_bytes()[:40] for file in files] == first

    def test_a_file_that_is_no_report_is_left_as_it_is(
        self, twice: MailingFolder, tmp_path: Path
    ) -> None:
        for name in ("mine.html", "mine.csv", "mine.xlsx", "mine.json"):
            mine = tmp_path / name
            mine.write_text("mine")
            result = twice.run("report", "--report", str(mine))
            assert result.exit_code == 2
            assert "is not a report" in result.output
            assert mine.read_text() == "mine"

    def test_another_kind_of_file_is_refused(self, twice: MailingFolder, tmp_path: Path) -> None:
        result = twice.run("report", "--report", str(tmp_path / "report.pdf"))
        assert result.exit_code == 2
        assert "ends in .csv, .xlsx, .html or .json" in result.output

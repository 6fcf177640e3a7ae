"""One person's data: put out, and forgotten."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from mailings import Api, MailingFolder, row

from batchsend.commands import main
from batchsend.copies import Copies
from batchsend.letters import Snapshot
from batchsend.mailing import Mailing
from batchsend.operations.person import kept_of
from batchsend.sandbox import Fault
from batchsend.system_user import system_user


def person(mailing: MailingFolder, identifier: str, *options: str) -> Result:
    return CliRunner().invoke(main, ["person", str(mailing.path), identifier, *options])


def everything(mailing: MailingFolder, *but: str) -> bytes:
    return b"".join(
        path.read_bytes()
        for path in mailing.folder.rglob("*")
        if path.is_file() and path.name not in but
    )


@pytest.fixture
def sent(mailing: MailingFolder, api: Api) -> MailingFolder:
    mailing.edit("[send]", "[copies]\ndays = 365\n[send]")
    mailing.write(row(1), row(2, fornavn="Ludmilla", adresse="Hemmelig gate 5"), row(3))
    (mailing.folder / "corrections.jsonl").write_text(
        json.dumps({"taking": 1, "key": [["Kundenr.", "1002"]], "column": "Adresse",
                    "was": "Feil gate", "now": "Hemmelig gate 5", "at": "2026-11-01T10:00:00Z",
                    "by": "kari"}) + "\n"
    )  # fmt: skip
    mailing.run("send", "--sandbox")
    assert mailing.run("send", "--base-url", api.base_url, "--yes").exit_code == 0
    return mailing


def test_all_that_is_kept_of_one_is_put_out(sent: MailingFolder) -> None:
    result = person(sent, "test-1002")
    assert result.exit_code == 0, result.output
    for text in ("Ludmilla", "Hemmelig gate 5", "accepted", "Feil gate", "copies", "report.csv"):
        assert text.lower() in result.output.lower()
    assert "kunde1@example.com" not in result.output
    assert f"batchsend letter {sent.path} test-1002" in result.output.replace("\n", "")
    moments = re.findall(r"(?:submitted_at|answered|started): (.*)", result.output)
    zone = datetime.now().astimezone().tzname()
    assert moments
    assert all(re.fullmatch(rf"\d{{4}}-\d\d-\d\d [\d:]{{8}} {zone}", each) for each in moments)
    facts = json.loads(person(sent, "test-1002", "--json").stdout)
    assert facts["identifier"] == "test-1002"
    assert {each["destination"] for each in facts["letters"]} > {"sandbox"}
    assert len(facts["copies"]) == 1
    assert facts["rows"][0]["cells"]["Fornavn"] == "Ludmilla"
    assert len(facts["corrections"]) == 1
    assert facts["registered"][0]["recipient_hash"] is True


@pytest.mark.slow
def test_of_nobody_nothing_is_kept(sent: MailingFolder) -> None:
    assert person(sent, "nobody").exit_code == 1
    assert sent.run("purge", "--identifier", "nobody").exit_code == 2


def test_a_forgotten_person_is_gone_and_gets_no_second_letter(
    sent: MailingFolder, api: Api
) -> None:
    result = sent.run("purge", "--identifier", "test-1002")
    assert result.exit_code == 0, result.output
    assert "you have to change yourself" in result.output
    assert str(sent.folder / "list.csv") in result.output.replace("\n", "")
    left = everything(sent, "list.csv")
    for text in ("Ludmilla", "Hemmelig", "Feil gate", "kunde2@"):
        assert text.encode() not in left
    assert b"kunde1@example.com" in left
    kept = kept_of(Mailing.load(sent.path), "test-1002")
    assert [each["state"] for each in kept.letters if each["destination"] != "sandbox"] == [
        "accepted"
    ]
    assert all(not any(each.cells.values()) for each in kept.rows)
    assert kept.registered[0]["recipient_hash"] is False
    assert [copy.about.identifier for copy in Copies(sent.folder / "copies").all()] == [
        "test-1001", "test-1003",
    ]  # fmt: skip

    sent.run("send", "--base-url", api.base_url, "--yes")
    assert sorted(api.identifiers()) == ["test-1001", "test-1002", "test-1003"]


@pytest.mark.slow
def test_the_plan_does_not_say_that_a_forgotten_letter_said_something_else(
    sent: MailingFolder, api: Api
) -> None:
    sent.run("purge", "--identifier", "test-1002")
    result = sent.run("send", "--base-url", api.base_url, "--yes")
    told = " ".join(result.output.split())
    assert "Row 3: test-1002 went on" in told
    assert "What that letter said is forgotten" in told
    assert "with other content" not in told
    assert "Ludmilla" not in told


@pytest.mark.slow
def test_the_report_still_adds_up(sent: MailingFolder) -> None:
    sent.run("purge", "--identifier", "test-1002")
    assert sent.statuses() == {2: "accepted", 3: "accepted", 4: "accepted"}


@pytest.mark.slow
def test_a_letter_not_yet_sent_is_not_sent_empty(sent: MailingFolder, api: Api) -> None:
    sent.write(row(1), row(2), row(3), row(4, fornavn="Neste"))
    sent.run("send", "--base-url", api.base_url, "--yes", "--rows", "2")
    book = sent.folder / "ledger.snapshots"
    newest = Snapshot.open(max(path for path in book.iterdir() if path.is_dir()))
    assert "test-1004" in [letter.identifier for letter in newest.letters()]
    sent.run("purge", "--identifier", "test-1004")
    emptied = Snapshot.open(newest.path)
    emptied.must_be_whole()
    assert "test-1004" not in [letter.identifier for letter in emptied.letters()]
    told = sent.run("report")
    assert sent.statuses()[5] == "left out", told.output
    assert not (sent.folder / "needs-attention.xlsx").exists(), "nothing is to be corrected"
    # The list still has them, and is checked again.
    sent.run("send", "--base-url", api.base_url, "--yes")
    assert sent.statuses()[5] == "accepted"
    assert sent.report()[3]["Fornavn"] == "Neste"


@pytest.mark.slow
def test_a_forgotten_row_that_is_still_in_the_list_is_not_to_be_corrected(
    mailing: MailingFolder, api: Api
) -> None:
    """Its correction is gone, so the list says again what was wrong; but its letter went."""
    mailing.edit('Identifier = "test-', 'Identifier = "{{ period }}-')
    mailing.write(row(1), row(2, postnr="15"), row(3))
    send = ("send", "--base-url", api.base_url, "--yes", "--period")
    jan = mailing.folder / "jan.csv"
    (mailing.folder / "list.csv").rename(jan)
    january = ("--period", "jan", "--list", str(jan))
    assert mailing.run("correct", "--row", "3", "Postnr=0150", *january).exit_code == 0
    assert mailing.run(*send[:-1], *january).exit_code == 0
    mailing.write(row(1), row(3), row(4, postnr="16"))
    assert mailing.run(*send, "feb").exit_code == 1
    workbook = mailing.folder / "needs-attention.xlsx"
    february = _listed(workbook)
    assert [line[2] for line in february] == ["1004"]

    mailing.run("purge", "--identifier", "jan-1002")
    assert _listed(workbook) == february, "it is of the newest period still"
    report = mailing.folder / "reports" / "jan" / "report.csv"
    assert mailing.run("report", "--period", "jan").exit_code == 0
    assert ";jan-1002;accepted;" in report.read_text("utf-8-sig")
    assert not workbook.exists(), "in January nothing is to be corrected"
    # Checked once more, the row is wrong again; whether it is that letter nobody can tell.
    mailing.run(*send, "jan")
    assert not workbook.exists()
    told = report.read_text("utf-8-sig")
    assert ";jan-1002;conflict;A letter with this identifier was accepted" in told
    assert "is forgotten, by batchsend purge --identifier" in told
    assert sorted(api.identifiers()) == ["feb-1001", "feb-1003", "jan-1001", "jan-1002", "jan-1003"]


def _listed(workbook: Path) -> list[list[str]]:
    lines = openpyxl.load_workbook(workbook).worksheets[0].iter_rows(min_row=2, values_only=True)
    return [[str(cell) for cell in line] for line in lines]


class TestPurge:
    @pytest.mark.slow
    def test_what_goes_and_what_stays_is_listed_and_nothing_done(self, sent: MailingFolder) -> None:
        before = everything(sent)
        result = sent.run("purge", "--older-than", "0", "--dry-run", "--json")
        facts = json.loads(result.stdout)
        goes = " ".join(facts["goes"])
        for part in ("ledger.snapshots", "sandbox-letters", "copies"):
            assert part in goes
        stays = {each["path"].rpartition("/")[2] for each in facts["stays"]}
        assert stays == {
            "list.csv", "ledger.sqlite", "report.csv", "corrections.jsonl", "register.sqlite",
        }  # fmt: skip
        assert everything(sent) == before

    @pytest.mark.slow
    def test_all_paths_are_whole_and_straight(
        self, sent: MailingFolder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (sent.folder / "list.csv").rename(sent.folder.parent / f"{sent.folder.name}.csv")
        sent.edit('path = "list.csv"', f'path = "../{sent.folder.name}.csv"')
        monkeypatch.chdir(sent.folder.parent)
        there = str(sent.path.relative_to(sent.folder.parent))
        told = ("purge", there, "--older-than", "0", "--dry-run", "--json")
        facts = json.loads(CliRunner().invoke(main, told).stdout)
        paths = [*facts["goes"], *(each["path"] for each in facts["stays"])]
        assert all(Path(path).is_absolute() and ".." not in path for path in paths), paths
        forgotten = CliRunner().invoke(main, ["purge", there, "--identifier", "test-1001"])
        assert "/../" not in forgotten.output

    @pytest.mark.slow
    def test_reports_go_when_asked(self, sent: MailingFolder) -> None:
        theirs = sent.folder / "my-report.csv"
        theirs.write_text("name\nKari\n")
        (sent.folder / "other.toml").write_text("")
        others = sent.folder / "other.report.csv"
        others.write_bytes((sent.folder / "report.csv").read_bytes())
        report = (sent.folder / "report.csv").read_bytes()
        older = sent.folder / "reports" / "2027-01"
        older.mkdir(parents=True)
        ours = [
            sent.folder / "report.csv",
            sent.folder / "report-new.csv",
            sent.folder / "rehearsal-report.csv",
            older / "report.csv",
        ]
        for path in (*ours, older / "other.report.csv"):
            path.write_bytes(report)
        workbooks = [sent.folder / f"needs-attention{end}.xlsx" for end in ("", "-new", "-2")]
        for path in workbooks:
            path.write_bytes(b"saved by somebody")
        result = sent.run("purge", "--older-than", "0", "--reports")
        assert result.exit_code == 0, result.output
        assert [path for path in (*ours, *workbooks) if path.exists()] == []
        assert theirs.exists()
        assert others.exists()
        assert (older / "other.report.csv").exists()
        assert not Copies(sent.folder / "copies").archives()

    @pytest.mark.slow
    def test_young_copies_stay(self, sent: MailingFolder) -> None:
        sent.run("purge", "--older-than", "1", "--reports")
        assert len(Copies(sent.folder / "copies").archives()) == 1
        assert (sent.folder / "report.csv").exists()

    @pytest.mark.slow
    def test_it_must_say_what_is_to_go(self, sent: MailingFolder) -> None:
        assert sent.run("purge").exit_code == 2


def test_who_decided_outlives_a_purge(mailing: MailingFolder, api: Api) -> None:
    mailing.write(row(1))
    api.misbehave(rates={Fault.DROP_AFTER: 1})
    mailing.run("send", "--base-url", api.base_url, "--yes")
    assert mailing.run("settle", "test-1001", "--accepted").exit_code == 0
    mailing.run("purge", "--older-than", "0")
    [decision] = kept_of(Mailing.load(mailing.path), "test-1001").decisions
    assert decision["reason"] == f"Settled by {system_user()}."

"""Receipts: one for each period, always whole, and no rehearsal in its place."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest
from mailings import HEADINGS, Api, MailingFolder, row

from batchsend.corrections import REASONS
from batchsend.system_user import system_user


def reports(folder: Path) -> list[str]:
    """The report files under a folder."""
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*report.*")
        if path.suffix in {".csv", ".html", ".xlsx"}
    )


def lines(path: Path) -> list[tuple[str, str]]:
    """Identifier and status of each line of a report."""
    text = path.read_text(encoding="utf-8-sig").splitlines()
    return [(line["identifier"], line["status"]) for line in csv.DictReader(text, delimiter=";")]


@pytest.mark.slow
def test_the_files_are_those_of_the_periods_and_add_up(mailing: MailingFolder, api: Api) -> None:
    mailing.edit('Identifier = "test-', 'Identifier = "{{ period }}-')
    mailing.edit('files = ["csv"]', 'files = ["csv", "html", "xlsx"]')
    folder, real = mailing.folder, ("--base-url", api.base_url, "--yes", "--period")
    mailing.write(row(1), row(2, postnr="15"), row(3))
    mailing.run("send", "--sandbox", "--period", "jan")
    assert reports(folder) == [f"report.{kind}" for kind in ("csv", "html", "xlsx")]

    mailing.run("send", *real, "jan", "--rows", "2")
    assert lines(folder / "report.csv") == [
        ("jan-1001", "accepted"), ("jan-1002", "invalid"), ("jan-1003", "skipped"),
    ]  # fmt: skip
    mailing.run("send", "--sandbox", "--period", "jan")
    # One is gone from the list, one is corrected, one is new: all are in the receipt.
    mailing.write(row(2), row(3), row(4))
    assert mailing.run("send", *real, "jan").exit_code == 0
    whole = [
        ("jan-1002", "accepted"), ("jan-1003", "accepted"), ("jan-1004", "accepted"),
        ("jan-1001", "accepted"),
    ]  # fmt: skip
    assert lines(folder / "report.csv") == whole
    assert sorted(api.identifiers()) == sorted(identifier for identifier, _ in whole)

    told = mailing.run("send", *real, "feb", "--list", str(mailing.folder / "list.csv"))
    assert "The report of the period before is now" in told.output
    assert reports(folder) == [
        *(f"rehearsal-report.{kind}" for kind in ("csv", "html", "xlsx")),
        *(f"report.{kind}" for kind in ("csv", "html", "xlsx")),
        *(f"reports/jan/report.{kind}" for kind in ("csv", "html", "xlsx")),
    ]
    assert lines(folder / "reports" / "jan" / "report.csv") == whole
    assert lines(folder / "report.csv") == [(f"feb-100{at}", "accepted") for at in (2, 3, 4)]

    # What is done for an older period stays in its folder.
    (folder / "reports" / "jan" / "report.csv").unlink()
    newest = (folder / "report.csv").read_bytes()
    mailing.run("send", *real, "jan")
    assert lines(folder / "reports" / "jan" / "report.csv") == whole
    assert mailing.run("report", "--period", "jan").exit_code == 0
    assert (folder / "report.csv").read_bytes() == newest
    assert (folder / "reports" / "jan").stat().st_mode & 0o077 == 0


def test_a_report_that_was_not_written_in_time_makes_room_all_the_same(
    mailing: MailingFolder, api: Api
) -> None:
    """A crash between the first run of a period and its report."""
    mailing.edit('Identifier = "test-', 'Identifier = "{{ period }}-')
    real = ("--base-url", api.base_url, "--yes", "--period")
    mailing.run("send", *real, "jan")
    old = (mailing.folder / "report.csv").rename(mailing.folder / "kept.csv")
    mailing.run("send", *real, "feb", "--list", str(mailing.folder / "list.csv"))
    (mailing.folder / "report.csv").unlink()
    old.rename(mailing.folder / "report.csv")
    assert mailing.run("report").exit_code == 0
    assert lines(mailing.folder / "report.csv")[0] == ("feb-1001", "accepted")
    assert lines(mailing.folder / "reports" / "jan" / "report.csv")[0] == ("jan-1001", "accepted")


def test_of_lists_that_are_gone_the_ledger_tells(mailing: MailingFolder, api: Api) -> None:
    for lists in ((row(1), row(2)), (row(2), row(3))):
        mailing.write(*lists)
        mailing.run("send", "--base-url", api.base_url, "--yes")
    assert mailing.run("purge", "--older-than", "0").exit_code == 0
    whole = (mailing.folder / "report.csv").read_bytes()
    refused = mailing.run("report")
    assert refused.exit_code == 2
    assert "The checked list of run 2 is gone" in refused.output
    table = f"batchsend report {mailing.path} --table"
    assert table in refused.output.replace("\n", ""), "a command that can be pasted"
    assert (mailing.folder / "report.csv").read_bytes() == whole
    shown = mailing.run("report", "--table")
    assert shown.exit_code == 0
    for identifier in ("test-1001", "test-1002", "test-1003"):
        assert identifier in shown.output


def test_an_older_report_that_is_open_is_copied_and_the_new_one_written_beside_it(
    mailing: MailingFolder, api: Api
) -> None:
    mailing.edit('Identifier = "test-', 'Identifier = "{{ period }}-')
    folder, real = mailing.folder, ("--base-url", api.base_url, "--yes", "--period")
    mailing.run("send", *real, "jan")
    january = (folder / "report.csv").read_bytes()
    opened = folder / "~$report.csv"
    opened.touch()
    told = mailing.run("send", *real, "feb", "--list", str(mailing.folder / "list.csv"))
    assert told.exit_code == 0, told.output
    assert str(folder / "report-new.csv") in told.output.replace("\n", "")
    assert (folder / "report.csv").read_bytes() == january, "what is open is not touched"
    assert (folder / "reports" / "jan" / "report.csv").read_bytes() == january
    assert lines(folder / "report-new.csv")[0] == ("feb-1001", "accepted")
    opened.unlink()
    assert mailing.run("report").exit_code == 0
    assert lines(folder / "report.csv")[0] == ("feb-1001", "accepted")
    assert (folder / "reports" / "jan" / "report.csv").read_bytes() == january
    assert not (folder / "report-new.csv").exists(), "there is one receipt"


def test_it_says_who_sent_it(mailing: MailingFolder, api: Api) -> None:
    mailing.edit('files = ["csv"]', 'files = ["html", "xlsx"]')
    mailing.run("send", "--base-url", api.base_url, "--yes")
    page = (mailing.folder / "report.html").read_text(encoding="utf-8")
    assert f"<dt>Sent by</dt><dd>{system_user()}</dd>" in page
    book = openpyxl.load_workbook(mailing.folder / "report.xlsx")
    cells = [[cell.value for cell in line] for line in book.worksheets[0].iter_rows(max_col=3)]
    assert ["", "sent by", system_user()] in cells
    assert f"by {system_user()}, to {api.base_url}" in mailing.run("report", "--table").output


def test_the_command_of_a_period_whose_list_is_gone_names_the_period(
    mailing: MailingFolder, api: Api
) -> None:
    mailing.edit('Identifier = "test-', 'Identifier = "{{ period }}-')
    mailing.run("send", "--base-url", api.base_url, "--yes", "--period", "jan")
    assert mailing.run("purge", "--older-than", "0").exit_code == 0
    refused = mailing.run("report", "--period", "jan")
    assert refused.exit_code == 2
    command = f"batchsend report {mailing.path} --period jan --table"
    assert command in refused.output.replace("\n", "")


def test_another_list_of_a_mailing_without_a_period_is_a_whole_one(
    mailing: MailingFolder, api: Api, tmp_path: Path
) -> None:
    """Next month's list under last month's identifiers: nothing is sent, and nothing is fine."""
    real = ("--base-url", api.base_url, "--yes")
    footer = "Totalt;;;;;;;3400,00"
    mailing.write(row(1), row(2), row(3), footer)
    assert mailing.run("send", *real).exit_code == 0
    other = tmp_path / "feb.csv"
    (mailing.folder / "list.csv").rename(tmp_path / "jan.csv")
    mailing.write(row(1, beløp="2,00"), row(2, beløp="3,00"), row(4), footer)
    (mailing.folder / "list.csv").rename(other)
    (tmp_path / "jan.csv").rename(mailing.folder / "list.csv")
    told = mailing.run("send", *real, "--list", str(other))
    assert told.exit_code == 1, told.output
    assert "conflict  2" in told.output
    told_lines = [(int(line["row"]), line["identifier"], line["status"])
                  for line in mailing.report()]  # fmt: skip
    assert told_lines == [
        (2, "test-1001", "conflict"), (3, "test-1002", "conflict"), (4, "test-1004", "accepted"),
        (5, "", "left out"), (4, "test-1003", "accepted"),
    ]  # fmt: skip
    assert sorted(api.identifiers()) == ["test-1001", "test-1002", "test-1003", "test-1004"]


def test_the_corrected_rows_that_0_1_sent_alone_are_a_part_of_the_list(
    mailing: MailingFolder, api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each row stands once in the receipt, those without an identifier among them."""
    real = ("--base-url", api.base_url, "--yes")
    footer = "Totalt;;;;;;;3400,00"
    mailing.write(row(1), row(2, postnr="15"), row(3), footer)
    mailing.run("send", *real)
    workbook = tmp_path / "corrected.csv"
    headings = f"{HEADINGS};{REASONS}"
    lines = (headings, f"{row(2)};Postnr", f"{footer};")
    workbook.write_bytes("\r\n".join(lines).encode("cp1252"))
    # 0.1 sent such a list; this version refuses it.
    refusing = "batchsend.operations.mailing_list.corrected.is_reasons"
    monkeypatch.setattr(refusing, lambda _: False)
    assert mailing.run("send", *real, "--list", str(workbook)).exit_code == 0
    monkeypatch.undo()
    told = [(line["run"], line["row"], line["status"]) for line in mailing.report()]
    assert told == [
        ("1", "2", "accepted"), ("1", "3", "accepted"), ("1", "4", "accepted"),
        ("1", "5", "left out"),
    ]  # fmt: skip

"""Rows that are no recipients, in the reports."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from mailings import MailingFolder, row
from reports.accounts import account
from reports.lists import listed, standing

from batchsend.ledger import REHEARSAL
from batchsend.lists import LEFT_OUT
from batchsend.reports import Account, rows_report, summarise, write_file


def test_they_stand_in_list_order_and_stop_nothing() -> None:
    gone = pl.DataFrame([(1, "hidden", "a"), (3, "a footer", "=b")], orient="row",
                        schema={**LEFT_OUT, "c0": pl.String()})  # fmt: skip
    rows = replace(listed({}, {"row": 4, "letter": 4}), left_out=gone)
    known = standing(letter_2="accepted", letter_3="accepted")
    report = rows_report(rows, known, complete=True, run=1, destination="to")
    frame = report.frame.collect()
    assert frame.select("row", "status").cast(pl.String).rows() == [
        ("1", "left out"), ("2", "accepted"), ("3", "left out"), ("4", "accepted"),
    ]  # fmt: skip
    assert frame["reason"].to_list()[::2] == ["hidden", "a footer"]
    summary = summarise(report)
    assert summary.all_accepted
    assert summary.by_status == {"accepted": 2, "left out": 2}
    assert report.letters.collect().height == 2


@pytest.fixture
def with_left_out() -> Account:
    """Two rows make a letter of their own each, two are left out."""
    gone = pl.DataFrame([(1, "hidden", "a"), (3, "a footer", "=b")], orient="row",
                        schema={**LEFT_OUT, "c0": pl.String()})  # fmt: skip
    rows = replace(listed({}, {"row": 4, "letter": 4}), left_out=gone)
    known = standing(letter_2="accepted", letter_3="accepted")
    return account(rows_report(rows, known, complete=True, run=1, destination="to"))


def test_the_page_says_how_many_and_that_no_rows_share_a_letter(
    with_left_out: Account, tmp_path: Path
) -> None:
    write_file(tmp_path / "report.html", with_left_out)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "2 of 4 rows are left out on purpose and get no letter" in page
    assert "several rows may share one" not in page


def test_the_workbook_has_a_line_for_them_and_adds_up(
    with_left_out: Account, tmp_path: Path
) -> None:
    write_file(tmp_path / "report.xlsx", with_left_out)
    summary = openpyxl.load_workbook(tmp_path / "report.xlsx")["Summary"]
    lines = [line[:3] for line in summary.iter_rows(values_only=True)]
    at = lines.index(("Outcome", "letters", "rows"))
    assert lines[at + 1 : at + 4] == [
        ("accepted", 2, 2), ("left out", 0, 2), ("together", 2, 4),
    ]  # fmt: skip
    assert ("Rows", 4, None) in [(a, b, c or None) for a, b, c in lines]


@pytest.mark.parametrize(
    ("state", "destination", "status"),
    [
        ("unknown", "to", "unknown"),
        ("sending", "to", "unknown"),
        ("accepted", "to", "left out"),
        ("rejected", "to", "left out"),
        ("failed", "to", "left out"),
        ("unknown", REHEARSAL, "left out"),
    ],
)
def test_only_a_real_letter_in_doubt_is_no_row_left_out(
    state: str, destination: str, status: str
) -> None:
    schema = {**LEFT_OUT, "c0": pl.String(), "identifier": pl.String()}
    gone = pl.DataFrame([(3, "By skip.", "a", "letter-x")], orient="row", schema=schema)
    rows = replace(listed({}), left_out=gone)
    known = standing(letter_2="accepted", letter_x={"state": state, "run": 4})
    report = rows_report(rows, known, complete=True, run=5, destination=destination)
    line = report.frame.collect().row(1, named=True)
    assert line["status"] == status
    assert ("run 4" in line["reason"]) == (status == "unknown")
    letters = report.letters.collect()["status"].cast(pl.String).to_list()
    assert letters == ["accepted", *(["unknown"] if status == "unknown" else [])]


def test_a_footer_is_in_the_report_and_the_mailing_is_done(tmp_path: Path) -> None:
    mailing = MailingFolder(tmp_path)
    mailing.write(row(1), row(2), "Totalt;;;;;;;3400,00")
    result = mailing.run("send", "--sandbox")
    assert result.exit_code == 0, result.output
    assert mailing.statuses() == {2: "accepted", 3: "accepted", 4: "left out"}
    assert "footer_rows" in mailing.report()[-1]["reason"]
    assert mailing.report()[-1]["Beløp"] == "3400,00"

"""Rows that are no recipients, in the reports."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
from mailings import MailingFolder, row
from reports.lists import listed, standing

from batchsend.lists import LEFT_OUT
from batchsend.reports import rows_report, summarise


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


def test_a_footer_is_in_the_report_and_the_mailing_is_done(tmp_path: Path) -> None:
    mailing = MailingFolder(tmp_path)
    mailing.write(row(1), row(2), "Totalt;;;;;;;3400,00")
    result = mailing.run("send", "--sandbox")
    assert result.exit_code == 0, result.output
    assert mailing.statuses() == {2: "accepted", 3: "accepted", 4: "left out"}
    assert "footer_rows" in mailing.report()[-1]["reason"]
    assert mailing.report()[-1]["Beløp"] == "3400,00"

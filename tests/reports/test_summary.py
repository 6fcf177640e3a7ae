"""A report in numbers."""

from __future__ import annotations

from reports.lists import listed, standing

from batchsend.reports import Reason, rows_report, summarise


def test_rows_are_counted_by_status_and_by_reason_the_most_frequent_first() -> None:
    bad = {"held": True, "reasons": "No postcode."}
    report = rows_report(
        listed({}, bad, bad, {}, bad, {}),
        standing(
            letter_2="accepted",
            letter_5={"state": "rejected", "reason": "No such street."},
            letter_7={"state": "accepted", "reason": "The provider was asked."},
        ),
        complete=True,
    )
    summary = summarise(report, first_rows=2)
    assert summary.rows == 6
    assert summary.by_status == {"accepted": 2, "rejected": 1, "invalid": 3}
    assert summary.by_reason == (
        Reason("invalid", "No postcode.", 3, (3, 4)),
        Reason("rejected", "No such street.", 1, (5,)),
    )
    assert not summary.all_accepted


def test_all_accepted_means_all_of_them() -> None:
    report = rows_report(listed({}), standing(letter_2="accepted"), complete=True)
    assert summarise(report).all_accepted

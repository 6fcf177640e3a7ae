"""Every row of the list is in the report once, with what became of it."""

from __future__ import annotations

import time
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reports.lists import SENT_AT, listed, standing

from batchsend.ledger import OUTLINE, compare
from batchsend.ledger.states import STATES
from batchsend.letters import RowSet
from batchsend.reports import STATUSES, SYSTEM_COLUMNS, rows_report, summarise

ENTRY = {"reason": "As it was.", "content": "content-1"}


def only_line(rows: dict[str, Any], known: pl.DataFrame, *, complete: bool) -> dict[str, Any]:
    (line,) = rows_report(listed(rows), known, complete=complete).frame.collect().to_dicts()
    return line


@pytest.mark.parametrize(
    ("state", "status", "reason"),
    [
        ("accepted", "accepted", "As it was."),
        ("rejected", "rejected", "As it was."),
        ("failed", "failed", "As it was."),
        ("unknown", "unknown", "As it was."),
        ("invalid", "invalid", "As it was."),
        ("sending", "unknown", "On its way, or its run ended before the answer was noted."),
        ("pending", "pending", ""),
    ],
)
def test_a_letter_has_the_status_the_ledger_gives_it(state: str, status: str, reason: str) -> None:
    line = only_line({}, standing(letter_2={"state": state, **ENTRY}), complete=False)
    assert (line["status"], line["reason"]) == (status, reason)


@pytest.mark.parametrize("held", [False, True])
@pytest.mark.parametrize("state", [None, *STATES])
def test_a_repeat_is_what_the_api_has_not_under_this_identifier(
    state: str | None, held: bool
) -> None:
    known = standing() if state is None else standing(letter_2={"state": state, **ENTRY})
    repeats = pl.DataFrame({"identifier": ["letter-2", "gone"], "why": ["Went.", "Gone."]})
    rows = listed({"held": True, "reasons": "Wrong."} if held else {})
    report = rows_report(rows, known, complete=True, repeats=repeats)
    (line,) = report.frame.collect().to_dicts()
    if held:
        assert line["status"] == "invalid"
    elif state in {"accepted", "sending", "unknown"}:
        assert line["status"] in {"accepted", "unknown"}
    else:
        assert (line["status"], line["reason"]) == ("repeat", "Went.")
        assert line["submitted_at"] is None


TOLD = {
    "to_send": {"pending", "skipped", "failed", "invalid"},
    "accepted": {"accepted"},
    "rejected": {"rejected"},
    "unknown": {"unknown"},
    "under_way": {"unknown"},
    "conflicts": {"conflict"},
}
"""What a report may say of a letter, by the part of the plan that the letter is in."""


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "state": st.sampled_from([None, *STATES]),
                "content": st.sampled_from(["content-1", "content-2"]),
                "held": st.booleans(),
                "run": st.sampled_from([1, 2]),
                "repeat": st.booleans(),
            }
        ),
        max_size=12,
    ),
    st.booleans(),
)
def test_plan_and_report_agree_about_every_letter(
    letters: list[dict[str, Any]], complete: bool
) -> None:
    rows = listed(
        *({"held": letter["held"], "reasons": "Wrong." * letter["held"]} for letter in letters)
    )
    named = [(f"letter-{row}", letter) for row, letter in enumerate(letters, start=2)]
    known = standing(
        **{
            name: {key: letter[key] for key in ("state", "content", "run")}
            for name, letter in named
            if letter["state"]
        }
    )
    found = compare(rows.frame.filter(~pl.col("held")), known.select(OUTLINE.names()), [2])
    parts = {name: part for part in TOLD for name in getattr(found, part)["identifier"].to_list()}
    # As `send` does: only what would go is looked up among what went in another way.
    repeats = [name for name, letter in named if letter["repeat"] and parts.get(name) == "to_send"]
    repeats_frame = pl.DataFrame(
        {"identifier": repeats, "why": ["Went."] * len(repeats)},
        schema={"identifier": pl.String, "why": pl.String},
    )
    report = rows_report(rows, known, complete=complete, repeats=repeats_frame).frame.collect()
    told = dict(report.select("identifier", pl.col("status").cast(pl.String)).iter_rows())
    for name, letter in named:
        if letter["held"]:
            assert (told[name], name in parts) == ("invalid", False)
        elif name in repeats:
            assert told[name] == "repeat"
        else:
            assert told[name] in TOLD[parts[name]], letter


def test_everything_the_ledger_knows_of_a_letter_is_told() -> None:
    known = standing(letter_2={"state": "accepted", "delivery": "printed"})
    assert only_line({"c0": "Kari"}, known, complete=True) == {
        "row": 2,
        "identifier": "letter-2",
        "status": "accepted",
        "reason": "",
        "request_id": "request-1",
        "http_status": 202,
        "attempts": 1,
        "channel": "PRINT",
        "pages": 2,
        "submitted_at": SENT_AT,
        "engine": "plutoprint 0.23.0",
        "delivery": "printed",
        "destination": "",
        "run": None,
        "c0": "Kari",
    }


@pytest.mark.parametrize(("complete", "status"), [(True, "skipped"), (False, "pending")])
def test_what_the_ledger_never_heard_of_was_left_out_or_is_still_to_come(
    complete: bool, status: str
) -> None:
    line = only_line({}, standing(), complete=complete)
    assert (line["status"], line["reason"], line["attempts"]) == (status, "", None)


@pytest.mark.parametrize("content", ["content-1", "as it was before"])
def test_what_somebody_decided_to_send_again_is_still_to_come(content: str) -> None:
    known = standing(letter_2={"state": "pending", "content": content})
    assert only_line({}, known, complete=True)["status"] == "pending"


def test_a_row_that_was_held_back_says_why() -> None:
    line = only_line({"held": True, "reasons": "No postcode."}, standing(), complete=True)
    assert (line["status"], line["reason"]) == ("invalid", "No postcode.")


def test_a_row_without_an_identifier_is_in_the_report() -> None:
    rows = {"identifier": None, "content": None, "held": True, "reasons": "No customer number."}
    line = only_line(rows, standing(letter_2="accepted"), complete=True)
    assert (line["status"], line["identifier"]) == ("invalid", None)


@pytest.mark.parametrize(
    ("state", "said"), [("accepted", "was accepted on"), ("unknown", "may have been taken on")]
)
def test_a_row_held_back_now_whose_letter_went_before_says_both(state: str, said: str) -> None:
    row = {"held": True, "reasons": "No postcode."}
    line = only_line(row, standing(letter_2=state), complete=True)
    assert line["status"] == "invalid"
    assert line["reason"] == f"No postcode. A letter with this identifier {said} 2026-11-03."
    assert line["request_id"] is None


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the clock cannot be set here")
def test_days_are_those_of_the_readers_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Pacific/Pago_Pago")
    time.tzset()
    try:
        known = standing(letter_2={"state": "accepted", "content": "content-0"})
        reason = only_line({}, known, complete=True)["reason"]
    finally:
        monkeypatch.undo()
        time.tzset()
    there = SENT_AT.astimezone(ZoneInfo("Pacific/Pago_Pago"))
    assert f"accepted on {there:%Y-%m-%d}." in reason


class TestARowThatWentInALaterRun:
    ROW: ClassVar[dict[str, Any]] = {"held": True, "reasons": "No postcode."}

    def told(self, *rows: dict[str, Any], run: int, **known: Any) -> list[dict[str, Any]]:
        report = rows_report(listed(*rows), standing(**known), complete=True, run=run, later=[2])
        return report.frame.collect().to_dicts()

    def test_is_accepted_where_it_was_wrong_and_corrected(self) -> None:
        later = {"state": "accepted", "content": "corrected", "run": 2}
        (line,) = self.told(self.ROW, run=1, letter_2=later)
        assert (line["status"], line["request_id"]) == ("accepted", "request-1")
        assert line["reason"] == "Wrong in this list; corrected, its letter went in run 2."

    @pytest.mark.parametrize(
        "known",
        [
            {"state": "accepted", "content": "before it was spoilt", "run": 1},
            {"state": "accepted", "content": "another mailing's", "run": 3},
            {"state": "unknown", "content": "corrected", "run": 2},
            {"state": "rejected", "content": "corrected", "run": 2},
        ],
    )
    def test_is_not_while_that_is_not_certain(self, known: dict[str, Any]) -> None:
        (line,) = self.told(self.ROW, run=1, letter_2=known)
        assert line["status"] == "invalid"

    def test_a_letter_that_was_refused_or_not_reached_and_changed_is_accepted_too(self) -> None:
        later = {"state": "accepted", "content": "changed", "run": 2}
        (line,) = self.told({}, run=1, letter_2=later)
        assert (line["status"], line["request_id"]) == ("accepted", "request-1")
        assert line["reason"] == "Changed since this list; its letter went in run 2."

    def test_a_letter_that_went_in_a_later_run_as_it_is_says_what_the_api_said(self) -> None:
        later = {"state": "accepted", "run": 2, **ENTRY}
        (line,) = self.told({}, run=1, letter_2=later)
        assert (line["status"], line["reason"]) == ("accepted", "As it was.")

    def test_a_letter_changed_after_it_went_is_a_conflict_still(self) -> None:
        before = {"state": "accepted", "content": "as it went", "run": 1}
        (line,) = self.told({}, run=2, letter_2=before)
        assert line["status"] == "conflict"

    def test_is_not_where_several_rows_claimed_its_identifier(self) -> None:
        twice = {"identifier": "same", "held": True, "reasons": "Twice."}
        known = {"state": "accepted", "content": "one of them", "run": 2}
        lines = self.told(twice, twice, run=1, same=known)
        assert [line["status"] for line in lines] == ["invalid", "invalid"]


def test_what_a_run_was_not_asked_for_is_left_out_even_where_it_stopped() -> None:
    report = rows_report(
        listed({}, {}, {}), standing(), complete=False, asked=RowSet.parse("3")
    ).frame.collect()
    assert report["status"].to_list() == ["skipped", "pending", "skipped"]


@pytest.mark.parametrize("state", ["accepted", "unknown", "sending"])
def test_another_letter_under_a_used_identifier_is_a_conflict(state: str) -> None:
    known = standing(letter_2={"state": state, "content": "content-0"})
    line = only_line({}, known, complete=True)
    assert line["status"] == "conflict"
    assert "2026-11-03. This one says something else and was not sent." in line["reason"]
    assert line["request_id"] is None


@pytest.mark.parametrize("state", ["rejected", "failed", "invalid"])
def test_a_letter_corrected_since_it_did_not_go_is_still_to_come(state: str) -> None:
    known = standing(letter_2={"state": state, "content": "content-0", "reason": "No such street."})
    line = only_line({}, known, complete=False)
    assert line["status"] == "pending"
    assert line["reason"] == f"Before it was changed, it was {state}: No such street."
    assert line["http_status"] is None


def test_all_rows_of_a_grouped_letter_share_its_fate() -> None:
    rows = [
        {"identifier": "customer-1"},
        {"identifier": "customer-2"},
        {"identifier": "customer-1"},
    ]
    report = rows_report(
        listed(*rows), standing(customer_1="accepted", customer_2="rejected"), complete=True
    )
    lines = report.frame.select("row", "status").collect().rows()
    assert lines == [(2, "accepted"), (3, "rejected"), (4, "accepted")]


def test_national_ids_are_masked() -> None:
    rows = listed(
        {"c0": "01857212345", "c1": "01857212345"},
        {"c0": "", "c1": ""},
        {"c0": "18572-1", "c1": ""},
        headings=("Fødselsnummer", "Ordre"),
        sensitive=frozenset({"c0"}),
    )
    report = rows_report(rows, standing(), complete=True).frame.collect()
    assert report["c0"].to_list() == ["018572*****", "", "1****-*"]
    assert report["c1"].to_list()[0] == "01857212345"


def test_national_ids_are_masked_within_other_cells_and_no_other_number_is() -> None:
    rows = listed(
        {"c0": "gjelder 01857212345; 02810000034 flyttet"},
        {"c0": "konto 1234 56 78903, tlf 4790000000"},
        headings=("Merknad",),
    )
    report = rows_report(rows, standing(), complete=True).frame.collect()
    assert report["c0"].to_list() == [
        "gjelder 01857212345; 028100***** flyttet",  # whose check digits are nobody's
        "konto 1234 56 78903, tlf 4790000000",
    ]


def test_headings_are_as_typed_and_never_taken_for_the_reports_own() -> None:
    typed = ("Beløp (kr)", "", "Navn", "Navn", "status", "Status")
    report = rows_report(listed({}, headings=typed), standing(), complete=True)
    assert report.headings[: len(SYSTEM_COLUMNS)] == SYSTEM_COLUMNS
    assert report.headings[len(SYSTEM_COLUMNS) :] == (
        "Beløp (kr)", "", "Navn", "Navn", "status (list)", "Status",
    )  # fmt: skip
    assert len(report.frame.collect_schema()) == len(report.headings)


def test_an_empty_list_makes_an_empty_report() -> None:
    report = rows_report(listed(), standing(letter_2="accepted"), complete=True)
    assert report.frame.collect().is_empty()
    assert summarise(report).rows == 0
    assert summarise(report).by_status == {}


@st.composite
def lists_and_standings(draw: st.DrawFn) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    row = st.fixed_dictionaries(
        {
            "identifier": st.sampled_from([None, "", *(f"letter-{n}" for n in range(8))]),
            "content": st.sampled_from([None, "content-1", "content-2"]),
            "held": st.booleans(),
            "reasons": st.sampled_from(["", "No postcode."]),
        }
    )
    entry = st.fixed_dictionaries(
        {
            "state": st.sampled_from(STATES),
            "content": st.sampled_from(["content-1", "content-2"]),
            "submitted_at": st.sampled_from([None, SENT_AT]),
        }
    )
    names = st.integers(0, 8).map(lambda number: f"letter_{number}")
    return draw(st.lists(row, max_size=30)), draw(st.dictionaries(names, entry, max_size=9))


@settings(deadline=None)  # machines are busy at times
@given(lists_and_standings(), st.booleans())
def test_the_report_adds_up_to_the_list(
    given_: tuple[list[dict[str, Any]], dict[str, Any]], complete: bool
) -> None:
    rows, entries = given_
    report = rows_report(listed(*rows), standing(**entries), complete=complete)
    frame = report.frame.collect()
    assert frame["row"].to_list() == list(range(2, len(rows) + 2))
    assert frame["status"].null_count() == 0
    to_come = {name.replace("_", "-") for name, e in entries.items() if e["state"] == "pending"}
    if complete:
        assert set(frame.filter(status="pending")["identifier"]) <= to_come
    else:
        assert "skipped" not in frame["status"].to_list()
    held = [row["held"] for row in rows]
    assert all(
        status == "invalid"
        for status, is_held in zip(frame["status"], held, strict=True)
        if is_held
    )
    summary = summarise(report)
    assert summary.rows == sum(summary.by_status.values()) == len(rows)
    assert list(summary.by_status) == [s for s in STATUSES if s in frame["status"].to_list()]
    accepted = summary.by_status.get("accepted", 0)
    assert sum(reason.rows for reason in summary.by_reason) == len(rows) - accepted


def test_order_is_kept_over_many_batches(tmp_path: Any) -> None:
    rows = 70_000
    many = listed(*({} for _ in range(3)))
    path = tmp_path / "many.parquet"
    numbers = pl.int_range(2, rows + 2, dtype=pl.UInt32, eager=True)
    good = many.frame.first().collect().drop("row", "identifier")
    pl.DataFrame({"row": numbers}).with_columns(
        pl.format("letter-{}", "row").alias("identifier")
    ).join(good, how="cross").write_parquet(path, row_group_size=10_000)
    odd = standing(letter_3="accepted").select(pl.exclude("identifier"))
    known = pl.DataFrame({"identifier": [f"letter-{n}" for n in range(rows, 1, -3)]}).join(
        odd, how="cross"
    )
    on_disk = type(many)(pl.scan_parquet(path), many.columns)
    report = rows_report(on_disk, known, complete=True).frame.collect(engine="streaming")
    assert report["row"].equals(numbers)
    accepted = report.filter(status="accepted")["row"]
    assert sorted(accepted) == sorted(range(rows, 1, -3))

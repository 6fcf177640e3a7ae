"""The numbers behind the charts."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from reports.accounts import large
from reports.lists import SENT_AT, listed, standing

from batchsend.ledger import ATTEMPTS
from batchsend.reports import PriceSettings, rows_report
from batchsend.reports.account import Figures, figures
from batchsend.reports.charts import charts

PRICES = PriceSettings.model_validate({"PRINT": "18.50", "EMAIL": 1, "extra_sheet": "1.25"})


def of(*letters: dict[str, Any], prices: PriceSettings | None = PRICES) -> Figures:
    """Figures of accepted letters."""
    rows = listed(*({"channel": letter.get("channel", "PRINT")} for letter in letters))
    known = {
        f"letter_{row}": {"state": "accepted", **letter} for row, letter in enumerate(letters, 2)
    }
    return figures(rows_report(rows, standing(**known), complete=True), ATTEMPTS.to_frame(), prices)


def requests(*lines: tuple[int, float, float, int | None]) -> pl.DataFrame:
    """Requests for letter-2: run, start and end in seconds, status."""
    made = [
        {
            "run": run,
            "identifier": "letter-2",
            "number": number,
            "started": SENT_AT + timedelta(seconds=start),
            "ended": SENT_AT + timedelta(seconds=end),
            "http_status": status,
            "message": "",
        }
        for number, (run, start, end, status) in enumerate(lines, 1)
    ]
    return pl.DataFrame(made, schema=ATTEMPTS)


@pytest.mark.parametrize(
    ("letter", "sheets", "cost"),
    [
        ({"pages": 1}, 1, "18.50"),
        ({"pages": 2}, 1, "18.50"),
        ({"pages": 3}, 2, "19.75"),
        ({"pages": 7}, 4, "22.25"),
        ({"pages": 7, "channel": "EMAIL"}, 0, "1.00"),
        ({"pages": 7, "channel": "KIVRA"}, 0, "0"),
        ({"pages": None}, 1, "18.50"),
    ],
)
def test_what_a_letter_costs(letter: dict[str, Any], sheets: int, cost: str) -> None:
    (charge,) = of(letter).charges
    assert (charge.sheets, charge.cost) == (sheets, Decimal(cost))


def test_without_prices_there_is_no_cost() -> None:
    found = of({"pages": 3}, prices=None)
    assert found.charges[0].cost is None
    assert not any(chart.title.startswith("Cost") for chart in charts(found, ""))


def test_one_bar_alone_is_no_chart() -> None:
    """The head of the page says as much: letters, pages and cost by channel."""
    assert charts(of({"pages": 1}, {"pages": 1}, {"state": "rejected"}), "NOK") == []
    drawn = charts(of({"pages": 1}, {"pages": 2}), "NOK")
    assert [chart.title for chart in drawn] == ["Pages of the accepted letters"]
    assert all(chart.svg for chart in drawn)


def test_only_accepted_letters_cost() -> None:
    assert of({"state": "rejected"}, {"state": "unknown"}).charges == ()


def test_a_run_is_cut_into_even_steps_that_add_up() -> None:
    made = requests(
        (1, 0.0, 0.1, 503), (1, 12.0, 12.05, 202), (2, 100.0, 100.2, None), (2, 130.0, 130.9, 202)
    )
    report = rows_report(listed({}), standing(letter_2={"state": "accepted"}), complete=True)
    found = figures(report, made)
    first, second = found.courses
    assert (first.run, first.began, first.step) == (1, SENT_AT, timedelta(seconds=1))
    assert len(first.accepted) == len(first.other) == 13
    assert (first.accepted[-1], sum(first.accepted), first.other[0]) == (1, 1, 1)
    assert (sum(second.accepted), sum(second.other)) == (1, 1)
    assert found.answers is not None
    assert (found.answers.requests, found.answers.unanswered) == (3, 1)
    assert (found.answers.median, found.answers.slowest) == (100, 900)
    assert found.answers.groups == (
        ("under 50 ms", 0), ("50 ms to 100 ms", 1), ("100 ms to 200 ms", 1),
        ("200 ms to 500 ms", 0), ("500 ms to 1 s", 1),
    )  # fmt: skip


def test_what_had_no_answer_had_none_in_any_time() -> None:
    made = requests((1, 0.0, 30.0, None))
    assert figures(rows_report(listed({}), standing(), complete=True), made).answers is None


@pytest.mark.parametrize(("state", "attempts"), [("accepted", ((1, 1),)), ("unknown", ())])
def test_only_accepted_letters_needed_so_many_requests(
    state: str, attempts: tuple[tuple[int, int], ...]
) -> None:
    assert of({"state": state}).attempts == attempts


def test_requests_for_other_letters_do_not_count() -> None:
    made = requests((1, 0, 1, 202)).with_columns(identifier=pl.lit("somebody else's"))
    found = figures(rows_report(listed({}), standing(), complete=True), made)
    assert (found.answers, found.courses) == (None, ())


def test_of_many_channels_the_largest_are_shown_and_none_is_lost() -> None:
    names = ["PRINT", "PRINT", *(f"NONE{number:02}" for number in range(20))]
    found = of(*({"channel": name} for name in names)).by_channel
    assert list(found)[:2] == ["PRINT", "NONE00"]
    assert list(found)[9:] == ["12 others"]
    assert sum(sum(each.values()) for each in found.values()) == 22


@pytest.mark.parametrize("rows", [1, 7, 400])
def test_every_count_adds_up_to_its_letters(rows: int) -> None:
    found = large(rows).figures
    assert found.letters == found.rows == rows
    assert sum(found.by_status.values()) == rows
    assert sum(sum(each.values()) for each in found.by_channel.values()) == rows
    accepted = found.by_status.get("accepted", 0)
    assert sum(number for _, number in found.pages) == accepted
    assert sum(charge.letters for charge in found.charges) == accepted

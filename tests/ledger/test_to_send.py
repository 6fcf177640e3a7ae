"""What is left to send is a set difference, and every letter is in exactly one part of it."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledger.builders import API, pass_through
from ledger.conftest import Tell

from batchsend.ledger import OUTLINE, Comparison, Ledger, LedgerJournal, compare
from batchsend.ledger.states import STATES

PARTS = ("to_send", "accepted", "rejected", "unknown", "conflicts")


def letters(**contents: str) -> pl.LazyFrame:
    rows = [(number, name, "PRINT", content) for number, (name, content) in
            enumerate(contents.items(), start=2)]  # fmt: skip
    schema = {"row": pl.UInt32(), "identifier": pl.String(), "channel": pl.String(),
              "content": pl.String()}  # fmt: skip
    return pl.LazyFrame(rows, schema=schema, orient="row")


def known(**entries: tuple[str, str]) -> pl.DataFrame:
    """A ledger's outline of `(state, content)` by identifier."""
    return pl.DataFrame(
        [(name, state, content, "", None, 1) for name, (state, content) in entries.items()],
        schema=OUTLINE,
        orient="row",
    )


def part_of(found: Comparison, identifier: str) -> str:
    (part,) = [p for p in PARTS if identifier in getattr(found, p)["identifier"].to_list()]
    return part


@pytest.mark.parametrize(
    ("state", "unchanged", "changed"),
    [
        ("pending", "to_send", "to_send"),
        ("sending", "unknown", "conflicts"),
        ("accepted", "accepted", "conflicts"),
        ("rejected", "rejected", "to_send"),
        ("failed", "to_send", "to_send"),
        ("unknown", "unknown", "conflicts"),
        ("invalid", "to_send", "to_send"),
    ],
)
def test_the_state_and_the_content_decide(state: str, unchanged: str, changed: str) -> None:
    found = compare(letters(same="1", other="2"), known(same=(state, "1"), other=(state, "1")))
    assert part_of(found, "same") == unchanged
    assert part_of(found, "other") == changed


def test_what_the_ledger_never_heard_of_is_sent() -> None:
    assert part_of(compare(letters(new="1"), known()), "new") == "to_send"


def test_what_is_no_longer_in_the_list_is_of_no_concern() -> None:
    found = compare(letters(a="1"), known(b=("accepted", "1")))
    assert [getattr(found, part).height for part in PARTS] == [1, 0, 0, 0, 0]


@given(
    st.dictionaries(st.integers(0, 30).map(str), st.sampled_from("12"), max_size=20),
    st.dictionaries(
        st.integers(0, 30).map(str),
        st.tuples(st.sampled_from(STATES), st.sampled_from("12")),
        max_size=20,
    ),
)
def test_the_parts_add_up_to_the_list_in_its_order(
    listed: dict[str, str], entries: dict[str, tuple[str, str]]
) -> None:
    found = compare(letters(**listed), known(**entries))
    parts = [getattr(found, part) for part in PARTS]
    assert sorted(name for part in parts for name in part["identifier"]) == sorted(listed)
    assert all(part["row"].is_sorted() for part in parts)


def test_a_conflict_says_when_the_first_one_went(ledger: Ledger, tell: Tell) -> None:
    async def story(journal: LedgerJournal) -> None:
        await pass_through(journal, "a", content="the first")

    before = datetime.now(UTC).replace(microsecond=0)
    tell(story)
    found = compare(letters(a="the second"), ledger.outline(API))
    (conflict,) = found.conflicts.to_dicts()
    assert (conflict["row"], conflict["state"]) == (2, "accepted")
    assert before <= conflict["submitted_at"] <= datetime.now(UTC)
    assert part_of(compare(letters(a="the first"), ledger.standing(API)), "a") == "accepted"

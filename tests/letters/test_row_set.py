"""Sets of rows, as `--rows` takes them."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchsend.errors import SettingsError
from batchsend.letters import RowSet

LAST = 2**32 - 1


@pytest.mark.parametrize(
    ("text", "ranges"),
    [
        ("2", ((2, 2),)),
        ("2,5-9", ((2, 2), (5, 9))),
        (" 5 - 9 , 2 ", ((2, 2), (5, 9))),
        ("5–9", ((5, 9),)),
        ("5-9,7-12", ((5, 12),)),
        ("2,3,4", ((2, 4),)),
        ("20-", ((20, LAST),)),
        ("7-7,", ((7, 7),)),
    ],
)
def test_rows_are_written_as_people_write_them(text: str, ranges: object) -> None:
    assert RowSet.parse(text).ranges == ranges


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "No row is given"),
        (",", "No row is given"),
        ("a", "'a' is not a row"),
        ("2;5", "'2;5' is not a row"),
        ("-5", "'-5' is not a row"),
        ("2-5-7", "is not a row"),
        ("9-5", "write it as 5-9"),
        ("2.5", "is not a row"),
        ("12345678901", "is not a row"),
    ],
)
def test_anything_else_is_told_in_words(text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        RowSet.parse(text)


@given(st.lists(st.integers(0, 60)), st.lists(st.integers(0, 60), min_size=1))
def test_it_contains_the_rows_it_was_made_of_and_no_others(
    rows: list[int], asked: list[int]
) -> None:
    made = RowSet.of(pl.Series(rows, dtype=pl.UInt32))
    frame = pl.DataFrame({"row": pl.Series(asked, dtype=pl.UInt32)})
    kept = frame.lazy().filter(made.contains(pl.col("row"))).collect()
    assert kept["row"].to_list() == [row for row in asked if row in rows]


def test_many_scattered_rows_are_found_in_a_stream() -> None:
    rows = pl.Series(range(1, 200_000, 2), dtype=pl.UInt32)
    frame = pl.LazyFrame({"row": pl.int_range(200_000, dtype=pl.UInt32, eager=True)})
    kept = frame.filter(RowSet.of(rows).contains(pl.col("row"))).collect(engine="streaming")
    assert kept["row"].equals(rows.alias("row"))

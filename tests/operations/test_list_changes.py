"""What is different in a list since the one before it, whatever both are."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from batchsend.ledger import Run, RunFacts
from batchsend.letters import ColumnsUsed
from batchsend.lists import Column
from batchsend.operations.mailing_list.list_changes import ListChanges, Renamed, Table, compare

HEADINGS = ("Kundenr", "Navn", "Beløp", "Merknad")
LAST = Run(
    1, RunFacts("api", Path("jan.xlsx"), "", "", "", Path("gone")), "", datetime.now(UTC)
)  # fmt: skip


def table(headings: tuple[str, ...], *rows: tuple[str, ...]) -> Table:
    columns = tuple(Column(at, each, each.lower()) for at, each in enumerate(headings))
    cells = {
        column.key: pl.Series([row[column.index] for row in rows], dtype=pl.String)
        for column in columns
    }
    numbers = pl.Series(range(2, len(rows) + 2), dtype=pl.UInt32)
    return Table(columns, pl.DataFrame({"row": numbers, **cells}).lazy())


def changes(before: Table, now: Table, shown: int = 3) -> ListChanges:
    used = ColumnsUsed(now.columns[:1], now.columns[:shown], with_period=True)
    return compare(before, now, LAST, used)


BEFORE = table(
    HEADINGS, ("1", "Kari", "10", ""), ("2", "Ola", "20", ""), ("3", "Åse", "30", "flyttet")
)


def test_who_is_new_and_gone_and_what_a_letter_would_show() -> None:
    now = table(
        HEADINGS, ("3", "Åse", "30", "ny merknad"), ("2", "Ola", "25", ""), ("4", "Per", "1", "")
    )
    found = changes(BEFORE, now)
    assert found.new.rows() == [(4, "4, Per, 1")]
    assert found.gone.rows() == [(2, "1, Kari, 10")]
    assert (found.stayed, found.changed) == (2, 1), "what no letter shows may change"
    assert found.by == ("Kundenr",)


def test_who_is_only_written_another_way_is_neither_new_nor_gone() -> None:
    before = table(HEADINGS, ("0001", "Kari", "10", ""), ("a-2", "Ola", "20", ""))
    now = table(HEADINGS, ("A2", "Ola", "20", ""), ("1", "Kari", "11", ""), ("3", "Per", "1", ""))
    found = changes(before, now)
    assert (found.new.height, found.gone.height) == (1, 0)
    assert (found.stayed, found.changed) == (2, 1)


def test_headings_that_were_renamed_are_found_by_what_stands_below_or_by_themselves() -> None:
    now = table(
        ("Kundenr", "Etternavn og fornavn", "Beløpet", "Ny"),
        *(("1", "Kari", "10", "a"), ("2", "Ola", "21", "b"), ("3", "Åse", "33", "c")),
    )
    found = changes(BEFORE, now)
    assert set(found.renamed) == {
        Renamed("Navn", "Etternavn og fornavn"), Renamed("Beløp", "Beløpet")
    }  # fmt: skip
    assert (found.added, found.missing) == (("Ny",), ("Merknad",))
    assert found.changed == 2, "the columns are compared all the same"


def test_rows_of_one_letter_are_compared_whatever_their_order() -> None:
    before = table(HEADINGS, ("1", "Kari", "10", ""), ("1", "Kari", "20", ""))
    turned = table(HEADINGS, ("1", "Kari", "20", ""), ("1", "Kari", "10", ""))
    longer = table(HEADINGS, ("1", "Kari", "10", ""), ("1", "Kari", "20", ""), ("1", "K", "5", ""))
    assert changes(before, turned).changed == 0
    assert changes(before, longer).changed == 3


def test_without_a_column_in_the_identifier_whole_rows_are_compared() -> None:
    now = table(HEADINGS, ("1", "Kari", "10", ""), ("2", "Ola", "99", ""))
    found = compare(BEFORE, now, LAST, ColumnsUsed((), now.columns, with_period=True))
    assert found.by == ()
    assert (found.new.height, found.gone.height, found.stayed) == (1, 2, 1)


PEOPLE = st.dictionaries(st.integers(1, 30).map(str), st.sampled_from("abc"), max_size=12)


@given(before=PEOPLE, now=PEOPLE)
def test_every_row_is_new_or_stayed(before: dict[str, str], now: dict[str, str]) -> None:
    then, here = (
        table(HEADINGS[:3], *((number, "Kari", said) for number, said in people.items()))
        for people in (before, now)
    )
    found = changes(then, here)
    assert found.new.height == len(now.keys() - before.keys())
    assert found.gone.height == len(before.keys() - now.keys())
    both = now.keys() & before.keys()
    assert found.stayed == len(both)
    assert found.changed == sum(now[each] != before[each] for each in both)

"""What is different in a list since the one before it: who is new, who is gone, in how many rows
the columns that are printed have changed, and which headings were renamed.

Works on whole columns, so that a million rows take two seconds of one core.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
from rapidfuzz.fuzz import ratio

from batchsend.errors import BatchsendError
from batchsend.ledger import REHEARSAL, Ledger, Run
from batchsend.letters import Checked, ColumnsUsed, Snapshot, folded_identifier
from batchsend.lists import PERIOD, Column
from batchsend.mailing import Mailing
from batchsend.masking import masked_where_valid
from batchsend.operations.history.receipt import snapshot_of
from batchsend.operations.history.runs import last_here, of_period, period_of, runs_if_any
from batchsend.rendering import Templates
from batchsend.text import folded

ALIKE = 75
"""Headings whose letters agree by so many hundredths may be one that was renamed."""
SAME_CELLS = 0.6
"""So large a share of a column's cells stands in the one that it became."""
_SAMPLE = 5_000
_CELLS = 3
"""The list's first columns: in nearly every list they tell whom a row is about."""
WHO = pl.Schema({"row": pl.UInt32(), "who": pl.String()})
"""A row of a list, and its first cells, with national ids masked."""


@dataclass(frozen=True, slots=True)
class Renamed:
    """A heading that is another one in the new list."""

    was: str
    now: str


@dataclass(frozen=True, slots=True)
class ListChanges:
    """What is different in a list since the one before it."""

    run: int
    """The run of the earlier list."""
    period: str | None
    """Its period."""
    list_path: Path
    """The earlier list."""
    same: bool
    """Whether the list is the very same, byte by byte: then there is nothing to compare."""
    by: tuple[str, ...] = ()
    """Headings of the columns by which rows are told from each other: those of the identifier;
    none where it has no column, and whole rows are compared."""
    new: pl.DataFrame = field(default_factory=WHO.to_frame)
    """WHO, of the list."""
    gone: pl.DataFrame = field(default_factory=WHO.to_frame)
    """WHO, of the earlier list."""
    stayed: int = 0
    """Rows of the list that the earlier one had."""
    changed: int = 0
    """Those of them in which a column that a letter shows says something else."""
    renamed: tuple[Renamed, ...] = ()
    added: tuple[str, ...] = ()
    """Headings that are new."""
    missing: tuple[str, ...] = ()
    """Headings that are gone."""

    @property
    def says_the_same(self) -> bool:
        """Whether every letter would say what it said from the earlier list."""
        if self.same:
            return True
        return self.stayed > 0 and not (self.changed or self.new.height or self.gone.height)


@dataclass(frozen=True, slots=True)
class Table:
    """A list to be compared: its columns, and `row` with a column for each of their keys."""

    columns: tuple[Column, ...]
    rows: pl.LazyFrame

    @classmethod
    def of(cls, snapshot: Snapshot) -> Table:
        """The list as it was checked, without the period, which is none of its columns."""
        columns = tuple(column for column in snapshot.columns if column.name != PERIOD)
        keys = [column.key for column in columns]
        return cls(columns, snapshot.frame.select("row", *keys))


def changes_since_last(
    mailing: Mailing, checked: Checked, templates: Templates, book: Ledger
) -> ListChanges | None:
    """The list beside that of the mailing's last real run before; None where there was none, where
    it is the list of this period still, or where its checked list is gone."""
    runs = [run for run in runs_if_any(mailing, book) if run.facts.destination != REHEARSAL]
    ours = of_period(runs, mailing.period)
    if not runs:
        return None
    last = last_here(book, ours or runs)
    same = last.facts.list_digest == checked.list_digest
    if same:
        return None if ours else _of(last, same=True)
    try:
        before = Snapshot.open(snapshot_of(last, book))
        now = checked.snapshot
        uses = templates.fitted(now.columns).uses
        used = ColumnsUsed.of(mailing.payload, now.columns, uses, mailing.checks.country)
        return compare(Table.of(before), Table.of(now), last, used)
    except BatchsendError:
        return None


def compare(
    before: Table,
    now: Table,
    last: Run,
    used: ColumnsUsed,
) -> ListChanges:
    """Compare two lists, of which the earlier one went in the run `last`; `used` are columns of the
    new one."""
    pairs = _same_headings(before, now)
    renamed = _renamed(before, now, pairs)
    pairs |= renamed
    by, known = used.identifying, set(pairs.values())
    by = by if known.issuperset(by) else ()
    keys = by or tuple(pairs.values())
    back = {new: old for old, new in pairs.items()}
    shown = [column for column in used.shown if column in back and column not in keys]
    then = _hashed(before, _old(keys, back), _old(shown, back))
    here = _hashed(now, keys, shown)
    if by:
        written = _folded(now, keys), _folded(before, _old(keys, back))
        here = _spelled_as_before(here, written[0], then, written[1])
    both = here.join(then.group_by("who").agg(pl.col("says").sum()), on="who", how="left")
    sums = here.group_by("who").agg(sum=pl.col("says").sum())
    stayed = both.filter(pl.col("says_right").is_not_null()).join(sums, on="who")
    new = here.join(then, on="who", how="anti").select("row")
    gone = then.join(here, on="who", how="anti").select("row")
    return ListChanges(
        run=last.number,
        period=period_of(last),
        list_path=last.facts.list_path,
        same=False,
        by=tuple(column.heading for column in by),
        new=_who(now, new),
        gone=_who(before, gone),
        stayed=stayed.height,
        changed=stayed.filter(pl.col("sum") != pl.col("says_right")).height,
        renamed=tuple(Renamed(old.heading, each.heading) for old, each in renamed.items()),
        added=tuple(each.heading for each in now.columns if each not in back),
        missing=tuple(each.heading for each in before.columns if each not in pairs),
    )


def _of(last: Run, *, same: bool) -> ListChanges:
    return ListChanges(last.number, period_of(last), last.facts.list_path, same)


def _hashed(table: Table, keys: Sequence[Column], shown: Sequence[Column]) -> pl.DataFrame:
    """`row`, and numbers that are equal where two rows are of one (`who`), and say the same."""
    return table.rows.select(
        "row",
        who=_together(keys).hash(),
        # As 32 bits, so that the sum of a group's is right.
        says=(_together(shown).hash() % 2**32).cast(pl.UInt64) if shown else pl.lit(0, pl.UInt64),
    ).collect(engine="streaming")


def _old(columns: Sequence[Column], back: Mapping[Column, Column]) -> list[Column]:
    return [back[column] for column in columns]


def _spelled_as_before(
    here: pl.DataFrame, folded_here: pl.LazyFrame, then: pl.DataFrame, folded_then: pl.LazyFrame
) -> pl.DataFrame:
    """`here` with the earlier `who` of rows that another program has only written another way: a
    customer who was 0001001 is neither gone nor new as 1001."""
    new = here.join(then, on="who", how="anti").select("row", "who")
    gone = then.join(here, on="who", how="anti").select("row", "who")
    if new.is_empty() or gone.is_empty():
        return here
    now, was = (
        folded_cells.join(rows.lazy(), on="row").select("who", "like").unique("like").collect()
        for folded_cells, rows in ((folded_here, new), (folded_then, gone))
    )
    pairs = now.join(was, on="like")
    return here.with_columns(pl.col("who").replace(pairs["who"], pairs["who_right"]))


def _folded(table: Table, columns: Sequence[Column]) -> pl.LazyFrame:
    """`row`, and a number that is equal where the cells are written alike (`like`)."""
    cells = [pl.col(column.key).fill_null("") for column in columns]
    apart = [pl.coalesce(folded_identifier(cell)[0], pl.lit("")) for cell in cells]
    return table.rows.select(
        "row", like=pl.concat_str([pl.lit(""), *apart], separator="\x1f").hash()
    )


def _together(columns: Sequence[Column]) -> pl.Expr:
    cells = [pl.col(column.key).fill_null("").str.strip_chars() for column in columns]
    return pl.concat_str([pl.lit(""), *cells], separator="\x1f")


def _who(table: Table, rows: pl.DataFrame) -> pl.DataFrame:
    first = [pl.col(column.key).fill_null("") for column in table.columns[:_CELLS]]
    cells = pl.concat_str([pl.lit(""), *first], separator=", ").str.strip_chars(", ")
    found = table.rows.select("row", who=cells).join(rows.lazy(), on="row", how="semi")
    return (
        found.collect(engine="streaming")
        .sort("row")
        .with_columns(pl.col("who").map_elements(masked_where_valid, return_dtype=pl.String))
        .cast(WHO)
    )


def _same_headings(before: Table, now: Table) -> dict[Column, Column]:
    """The earlier columns that the new list has by name, with theirs there."""
    names: dict[str, list[Column]] = {}
    for column in now.columns:
        names.setdefault(folded(column.name), []).append(column)
    pairs: dict[Column, Column] = {}
    for column in before.columns:
        if found := names.get(folded(column.name)):
            pairs[column] = found.pop(0)
    return pairs


def _renamed(before: Table, now: Table, pairs: dict[Column, Column]) -> dict[Column, Column]:
    """Of the columns left over those that are one another: by what stands in them, or by heading.

    The most alike first; each once.
    """
    old = [column for column in before.columns if column not in pairs]
    new = [column for column in now.columns if column not in pairs.values()]
    if not old or not new:
        return {}
    then, here = _cells(before, old), _cells(now, new)
    scores = sorted(
        (
            (_alike(one, other, then, here), one.index, other.index, one, other)
            for one in old
            for other in new
        ),
        key=lambda score: (-score[0], *score[1:3]),
    )
    found: dict[Column, Column] = {}
    for score, _, _, one, other in scores:
        if score >= 1 and one not in found and other not in found.values():
            found[one] = other
    return found


def _alike(
    one: Column,
    other: Column,
    then: dict[Column, frozenset[str]],
    here: dict[Column, frozenset[str]],
) -> float:
    """How sure it is that one column is the other; 1 or more where it is sure enough."""
    was = then[one]
    cells = len(was & here[other]) / len(was) if len(was) > 1 else 0.0
    return max(cells / SAME_CELLS, _headings(one, other) / ALIKE)


def is_like(one: Column, other: Column) -> bool:
    """Whether two headings are written so much alike that one may be the other."""
    return _headings(one, other) >= ALIKE


def _headings(one: Column, other: Column) -> float:
    return ratio(folded(one.heading), folded(other.heading))


def _cells(table: Table, columns: Sequence[Column]) -> dict[Column, frozenset[str]]:
    """What stands in the columns, of a long list only in its first rows."""
    some = table.rows.select(column.key for column in columns).head(_SAMPLE).collect()
    return {column: frozenset(some[column.key].unique()) - {"", None} for column in columns}

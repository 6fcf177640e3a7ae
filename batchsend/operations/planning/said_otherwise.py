"""What letters under one identifier say now and said when they went: which cell is another one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from batchsend.ledger import Ledger, Run
from batchsend.letters import Checked, Snapshot
from batchsend.masking import masked, masked_where_valid
from batchsend.operations.planning.repeats import by_snapshot

MOST = 20
"""Letters that are looked up: more are not shown."""


@dataclass(frozen=True, slots=True)
class OtherCell:
    """A cell of a letter's row that is another one than when the letter went."""

    heading: str
    was: str
    now: str
    """Both fit to be shown."""
    same_list: bool
    """Whether the list is the very same file: then it was read otherwise, as by version 0.1."""


def said_otherwise(
    checked: Checked, conflicts: pl.DataFrame, runs: Sequence[Run], book: Ledger
) -> Mapping[str, OtherCell]:
    """The first cell that differs, by identifier; of letters that are forgotten, or in no checked
    list that is still there, nothing is known. `conflicts` are as of `ledger.Comparison`."""
    known = conflicts.filter(pl.col("was_content") != "")
    pairs = known.head(MOST).select("identifier", "run")
    digests = {run.number: run.facts.list_digest for run in runs}
    found: dict[str, OtherCell] = {}
    for before, some in by_snapshot(pairs, runs, book):
        if before is not None:
            same_list = digests[some["run"][0]] == checked.list_digest
            found |= _of_one_run(checked.snapshot, before, some, same_list=same_list)
    return found


def _of_one_run(
    snapshot: Snapshot, before: Snapshot, some: pl.DataFrame, *, same_list: bool
) -> dict[str, OtherCell]:
    keys = {column.heading: column.key for column in before.columns}
    both = [
        (column.heading, column.key, keys[column.heading], column.key in snapshot.sensitive)
        for column in snapshot.columns
        if column.heading in keys
    ]
    now, then = _rows(snapshot, some), _rows(before, some)
    found: dict[str, OtherCell] = {}
    for identifier, row in now.items():
        for heading, key, key_then, sensitive in both:
            is_now, was = row[key] or "", then.get(identifier, row).get(key_then) or ""
            if identifier in then and str(is_now) != str(was):
                fit = masked if sensitive else masked_where_valid
                found[identifier] = OtherCell(heading, fit(str(was)), fit(str(is_now)), same_list)
                break
    return found


def _rows(snapshot: Snapshot, some: pl.DataFrame) -> dict[str, dict[str, object]]:
    """The first row of each of these letters, by its identifier."""
    wanted = some.lazy().select("identifier")
    rows = snapshot.frame.join(wanted, on="identifier", how="semi").collect(engine="streaming")
    first = rows.unique("identifier", keep="first", maintain_order=True)
    return {row["identifier"]: row for row in first.iter_rows(named=True)}

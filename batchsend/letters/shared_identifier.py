"""Rows that would be one and the same letter, and what can be done about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from batchsend.letters.grouping import agreed_columns
from batchsend.letters.mapping import Mapping
from batchsend.letters.settings import PayloadSettings
from batchsend.letters.snapshot import Snapshot
from batchsend.letters.text import trimmed
from batchsend.lists import Column
from batchsend.text import BLANKS

_FIRST = "·first"
Cells = dict[str, str]


@dataclass(frozen=True, slots=True)
class Sharing:
    """Rows of a list whose letters have one identifier, in list order."""

    rows: tuple[int, ...]
    copies: dict[int, int]
    """Those that say in every column what a row before them says, and which that is."""
    group_by: tuple[str, ...]
    """The columns that make one letter of them; empty where they cannot be one."""
    apart: dict[int, tuple[tuple[Column, str], ...]]
    """Of each row that differs from all the others: cells that no other of them has together."""


def sharing(
    snapshot: Snapshot, payload: PayloadSettings, home: str, *, grouped: bool, most: int
) -> list[Sharing]:
    """The rows of a checked list that share an identifier, those of the first `most` letters.

    `grouped`: whether letters are made of several rows already.
    """
    mapping = Mapping.compile(payload, snapshot.columns, home)
    own = mapping.leaves["Identifier"].own_columns
    named = [trimmed(pl.col(column.key)) != "" for column in own] or [pl.lit(True)]
    held = snapshot.frame.filter("held", pl.col("identifier") != "", pl.any_horizontal(named))
    times = held.group_by("identifier").agg(pl.min("row").alias(_FIRST), pl.n_unique("letter"))
    chosen = times.filter(pl.col("letter") > 1).sort(_FIRST).head(most).select("identifier", _FIRST)
    shown = (column.shown.alias(column.key) for column in snapshot.columns)
    frame = (
        held.select("row", "identifier", *shown)
        .join(chosen, on="identifier")
        .sort(_FIRST, "row")
        .collect(engine="streaming")
    )
    if frame.is_empty():
        return []
    agreed = [column.key for column in agreed_columns(mapping)]
    found = []
    for rows in frame.partition_by(_FIRST, maintain_order=True):
        said = [
            {key: cell.strip(BLANKS) for key, cell in cells.items()}
            for cells in rows.drop("row", "identifier", _FIRST).to_dicts()
        ]
        one = not grouped and all(cells[key] == said[0][key] for cells in said for key in agreed)
        numbers = rows["row"].to_list()
        found.append(
            Sharing(
                rows=tuple(numbers),
                copies={
                    row: numbers[said.index(said[at])]
                    for at, row in enumerate(numbers)
                    if said[at] in said[:at]
                },
                group_by=tuple(column.name for column in own) if one else (),
                apart={
                    row: cells
                    for at, row in enumerate(numbers)
                    if (cells := _apart(said, at, own, snapshot)) is not None
                },
            )
        )
    return found


def _apart(
    said: Sequence[Cells], at: int, own: Sequence[Column], snapshot: Snapshot
) -> tuple[tuple[Column, str], ...] | None:
    """Cells of one row that none of the others has together: those of its identifier, and as few
    more as do. None where it is a copy, or only a national id tells it from them."""
    cells = said[at]
    fit = [column for column in snapshot.columns if column.key not in snapshot.sensitive]
    if not set(own) <= set(fit):
        return None
    others = [each for place, each in enumerate(said) if place != at]
    chosen = list(own)
    while others:
        column = max(fit, key=lambda c: sum(each[c.key] != cells[c.key] for each in others))
        left = [each for each in others if each[column.key] == cells[column.key]]
        if len(left) == len(others):
            return None
        chosen.append(column)
        others = left
    return tuple((column, cells[column.key]) for column in dict.fromkeys(chosen))

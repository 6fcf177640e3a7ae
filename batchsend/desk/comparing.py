"""Two lists of a mailing beside each other: who is new, who is gone, whose row has changed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from batchsend.lists import RecipientList, read_list
from batchsend.mailing import Mailing
from batchsend.scratch import ScratchFolder

NAMED = 10


@dataclass(frozen=True, slots=True)
class Compared:
    """What a new list has that the one before had not."""

    same_file: bool
    new: int
    gone: int
    changed: int
    unchanged: int
    first_new: tuple[int, ...]
    """Rows of the new list."""
    missing: tuple[str, ...]
    """Headings of the list before that the new one has not."""
    known_by: tuple[str, ...]
    """The headings that rows are known by; empty where that cannot be told."""


def compare(mailing: Mailing, before: Path) -> Compared:
    """The mailing's list beside the one before. Raises ListError where either cannot be read."""
    old_settings = mailing.list.model_copy(update={"path": before})
    with ScratchFolder() as room:
        new = read_list(mailing.list, folder=mailing.folder, workspace=room)
        old = read_list(old_settings, folder=mailing.folder, workspace=room)
        words = set(re.findall(r"\w+", mailing.payload.Letter.Identifier))
        keys = [column.name for column in new.columns if column.name in words]
        keys = [name for name in keys if any(column.name == name for column in old.columns)]
        headings = {column.name: column.heading for column in (*old.columns, *new.columns)}
        names = {column.name for column in new.columns}
        missing = tuple(c.heading for c in old.columns if c.heading and c.name not in names)
        same = new.digest == old.digest
        if not keys:
            return Compared(same, 0, 0, 0, 0, (), missing, ())
        both = [c.name for c in old.columns if c.name in names and c.name not in keys]
        now, then = _texts(new, keys, both), _texts(old, keys, both)
        added = now.join(then, on=keys, how="anti")
        gone = then.join(now, on=keys, how="anti")
        pairs = now.join(then.unique(keys), on=keys, suffix=" before")
        other = pl.any_horizontal(
            pl.lit(value=False), *(pl.col(n) != pl.col(f"{n} before") for n in both)
        )
        changed = pairs.filter(other).height
        return Compared(
            same,
            added.height,
            gone.height,
            changed,
            pairs.height - changed,
            tuple(added["row"].sort().head(NAMED)),
            missing,
            tuple(headings[name] for name in keys),
        )


def _texts(found: RecipientList, keys: list[str], others: list[str]) -> pl.DataFrame:
    wanted = {*keys, *others}
    first: dict[str, pl.Expr] = {}
    for column in found.columns:
        if column.name in wanted:
            first.setdefault(column.name, column.shown.str.strip_chars().alias(column.name))
    return found.rows.select("row", *first.values()).collect(engine="streaming")

"""Letters that went from a mailing of another name, which may be this one before it was renamed: of
a ledger that mailings share, as a database is. Of a file the register knows them."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from batchsend.language import _, filled
from batchsend.ledger import Ledger
from batchsend.letters import REPEATS, Snapshot, recipients
from batchsend.mailing import Mailing
from batchsend.masking import masked_where_valid
from batchsend.operations.history.runs import runs_like, same_letters
from batchsend.operations.planning.corrected_repeats import under_noted_names
from batchsend.operations.planning.repeats import (
    Earlier,
    by_snapshot,
    never_side_by_side,
    written_alike,
)


def went_under_another_name(
    mailing: Mailing, snapshot: Snapshot, names: pl.DataFrame, outline: pl.DataFrame, book: Ledger
) -> pl.DataFrame:
    """Which letters went to the same name at the same address, from a mailing called otherwise and
    under an identifier that is the same one written another way, or before a correction: REPEATS.

    `names` are as of `names_of`. Nothing is known of letters whose checked list is gone.
    """
    if names.is_empty() or isinstance(book.place, Path):
        return REPEATS.to_frame()
    own = {run.number for run in runs_like(mailing, book)}
    runs = same_letters(mailing, [run for run in book.runs() if run.number not in own])
    earlier = Earlier.of(snapshot, outline, runs)
    alike = written_alike(names, earlier.letters)
    alike = alike.with_columns(other=pl.col("called") != pl.col("earlier"))
    before_it = under_noted_names(names, earlier).with_columns(other=pl.lit(value=False))
    pairs = pl.concat([alike, before_it.select(alike.columns)])
    found = [REPEATS.to_frame()]
    for before, some in by_snapshot(pairs, runs, book):
        if before is not None:
            apart = never_side_by_side(some.filter("other"), before, "called")
            others = pl.concat([apart, some.filter(~pl.col("other"))])
            now = recipients(snapshot, others["identifier"])
            then = recipients(before, others["earlier"]).rename({"identifier": "earlier"})
            both = others.join(now, on="identifier").join(then, on="earlier", suffix=" then")
            same = [pl.col(each) == pl.col(f"{each} then") for each in ("Name", "address")]
            found.append(both.filter(*same).select("identifier", why=_why()))
    return pl.concat(found).unique("identifier", keep="last", maintain_order=True)


def _why() -> pl.Expr:
    went = _(
        "A letter to the same recipient went in run {run}, of a mailing with another name: "
        "{earlier}, which is not in this list and is the same identifier written another way, or "
        "before a correction."
    )
    earlier = pl.col("earlier").map_elements(masked_where_valid, return_dtype=pl.String)
    return filled(went, run="run", earlier=earlier)

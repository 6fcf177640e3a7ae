"""Settling: what only the whole list can tell, and the snapshot with every row's fate.

Repeats are found through hashes, so that memory stays small however long the list is.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from batchsend.letters.drafting import Drafted
from batchsend.letters.grouping import must_be_aligned
from batchsend.letters.mapping import Mapping
from batchsend.letters.problems import Problems
from batchsend.letters.repeats import likely_duplicates, repeated_identifiers
from batchsend.letters.snapshot import Contents

__all__ = ["Settled", "settle"]

_ROWS_IN_A_GROUP = 20_000


@dataclass(frozen=True, slots=True)
class Settled:
    """The check's figures."""

    problems: pl.DataFrame
    rows: int
    letters: int
    held: int


def settle(
    drafted: Drafted, mapping: Mapping, problems: Problems, folder: Path, snapshot: Path
) -> Settled:
    """Find repeats, hold rows with errors back, and write the snapshot, by way of `folder`."""
    repeated_identifiers(drafted, mapping, problems)
    likely_duplicates(drafted, mapping, problems)
    told = problems.frame
    drafts = _with_fates(drafted, told)
    varying = tuple(leaf.path for leaf in mapping.varying)
    contents = Contents(
        columns=mapping.names.columns,
        sensitive=mapping.sensitive,
        fields=mapping.skeleton(varying),
        varying=varying,
        windows=drafted.windows,
        grouped=drafted.grouped,
    )
    written = folder / "snapshot.parquet"
    pl.concat([drafts, drafted.cells], how="horizontal").sink_parquet(
        written,
        compression="lz4",
        row_group_size=_ROWS_IN_A_GROUP,
        metadata=contents.to_metadata(),
    )
    must_be_aligned(pl.scan_parquet(written, glob=False), "cells_of")
    written.chmod(0o600)  # it holds everything the list does: for its owner's eyes only
    written.replace(snapshot)
    rows = pl.scan_parquet(snapshot, glob=False)
    good = (pl.col("row") == pl.col("letter")) & ~pl.col("held")
    figures = rows.select(rows=pl.len(), letters=good.sum(), held=pl.sum("held")).collect()
    return Settled(told, *figures.row(0))


def _with_fates(drafted: Drafted, problems: pl.DataFrame) -> pl.LazyFrame:
    """The drafts with `held` and `reasons`."""
    said = (
        pl.when(pl.col("column") == "")
        .then("message")
        .otherwise(pl.format("{}: {}", "column", "message"))
    )
    reasons = (
        problems.filter(pl.col("severity") == "error")
        .select("row", said=said)
        .group_by("row", maintain_order=True)
        .agg(reasons=pl.col("said").str.join(" "))
        .lazy()
    )
    rows = drafted.drafts.join(reasons, on="row", how="left", maintain_order="left")
    if not drafted.grouped:
        return rows.with_columns(
            held=pl.col("reasons").is_not_null(), reasons=pl.col("reasons").fill_null("")
        )
    return _as_letters(rows, drafted)


def _as_letters(rows: pl.LazyFrame, drafted: Drafted) -> pl.LazyFrame:
    """One row's error keeps its whole letter back; each row knows its letter's identifier."""
    letters = drafted.letters.select("letter", "identifier", "channel", "content").collect(
        engine="streaming"
    )
    held = (
        rows.filter(pl.col("reasons").is_not_null())
        .group_by("letter")
        .agg(at=pl.min("row"))
        .collect(engine="streaming")
    )
    facts = letters.join(held, on="letter", how="left").lazy()
    own = ("identifier", "channel", "content")
    return (
        rows.drop(own)
        .join(facts, on="letter", how="left", maintain_order="left")
        .with_columns(
            held=pl.col("at").is_not_null(),
            reasons=pl.coalesce(
                "reasons",
                pl.format("Its letter is kept back because of row {}.", "at"),
                pl.lit(""),
            ),
        )
        .drop("at")
    )

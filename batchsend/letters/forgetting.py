"""Forgetting a person in a checked list that is kept: what letters say goes, their identifiers
stay."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

import polars as pl

from batchsend.language import N_
from batchsend.letters.snapshot import (
    FATES,
    PROBLEMS_TOLD,
    REPEATS,
    Snapshot,
    portion_name,
)

_STAYS = frozenset({"row", "letter", "identifier", "Identifier", "channel", "language"})
FORGOTTEN = N_("Forgotten by batchsend purge --identifier.")


def forget_letters(snapshot: Snapshot, identifiers: Collection[str], went: Collection[str]) -> int:
    """Empty all that a checked list says of these letters; how many rows it has of them.

    Those that are not among `went` are held, as nothing is left to be sent, and the list is never
    used again in place of a check. Raises OSError where it cannot be written.
    """
    names = pl.col("identifier").is_in(list(identifiers))
    found = snapshot.frame.filter(names).select("row", "identifier").collect(engine="streaming")
    if found.is_empty():
        return 0
    ours = pl.col("row").is_in(found["row"].implode())
    folder = snapshot.path
    for number in range(snapshot.contents.portions):
        path = folder / portion_name(number)
        rows = pl.read_parquet(path)
        if rows.select(ours.any()).item():
            _replace(path, rows.with_columns(_emptied(rows, ours)))
    problems = pl.read_parquet(folder / PROBLEMS_TOLD)
    _replace(folder / PROBLEMS_TOLD, problems.filter(~ours))
    for path in folder.glob("repeats-*.parquet"):
        repeats = pl.read_parquet(path)
        why = pl.when(names).then(pl.lit("")).otherwise("why").alias("why")
        _replace(path, repeats.with_columns(why).cast(REPEATS))
    unsent = found.filter(~pl.col("identifier").is_in(list(went)))["row"].implode()
    is_unsent = pl.col("row").is_in(unsent)
    fates = pl.read_parquet(folder / FATES)
    fates = fates.with_columns(
        pl.col("held") | is_unsent,
        pl.when(is_unsent)
        .then(pl.lit(FORGOTTEN))
        .when(ours)
        .then(pl.lit(""))
        .otherwise("reasons")
        .alias("reasons"),
        *(
            pl.when(ours).then(pl.lit("")).otherwise(name).alias(name)
            for name in fates.columns
            if name == "content"
        ),
    )
    contents = snapshot.contents
    origin = replace(contents.origin, key="")
    _replace(folder / FATES, fates, replace(contents, origin=origin).to_metadata())
    return found.height


def _emptied(rows: pl.DataFrame, ours: pl.Expr) -> list[pl.Expr]:
    return [
        pl.when(ours & pl.col(name).is_not_null()).then(pl.lit("")).otherwise(name).alias(name)
        for name, kind in rows.schema.items()
        if kind == pl.String() and name not in _STAYS
    ]


def _replace(path: Path, frame: pl.DataFrame, metadata: Mapping[str, str] | None = None) -> None:
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    frame.write_parquet(new, compression="lz4", metadata=dict(metadata) if metadata else None)
    new.replace(path)

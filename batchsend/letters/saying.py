"""Saying: what letters say but for their own identifiers, to find the same text in another list."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Self

import polars as pl

from batchsend.letters.contents import shown_columns
from batchsend.letters.folding import folded_text
from batchsend.letters.letter import OWN_DOCUMENTS
from batchsend.letters.mapping import Mapping
from batchsend.letters.settings import PayloadSettings
from batchsend.letters.snapshot import Snapshot
from batchsend.lists import Column

_IDENTIFIER = "Identifier"
_OWN_DOCUMENTS = f"{OWN_DOCUMENTS}(.*)$"
"""The hash of a letter's own documents in its `content`."""


@dataclass(frozen=True, slots=True)
class Saying:
    """By what letters of one mailing are compared: texts of the request, and cells."""

    paths: tuple[str, ...]
    cells: tuple[str, ...]
    """Names of columns."""

    @classmethod
    def of(
        cls, payload: PayloadSettings, snapshot: Snapshot, uses: AbstractSet[str], home: str
    ) -> Self:
        """All texts and all cells that the template looks at (`uses`), but for the identifier and
        the columns that only number the letters: those in it of which no two letters have the
        same cell."""
        mapping = Mapping.compile(payload, snapshot.columns, home)
        numbers = _numbering(mapping.leaves[_IDENTIFIER].columns, snapshot)
        paths = (
            path
            for path, leaf in mapping.leaves.items()
            if path != _IDENTIFIER
            and (leaf.takes_rows or not leaf.columns or not numbers.issuperset(leaf.columns))
        )
        shown = (column for column in shown_columns(mapping, uses) if column not in numbers)
        return cls(tuple(paths), tuple(column.name for column in shown))

    def of_letters(self, snapshot: Snapshot, identifiers: pl.Series) -> pl.DataFrame:
        """Of the letters with these identifiers `identifier` and `said`, a number that is equal
        for equal texts."""
        keys = {column.name: column.key for column in snapshot.columns}
        cells = [pl.col(keys[name]) for name in self.cells if name in keys]
        rows = snapshot.frame.filter(
            ~pl.col("held"), pl.col("identifier").is_in(identifiers.implode())
        )
        looked_at = rows.group_by("letter").agg(
            pl.col("content").first().str.extract(_OWN_DOCUMENTS).fill_null(""),
            cells=_together(cells).sort_by("row").str.join("\n"),
        )
        texts = snapshot.texts(_IDENTIFIER, *self.paths).join(
            looked_at, left_on="row", right_on="letter"
        )
        said = _together([pl.col("channel"), *map(pl.col, (*self.paths, "content", "cells"))])
        return texts.select(
            pl.col(_IDENTIFIER).alias("identifier"), said=folded_text(said).hash()
        ).collect(engine="streaming")


def _together(texts: list[pl.Expr]) -> pl.Expr:
    return pl.concat_str([pl.lit(""), *texts], separator="\n", ignore_nulls=True)


def _numbering(columns: tuple[Column, ...], snapshot: Snapshot) -> frozenset[Column]:
    """Those of the columns in which every letter of the list has another cell; none where there is
    one letter only, of which nobody can tell."""
    letters = snapshot.frame.filter(pl.col("row") == pl.col("letter"))
    distinct = (pl.col(column.key).n_unique().alias(column.key) for column in columns)
    counts = letters.select(pl.len().alias("letters"), *distinct).collect(engine="streaming")
    number = counts.item(0, "letters")
    return frozenset(
        column for column in columns if number > 1 and counts.item(0, column.key) == number
    )

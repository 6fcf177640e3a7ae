"""What a letter says: which columns it shows, and the hash of it all, to tell the same letter from
another under its identifier.

The hash stays the same from run to run and from release to release, since ledgers keep it.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Self

import polars as pl
from xxhash import xxh3_128_hexdigest

from batchsend.expressions import LETTER_NAMES
from batchsend.letters.checks.rules import has_one_form
from batchsend.letters.mapping import Mapping
from batchsend.letters.settings import PayloadSettings
from batchsend.letters.text import trimmed
from batchsend.lists import PERIOD, Column

_TEXT, _CELL, _ROW = "\x1d", "\x1f", "\x1e"


class ContentHash:
    """Hashes the payload, the template, and the cells that the template looks at.

    Columns that no letter shows may change, come or go without making other letters, and so may
    the way in which mailing.toml comes to the same texts, and the formats of a sheet's numbers.
    """

    def __init__(self, mapping: Mapping, uses: frozenset[str], digest: str) -> None:
        self._texts = _all_texts(mapping)
        self._cells = [trimmed(pl.col(column.key)) for column in shown_columns(mapping, uses)]
        self._digest = digest

    def of(self, letters: pl.DataFrame, members: pl.DataFrame) -> pl.Series:
        """One hash per line of `letters`: its texts, and the cells of its `members`."""
        parts = [pl.lit(self._digest), *self._texts]
        if self._cells:
            shown = members.select("letter", cells=pl.concat_str(self._cells, separator=_CELL))
            if members.height > letters.height:
                shown = shown.group_by("letter", maintain_order=True).agg(
                    pl.col("cells").str.join(_ROW)
                )
            parts += [pl.lit(_ROW), pl.lit(shown["cells"])]
        said = letters.select(content=pl.concat_str(parts)).to_series().cast(pl.Binary)
        return said.map_elements(xxh3_128_hexdigest, return_dtype=pl.String, skip_nulls=False)


def _all_texts(mapping: Mapping) -> list[pl.Expr]:
    """The parts of every text of the request after the place it stands in."""
    parts: list[pl.Expr] = []
    fixed = ""
    for path in sorted(mapping.leaves):
        fixed += f"{_TEXT}{path}{_CELL}"
        if path in mapping.constants:
            fixed += mapping.constants[path]
        else:
            leaf = mapping.leaves[path]
            by_number = leaf.in_full is not None and not has_one_form(path)
            parts += [pl.lit(fixed), pl.col(leaf.key_in_full if by_number else path)]
            fixed = ""
    return [*parts, pl.lit(fixed)]


def shown_columns(mapping: Mapping, uses: AbstractSet[str]) -> list[Column]:
    """The columns that the template looks at, in an order that does not hang on the list's own."""
    names = mapping.names
    columns = (
        set(names.columns)
        if uses & {"row", "rows"}
        else {names.columns[names.place(name)] for name in uses - LETTER_NAMES}
    )
    return sorted(columns, key=lambda column: (column.name, column.index))


@dataclass(frozen=True, slots=True)
class ColumnsUsed:
    """Columns of a list in its order, the period's left out."""

    identifying: tuple[Column, ...]
    """Those that the identifier is made of."""
    shown: tuple[Column, ...]
    """Those that the request or the page shows."""
    with_period: bool
    """Whether the identifier is made of the period."""

    @classmethod
    def of(
        cls,
        payload: PayloadSettings,
        columns: tuple[Column, ...],
        uses: AbstractSet[str],
        home: str,
    ) -> Self:
        """`uses`: what the template names. Raises SettingsError for a column that is not there."""
        mapping = Mapping.compile(payload, columns, home)
        own = set(mapping.leaves["Identifier"].columns)
        shown = set(shown_columns(mapping, uses))
        for leaf in mapping.leaves.values():
            shown |= set(columns if leaf.takes_rows else leaf.columns)
        kept = [column for column in columns if column.name != PERIOD]
        return cls(
            tuple(column for column in kept if column in own),
            tuple(column for column in kept if column in shown),
            any(column.name == PERIOD for column in own),
        )

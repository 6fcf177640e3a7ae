"""The hash of all that a letter says, to tell the same letter from another under its identifier.

It stays the same from run to run and from release to release, since ledgers keep it.
"""

from __future__ import annotations

import json
from hashlib import blake2b

import polars as pl

from batchsend.expressions import LETTER_NAMES
from batchsend.letters.mapping import Mapping
from batchsend.letters.text import trimmed

__all__ = ["ContentHash"]

_CELL, _ROW = "\x1f", "\x1e"


class ContentHash:
    """Hashes the payload, the template, and the cells that the template looks at.

    Columns that no letter shows may change, come or go without making other letters.
    """

    def __init__(self, mapping: Mapping, uses: frozenset[str], digest: str) -> None:
        names = mapping.names
        shown = (
            {column.name for column in names.columns if column.name}
            if uses & {"row", "rows"}
            else uses - LETTER_NAMES
        )
        self._cells = [
            trimmed(pl.col(names.columns[names.place(name)].key))
            for name in sorted(shown)
            if _known(mapping, name)
        ]
        self._texts = [leaf.path for leaf in mapping.varying]
        constants = dict(sorted(mapping.constants.items()))
        base = json.dumps([digest, constants, sorted(shown), sorted(self._texts)])
        self._base = blake2b(base.encode(), digest_size=16)

    def of(self, letters: pl.DataFrame, members: pl.DataFrame) -> pl.Series:
        """One hash per line of `letters`: its texts, and the cells of its `members`."""
        texts = letters.select(sorted(self._texts))
        if self._cells:
            cells = pl.concat_str(self._cells, separator=_CELL)
            shown = (
                members.select(cells)
                if members.height == letters.height
                else members.group_by("letter", maintain_order=True).agg(cells.str.join(_ROW))
            )
            texts = texts.with_columns(shown.to_series(-1).alias("shown"))
        said = texts.select(pl.concat_str(pl.all(), separator=_ROW).cast(pl.Binary)).to_series()
        hashes = [_hashed(self._base, text) for text in said.to_list()]
        return pl.Series("content", hashes, dtype=pl.String)


def _hashed(base: blake2b, text: bytes) -> str:
    copy = base.copy()
    copy.update(text)
    return copy.hexdigest()


def _known(mapping: Mapping, name: str) -> bool:
    try:
        mapping.names.place(name)
    except KeyError:
        return False  # two columns share it, so nothing can use it
    return True

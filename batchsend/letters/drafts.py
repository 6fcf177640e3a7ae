"""Drafts: letters as far as each can be judged by itself, before the whole list is known."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True, slots=True)
class Drafted:
    """Drafts on disk, in list order."""

    drafts: pl.LazyFrame
    """A line for every row: `row`, `letter`, its cells, and for the first row of each letter
    `identifier`, `channel`, `language`, `content` and the varying leaves; null for its others."""
    hashes: pl.LazyFrame
    """What repeats are found by, a line for every letter."""
    files: pl.LazyFrame | None
    """`row`, `identifier`, `file` and `file_contents` (a hash) of the letters whose file may be no
    other's, if any may."""
    appended: pl.LazyFrame | None
    """`row` and APPENDED: what comes after letters and may be one letter's own, if anything may."""
    portions: int
    """The files the drafts are in, by `portion_name`."""
    rows: int
    windows: tuple[int, ...]
    """Of a grouped list: row numbers at which letters are cut into what fits into memory."""

    @property
    def letters(self) -> pl.LazyFrame:
        """The drafts of first rows."""
        return self.drafts.filter(pl.col("row") == pl.col("letter"))

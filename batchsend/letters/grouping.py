"""Grouping: which rows make one letter, and portions of whole letters out of a scattered list.

The rows of a letter need not lie together. A row's `letter` is the number of its first row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from batchsend.errors import SettingsError
from batchsend.expressions import Names
from batchsend.letters.mapping import Mapping
from batchsend.letters.problems import Problems
from batchsend.letters.text import trimmed
from batchsend.lists import Column, RecipientList

__all__ = ["Groups", "disagreements", "group", "must_be_aligned"]

WINDOW = 20_000
"""Rows of whole letters that are held at a time."""
_AGREED = frozenset({"Identifier", "Channel", "LanguageID", "Invoicee"})
"""What a letter is known by and to whom, where and how it goes."""


@dataclass(frozen=True, slots=True)
class Groups:
    """A list whose rows know their letters."""

    rows: pl.LazyFrame
    """In list order: `row`, `letter` and the cells."""
    windows: tuple[int, ...]
    """Letters from one of these numbers up to the next are about WINDOW rows together."""

    def portions(self) -> Iterator[pl.DataFrame]:
        """All rows of some letters at a time, in list order; the letters in order, too."""
        for start, stop in zip(self.windows, self.windows[1:], strict=False):
            letter = pl.col("letter")
            yield self.rows.filter(letter >= start, letter < stop).collect()


def group(
    recipients: RecipientList,
    names: Names,
    group_by: tuple[str, ...],
    folder: Path,
    problems: Problems,
) -> Groups:
    """Find the letter of every row; `folder` takes the list with it.

    Rows without anything to group by are problems, each a letter of its own.
    Raises SettingsError where `group_by` names no column.
    """
    columns = [_column(names, name) for name in group_by]
    cells = [trimmed(pl.col(column.key)) for column in columns]
    key = pl.concat_str(cells, separator="\x1f")
    # 128 bits, so that no two customers ever share a letter by chance.
    keys = recipients.rows.select(
        "row",
        key=key.hash(seed=1),
        other=key.hash(seed=2),
        empty=pl.all_horizontal(cell == "" for cell in cells),
    ).collect(engine="streaming")
    letters = keys.select(
        "row",
        "empty",
        letter=pl.when("empty").then("row").otherwise(pl.min("row").over("key", "other")),
    )
    problems.tell(
        letters,
        pl.col("empty"),
        "Empty, so it is not known which letter this row belongs to.",
        column=", ".join(column.heading for column in columns),
    )
    path = folder / "grouped.parquet"
    beside = letters.lazy().select("letter", letter_of="row")
    pl.concat([recipients.rows, beside], how="horizontal").sink_parquet(
        path, compression="lz4", row_group_size=WINDOW
    )
    rows = pl.scan_parquet(path, glob=False)
    must_be_aligned(rows, "letter_of")
    return Groups(rows.drop("letter_of"), _windows(letters["letter"]))


def disagreements(mapping: Mapping, members: pl.DataFrame, problems: Problems) -> None:
    """Tell each row that names another recipient than the first row of its letter, or would make
    it another letter.

    `members` holds all rows of its letters, in list order: a list sorted anew has other first rows,
    and must come to the same letters.
    """
    if members.height == members["letter"].n_unique():
        return
    for leaf in mapping.varying:
        if not (leaf.columns and leaf.path.partition(".")[0] in _AGREED):
            continue
        cells = [trimmed(pl.col(column.key)) for column in leaf.columns]
        here = leaf.made if isinstance(leaf.made, pl.Expr) else pl.concat_str(cells, separator=" ")
        texts = members.select("row", "letter", here=here).with_columns(
            first=pl.first("here").over("letter")
        )
        problems.tell(
            texts,
            pl.col("here") != pl.col("first"),
            pl.format(
                "Differs from row {}, which goes into the same letter; "
                "make them agree, or group by something else.",
                "letter",
            ),
            column=leaf.headings,
        )


def must_be_aligned(rows: pl.LazyFrame, other: str) -> None:
    """Make sure of what was laid side by side: a slip would put one's data into another's letter.

    `other` is the row number that came with the right-hand side.
    """
    if not rows.select((pl.col("row") == pl.col(other)).all()).collect().item():
        raise RuntimeError("rows were laid beside those of others")


def _column(names: Names, name: str) -> Column:
    try:
        return names.columns[names.place(name)]
    except KeyError:
        raise SettingsError(f"list.group_by: {names.why_not(name)}.") from None


def _windows(letters: pl.Series) -> tuple[int, ...]:
    """Numbers at which to cut: `letters` has the letter of every row."""
    if letters.is_empty():
        return ()
    sizes = letters.value_counts(name="rows").sort("letter")
    cut = (pl.cum_sum("rows") - 1) // WINDOW
    starts = sizes.select("letter", window=cut).group_by("window").agg(pl.min("letter"))
    return (*sorted(starts["letter"].to_list()), int(letters.max()) + 1)  # type: ignore[arg-type]  # not empty

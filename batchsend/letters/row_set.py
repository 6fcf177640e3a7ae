"""RowSet: which rows of a list are meant, as `2,5-9,20-` says it.

Row numbers are the spreadsheet's. Knows nothing of lists or letters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

import polars as pl

from batchsend.errors import SettingsError
from batchsend.language import _

_LAST = 2**32 - 1
_PART = re.compile(r"(\d{1,9})(?:\s*(-|–)\s*(\d{1,9})?)?")


@dataclass(frozen=True, slots=True)
class RowSet:
    """Row numbers as ranges, both ends included, ascending, apart from each other.

    >>> RowSet.parse("5-9, 2")
    RowSet(ranges=((2, 2), (5, 9)))
    >>> str(RowSet.parse("5-9, 2, 20-"))
    '2,5-9,20-'
    """

    ranges: tuple[tuple[int, int], ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `2,5-9,20-`; SettingsError where it is something else."""
        found = []
        for part in filter(None, (part.strip() for part in text.split(","))):
            match = _PART.fullmatch(part)
            if match is None:
                raise SettingsError(
                    _(
                        "{part!r} is not a row or a range of rows; write it as 2,5-9 or 20-.",
                        part=part,
                    )
                )
            first = int(match[1])
            last = first if match[2] is None else int(match[3]) if match[3] else _LAST
            if last < first:
                raise SettingsError(
                    _(
                        "{part!r} ends before it begins; write it as {last}-{first}.",
                        part=part,
                        last=last,
                        first=first,
                    )
                )
            found.append((first, last))
        if not found:
            raise SettingsError(_("No row is given; write them as 2,5-9 or 20-."))
        return cls(_joined(found))

    @classmethod
    def of(cls, rows: pl.Series) -> Self:
        """The rows of a series of row numbers, in any order."""
        ordered = rows.cast(pl.Int64).unique().sort()
        if ordered.is_empty():
            return cls(())
        starts = ordered.filter(ordered.diff().fill_null(2) > 1)
        ends = ordered.filter(ordered.diff().shift(-1).fill_null(2) > 1)
        return cls(tuple(zip(starts.to_list(), ends.to_list(), strict=True)))

    def __str__(self) -> str:
        return ",".join(_part(first, last) for first, last in self.ranges)

    def contains(self, row: pl.Expr) -> pl.Expr:
        """Whether a row number is one of these, as a boolean expression."""
        if not self.ranges:
            return pl.lit(False)
        starts = pl.Series([first for first, _other in self.ranges], dtype=pl.UInt32)
        # One more in front, so that what comes before the first range finds an empty one.
        ends = pl.Series([-1, *(last for _other, last in self.ranges)], dtype=pl.Int64)
        place = pl.lit(starts).search_sorted(row.cast(pl.UInt32), side="right")
        return row <= pl.lit(ends).gather(place)


def _part(first: int, last: int) -> str:
    if last == _LAST:
        return f"{first}-"
    return str(first) if first == last else f"{first}-{last}"


def _joined(ranges: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    joined: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return tuple(joined)

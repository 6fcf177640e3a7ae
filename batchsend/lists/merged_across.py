"""Cells of a recipient that are merged sideways: one text stands in several columns."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from batchsend.language import _
from batchsend.lists.aliases import known_heading
from batchsend.lists.problems import Problem
from batchsend.text import blank


def filled_from_the_left(
    across: Mapping[int, Collection[int]], headings: Sequence[str]
) -> Iterator[Problem]:
    """What is wrong with rows that have the text of one column in another, too, by positions.

    A part of a name or an address is held so: it would be printed twice, or be another part. Where
    the columns share one heading as well, that is but a wide column.
    """
    for row, places in across.items():
        for at in places:
            if at >= len(headings) or blank(headings[at]):
                continue
            yield Problem(
                row,
                at,
                "",
                _(
                    "the sheet shows this cell as one with the cell to its left, and its text was "
                    "read in both columns; unmerge them, and fill in what this one is to say"
                ),
                "error" if known_heading(headings[at]) else "warning",
            )

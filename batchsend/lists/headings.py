"""Headings: the columns that a row of headings makes.

Knows nothing of files; it works on the headings as they were typed.
"""

from __future__ import annotations

from collections.abc import Sequence

from batchsend.lists.recipients import Column
from batchsend.text import column_name


def columns_from(headings: Sequence[str]) -> tuple[Column, ...]:
    """One `Column` per heading; one without a heading is called `column_7` by its position."""
    return tuple(
        Column(index, heading, column_name(heading) or f"column_{index + 1}")
        for index, heading in enumerate(headings)
    )

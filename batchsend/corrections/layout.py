"""What batchsend adds to the rows of a needs-attention workbook."""

from __future__ import annotations

from batchsend.language import N_, in_each_language
from batchsend.text import column_name

REASONS = N_("What is wrong (batchsend)")
"""The heading of the column that says what is wrong."""
ROW = N_("Row in the list (batchsend)")
"""The heading of the column with the list's own row numbers."""
ORIGINAL = "batchsend"
"""The hidden sheet with the rows as they were written, so that it can be seen what was changed."""


def is_reasons(heading: str) -> bool:
    """Whether this is the heading of the column that says what is wrong."""
    return _is(heading, REASONS)


def is_row(heading: str) -> bool:
    """Whether this is the heading of the column with the list's own row numbers."""
    return _is(heading, ROW)


def is_own(heading: str) -> bool:
    """Whether this is the heading of a column that batchsend has added."""
    return is_reasons(heading) or is_row(heading)


def _is(heading: str, message: str) -> bool:
    """Whether a workbook of any language has this heading for it."""
    said = column_name(heading)
    return any(said == column_name(each) for each in in_each_language(message))

"""What batchsend adds to the rows of a needs-attention workbook."""

from __future__ import annotations

from batchsend.language import N_
from batchsend.text import column_name

REASONS = N_("What is wrong (batchsend)")
"""The heading of the column that says what is wrong."""
ROW = N_("Row in the list (batchsend)")
"""The heading of the column with the list's own row numbers."""
ORIGINAL = "batchsend"
"""The hidden sheet with the rows as they were written, so that it can be seen what was changed."""
_OWN = frozenset({column_name(REASONS), column_name(ROW)})


def is_reasons(heading: str) -> bool:
    """Whether this is the heading of the column that says what is wrong."""
    return column_name(heading) == column_name(REASONS)


def is_own(heading: str) -> bool:
    """Whether this is the heading of a column that batchsend has added."""
    return column_name(heading) in _OWN

"""Cell text as it goes into a letter: without the blanks that come along from spreadsheets.

Polars expressions only; what counts as blank is decided in `batchsend.text`.
"""

from __future__ import annotations

import polars as pl

from batchsend.text import BLANKS

RUN = f"[{BLANKS}]{{2,}}"
"""Two blanks or more, for a regular expression."""


def trimmed(text: pl.Expr) -> pl.Expr:
    """Without blanks at either end."""
    return text.str.strip_chars(BLANKS)


def squeezed(text: pl.Expr) -> pl.Expr:
    """Trimmed, and each run of blanks inside made one blank: a middle name may be missing."""
    return trimmed(text.str.replace_all(RUN, " "))

"""visible: texts as they can be shown, with a sign that can be seen for each that cannot."""

from __future__ import annotations

import polars as pl

_UNSEEN = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]"
"""Control characters, and those that turn the direction of what is around them."""


def visible(cell: pl.Expr) -> pl.Expr:
    """The cells' text without control characters; `cell` may stand for several columns."""
    return cell.cast(pl.String).str.replace_all(_UNSEEN, "\ufffd")

"""Causes: reasons that differ only in figures, and in what they quote, have one cause and one cure.

The page's script groups by the same rule.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

_VARIES = r"[“«][^”»]*[”»]|\d+|…"
_ANY = "…"
COMPARED = 50
"""So many different reasons of one cause are looked at for what they have in common."""

cause = pl.col("reason").fill_null("").str.replace_all(_VARIES, _ANY).alias("cause")


def as_one(reasons: Sequence[str]) -> str:
    """Reasons of one cause as one sentence, with what differs left open.

    >>> as_one(["A postcode has 4 digits: perhaps 0581.", "A postcode has 4 digits: perhaps 0655."])
    'A postcode has 4 digits: perhaps ….'
    """
    parts = [re.split(f"({_VARIES})", reason) for reason in reasons]
    places = zip(*parts, strict=True)
    return "".join(texts[0] if len(set(texts)) == 1 else _ANY for texts in places)

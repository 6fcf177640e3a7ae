"""Folding: identifiers and recipients without what people and programs change of them unseen.

Polars expressions only. What folds alike may still be two things: whoever compares says what else
must agree.
"""

from __future__ import annotations

from functools import reduce
from operator import or_

import polars as pl

_POINT_ZERO = r"(\d)[.,]0+([^\d]|$)"
"""What programs make of a whole number that they took for one with decimals: `1001.0`."""
_ZEROS_IN_FRONT = r"(^|[^\d])0+(\d)"
_SEPARATORS = r"[^\pL\pM\pN]+"
"""Blanks, and every sign that is neither letter nor digit."""
_SEPARATORS_AND_ZEROS = rf"{_SEPARATORS}|0+"
_WORD = r"[\pL\pM\pN]+"
_UNSEEN = r"\p{Default_Ignorable_Code_Point}"
"""Soft hyphens, joiners, variation selectors: nobody sees them, so they part nothing (UAX #44)."""


def folded_identifier(identifier: pl.Expr) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """An identifier in three forms, of which one is equal where two are written alike but for case,
    NFKC, blanks, separators, zeros in front of digits, and `.0` behind them; null if nothing is
    left of it.

    In the first a separator ends a number, so that 2024-001 is 2024-1; in the second it is a part
    of it, so that 1 001 is 1001. In the third `.0` is a part like others, so that K-1.0 is K-1-0.
    """
    spelled = _spelled_alike(identifier)
    whole = spelled.str.replace_all(_POINT_ZERO, "${1}${2}")
    apart = _without_separators(_without_zeros(whole))
    together = _without_zeros(_without_separators(whole))
    parts = _without_zeros(spelled.str.replace_all(_SEPARATORS, "-").str.strip_chars("-"))
    return _something(apart), _something(together), _something(parts)


def folded_alike(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    """Whether two identifiers have a folded form in common."""
    pairs = zip(folded_identifier(one), folded_identifier(other), strict=True)
    return reduce(or_, ((form == like).fill_null(value=False) for form, like in pairs))


def roughly_folded(identifier: pl.Expr) -> pl.Expr:
    """A text that is equal where a folded form is, and seldom elsewhere: a first sieve for a
    million identifiers."""
    return _spelled_alike(identifier).str.replace_all(_SEPARATORS_AND_ZEROS, "")


def folded_text(text: pl.Expr) -> pl.Expr:
    """A text, as an address, by its letters and digits alone, numbers without zeros in front; null
    if there are none."""
    return _something(_without_separators(_without_zeros(_spelled_alike(text))))


def folded_words(text: pl.Expr) -> pl.Expr:
    """A name by its words alone, in whatever order it has them; null if there are none."""
    words = _spelled_alike(text).str.extract_all(_WORD).list.sort().list.join(" ")
    return _something(words)


def _spelled_alike(text: pl.Expr) -> pl.Expr:
    seen = text.str.normalize("NFKC").str.replace_all(_UNSEEN, "")
    # In this order, so that ß and SS are one.
    return seen.str.to_uppercase().str.to_lowercase()


def _without_zeros(text: pl.Expr) -> pl.Expr:
    return text.str.replace_all(_ZEROS_IN_FRONT, "${1}${2}")


def _without_separators(text: pl.Expr) -> pl.Expr:
    return text.str.replace_all(_SEPARATORS, "")


def _something(text: pl.Expr) -> pl.Expr:
    return pl.when(text != "").then(text)

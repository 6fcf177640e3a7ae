"""Arithmetic on the digits of many numbers at once."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl


def digits_of(texts: pl.Series, count: int) -> pl.DataFrame:
    """The digits of each text as `d0`, `d1` and so on; null where it is not `count` digits."""
    whole = texts.to_frame("text").select(
        pl.when(pl.col("text").str.contains(rf"^[0-9]{{{count}}}$"))
        .then("text")
        .cast(pl.UInt64, strict=False)
    )
    value = pl.col("text")
    return whole.select(
        (value // 10 ** (count - 1 - place) % 10).cast(pl.Int32).alias(f"d{place}")
        for place in range(count)
    )


def number(*places: int) -> pl.Expr:
    """The number that the digits at these places make."""
    value: pl.Expr = pl.col(f"d{places[0]}")
    for place in places[1:]:
        value = value * 10 + pl.col(f"d{place}")
    return value


def weighted(weights: Sequence[int]) -> pl.Expr:
    """The sum of the first digits, each times its weight."""
    return pl.sum_horizontal(
        (pl.col(f"d{place}") * weight for place, weight in enumerate(weights)), ignore_nulls=False
    )


def luhn(count: int) -> pl.Expr:
    """Whether the last of `count` digits is the others' check digit, modulus 10 (ISO 7812)."""
    digits = [pl.col(f"d{place}") for place in reversed(range(count))]
    doubled = [digit * 2 // 10 + digit * 2 % 10 for digit in digits[1::2]]
    return pl.sum_horizontal(*digits[::2], *doubled, ignore_nulls=False) % 10 == 0

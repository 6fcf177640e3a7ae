"""Arithmetic on the digits of many numbers at once."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

__all__ = ["digits_of", "luhn", "two", "weighted"]


def digits_of(number: pl.Expr, count: int) -> list[pl.Expr]:
    """The digits of a number of `count` digits, first one first, as integers."""
    whole = number.cast(pl.Int64, strict=False)
    return [whole // 10 ** (count - 1 - place) % 10 for place in range(count)]


def two(digits: Sequence[pl.Expr], place: int) -> pl.Expr:
    """The number that the digits at `place` and after it make."""
    return digits[place] * 10 + digits[place + 1]


def weighted(digits: Sequence[pl.Expr], weights: Sequence[int]) -> pl.Expr:
    """The sum of the digits, each times its weight."""
    return pl.sum_horizontal(
        digit * weight for digit, weight in zip(digits, weights, strict=True) if weight
    )


def luhn(digits: Sequence[pl.Expr]) -> pl.Expr:
    """Whether the last digit is the check digit of the others, modulus 10 (ISO 7812)."""
    total = pl.lit(0)
    for place, digit in enumerate(reversed(digits)):
        total = total + (digit * 2 // 10 + digit * 2 % 10 if place % 2 else digit)
    return total % 10 == 0

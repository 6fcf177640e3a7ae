"""Which kinds of Nordic national id a text is, whole columns at a time.

Rules: Norway's fødselsnummer and D-number (Skatteetaten: modulus 11 twice, D-numbers with day
+ 40, synthetic test numbers with month + 80); Sweden's personnummer and samordningsnummer
(Skatteverket: modulus 10, day + 60); Denmark's CPR (the date only: numbers that fit no modulus
are given out since 2007); Finland's henkilötunnus (Digi- ja väestötietovirasto: modulus 31).
"""

from __future__ import annotations

import polars as pl

from batchsend.letters.checks.digits import digits_of, luhn, two, weighted

__all__ = ["FINNISH", "danish", "finnish", "norwegian", "swedish", "test_number"]

FINNISH = r"^\d{6}[-+A-FU-Y]\d{3}[0-9A-Z]$"
_FINNISH_CHECKS = "0123456789ABCDEFHJKLMNPRSTUVWXY"


def norwegian(text: pl.Expr) -> pl.Expr:
    """Whether a text is a fødselsnummer or D-number, synthetic ones among them."""
    digits = digits_of(text, 11)
    day, month, year = two(digits, 0), two(digits, 2), two(digits, 4)
    day = pl.when(day > 40).then(day - 40).otherwise(day)
    month = pl.when(month > 80).then(month - 80).otherwise(month)
    checks = (weighted(digits, (3, 7, 6, 1, 8, 9, 4, 5, 2, 1, 0)) % 11 == 0) & (
        weighted(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0
    )
    # The individual number tells the century, and not every pair of the two is given out.
    individual = two(digits, 6) * 10 + digits[8]
    nineteenth = (individual < 750) & (year >= 54)
    twentieth = (individual < 500) | (individual >= 900)
    century_known = nineteenth | twentieth | (year < 40)
    in_1900 = (individual < 500) & (year == 0)  # the one year 00 without a leap day
    dated = _date(day, month, (year % 4 == 0) & ~in_1900)
    return text.str.contains(r"^\d{11}$") & checks & century_known & dated


def test_number(text: pl.Expr) -> pl.Expr:
    """Whether a Norwegian id is a synthetic one, that nobody real has."""
    return text.str.slice(2, 1).is_in(["8", "9"])


def swedish(text: pl.Expr) -> pl.Expr:
    """Whether 10 or 12 digits (or 10 with `+` in them) are a personnummer or samordningsnummer."""
    short = text.str.replace(r"^(?:18|19|20)(\d{10})$", "$1").str.replace(
        r"^(\d{6})\+(\d{4})$", "$1$2"
    )
    digits = digits_of(short, 10)
    day = two(digits, 4)
    day = pl.when(day > 60).then(day - 60).otherwise(day)
    dated = _date(day, two(digits, 2), two(digits, 0) % 4 == 0)
    return short.str.contains(r"^\d{10}$") & dated & luhn(digits)


def danish(text: pl.Expr) -> pl.Expr:
    """Whether 10 digits are a CPR number."""
    digits = digits_of(text, 10)
    dated = _date(two(digits, 0), two(digits, 2), two(digits, 4) % 4 == 0)
    return text.str.contains(r"^\d{10}$") & dated


def finnish(text: pl.Expr) -> pl.Expr:
    """Whether a text is a henkilötunnus."""
    digits = digits_of(text.str.slice(0, 6), 6)
    dated = _date(two(digits, 0), two(digits, 2), two(digits, 4) % 4 == 0)
    number = (text.str.slice(0, 6) + text.str.slice(7, 3)).cast(pl.Int64, strict=False)
    checks = pl.lit(pl.Series(list(_FINNISH_CHECKS)))
    fits = checks.gather((number % 31).fill_null(0)) == text.str.slice(10, 1)
    return text.str.contains(FINNISH) & dated & fits


def _date(day: pl.Expr, month: pl.Expr, leap: pl.Expr) -> pl.Expr:
    longest = (
        pl.when(month == 2)
        .then(pl.when(leap).then(29).otherwise(28))
        .when(month.is_in([4, 6, 9, 11]))
        .then(30)
        .otherwise(31)
    )
    return month.is_between(1, 12) & (day >= 1) & (day <= longest)

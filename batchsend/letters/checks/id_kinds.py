"""Which kinds of Nordic national id a text is, whole columns at a time.

Rules: Norway's fødselsnummer and D-number (Skatteetaten: modulus 11 twice, D-numbers with day
+ 40, synthetic test numbers with month + 80); Sweden's personnummer and samordningsnummer
(Skatteverket: modulus 10, day + 60); Denmark's CPR (the date only: numbers that fit no modulus
are given out since 2007); Finland's henkilötunnus (Digi- ja väestötietovirasto: modulus 31).
"""

from __future__ import annotations

import polars as pl

from batchsend.letters.checks.digits import digits_of, luhn, number, weighted

FINNISH = r"^[0-9]{6}[-+A-FU-Y][0-9]{3}[0-9A-Z]$"
_FINNISH_CHECKS = "0123456789ABCDEFHJKLMNPRSTUVWXY"


def norwegian(texts: pl.Series) -> pl.Series:
    """Whether each text is a fødselsnummer or D-number, synthetic ones among them."""
    frame = digits_of(texts, 11).select(
        day=_less(number(0, 1), 40),
        month=_less(number(2, 3), 80),
        year=number(4, 5),
        individual=number(6, 7, 8),
        checks=(weighted((3, 7, 6, 1, 8, 9, 4, 5, 2, 1)) % 11 == 0)
        & (weighted((5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0),
    )
    year, individual = pl.col("year"), pl.col("individual")
    # The individual number tells the century, and not every pair of the two is given out.
    nineteenth = (individual < 750) & (year >= 54)
    twentieth = (individual < 500) | (individual >= 900)
    century_known = nineteenth | twentieth | (year < 40)
    in_1900 = (individual < 500) & (year == 0)  # the one year 00 without a leap day
    return _told(frame, pl.col("checks") & century_known & _dated((year % 4 == 0) & ~in_1900))


def test_number(text: pl.Expr) -> pl.Expr:
    """Whether a Norwegian id is a synthetic one, that nobody real has."""
    return text.str.slice(2, 1).is_in(["8", "9"])


def swedish(texts: pl.Series) -> pl.Series:
    """Whether 10 or 12 digits (or 10 with `+` in them) are a personnummer or samordningsnummer."""
    short = texts.str.replace(r"^(?:18|19|20)([0-9]{10})$", "$1").str.replace(
        r"^([0-9]{6})\+([0-9]{4})$", "$1$2"
    )
    frame = digits_of(short, 10).select(
        day=_less(number(4, 5), 60), month=number(2, 3), year=number(0, 1), checks=luhn(10)
    )
    return _told(frame, pl.col("checks") & _dated(pl.col("year") % 4 == 0))


def danish(texts: pl.Series) -> pl.Series:
    """Whether each text is a CPR number, without its hyphen."""
    frame = digits_of(texts, 10).select(day=number(0, 1), month=number(2, 3), year=number(4, 5))
    return _told(frame, _dated(pl.col("year") % 4 == 0))


def finnish(texts: pl.Series) -> pl.Series:
    """Whether each text is a henkilötunnus."""
    # The sign of the century taken out, the check sign apart: nine digits, and what they must give.
    digits = texts.str.slice(0, 6) + texts.str.slice(7, 3)
    remainder = number(*range(9)) % 31
    checks = remainder.replace_strict(dict(enumerate(_FINNISH_CHECKS)), return_dtype=pl.String)
    frame = digits_of(digits, 9).select(
        day=number(0, 1), month=number(2, 3), year=number(4, 5), check=checks
    )
    frame = frame.with_columns(text=texts)
    text = pl.col("text")
    fits = text.str.contains(FINNISH) & (text.str.slice(10, 1) == pl.col("check"))
    return _told(frame, fits & _dated(pl.col("year") % 4 == 0))


def _less(value: pl.Expr, mark: int) -> pl.Expr:
    """A day or month that has `mark` added to it to say what kind of number it is of."""
    return pl.when(value > mark).then(value - mark).otherwise(value)


def _dated(leap: pl.Expr) -> pl.Expr:
    """Whether `day` and `month` are a date, given that the year has a leap day."""
    day, month = pl.col("day"), pl.col("month")
    longest = (
        pl.when(month == 2)
        .then(pl.when(leap).then(29).otherwise(28))
        .when(month.is_in([4, 6, 9, 11]))
        .then(30)
        .otherwise(31)
    )
    return month.is_between(1, 12) & (day >= 1) & (day <= longest)


def _told(frame: pl.DataFrame, fits: pl.Expr) -> pl.Series:
    return frame.select(fits.fill_null(False).alias("fits")).to_series()

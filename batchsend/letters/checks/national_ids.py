"""National identity numbers of Norway, Sweden, Denmark and Finland.

An id belongs to a person, not to an address: one that is unmistakably another Nordic country's
passes everywhere. Ten digits can be Swedish or Danish, or a Norwegian id that lost its zero, so
there the country decides.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import polars as pl

from batchsend.language import N_, _
from batchsend.letters.checks.digits import digits_of, luhn, number, weighted
from batchsend.letters.checks.judged import Judged, judged, settle
from batchsend.letters.checks.spoilt import unless_spoilt

_FORMS = {
    "NO": N_("Not a national id: a Norwegian one is 11 digits."),
    "SE": N_(
        "Not a national id: a Swedish one is YYMMDD-NNNN or YYYYMMDD-NNNN, and its last "
        "digit is a check digit. Look it up again."
    ),
    "DK": N_("Not a national id: a Danish one is DDMMYY-NNNN."),
    "FI": N_(
        "Not a national id: a Finnish one is DDMMYY-NNNX, and its last character is a check "
        "character. Look it up again."
    ),
}
_ANYWHERE = N_("Not a national id of Norway, Sweden, Denmark or Finland.")
_ELEVEN = N_(
    "Not a national id: the date or the check digits in it do not fit. A digit is probably "
    "wrong; look it up again."
)
_LOST_ZERO = N_(
    "A Norwegian national id has 11 digits and this has 10: the zero in front was probably "
    "lost. Put it back, and format the column as text."
)
_SYNTHETIC = N_(
    "A synthetic test number, which nobody has. In a rehearsal, let such numbers pass with "
    "synthetic_ids = true under [checks]."
)


def judge_national_ids(texts: pl.Series, countries: pl.Series, *, synthetic: bool) -> Judged:
    """Whether each text is a national id; it is sent without the blanks and the hyphen in it.

    `synthetic` lets Norwegian test numbers pass. Messages never repeat the number.
    """
    frame = pl.DataFrame({"text": texts, "country": countries})
    passes = pl.lit(norwegian(texts)) & (pl.lit(synthetic) | ~test_number(pl.col("text")))
    rest = unless_spoilt(partial(_judge_others, synthetic=synthetic))
    return settle(frame, passes, pl.col("text"), rest)


def _judge_others(frame: pl.DataFrame, *, synthetic: bool) -> Judged:
    frame = _with_kinds(frame)
    refused = pl.lit(not synthetic) & pl.col("norwegian") & test_number(pl.col("bare"))
    passes = _passes() & ~refused
    wrong = pl.when(~passes).then(pl.when(refused).then(pl.lit(_(_SYNTHETIC))).otherwise(_why()))
    return judged(frame, value=pl.when(passes).then("bare").otherwise("text"), wrong=wrong)


def _with_kinds(frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` with each text laid `bare`, its `length`, and which kinds of id it is."""
    frame = frame.with_columns(
        upper=pl.col("text").str.to_uppercase().str.replace_all(r"[\s\u00a0\u202f]", "")
    )
    # A Finnish id keeps its hyphen, which tells the century.
    a_finn = pl.lit(finnish(frame["upper"])) & ~pl.col("country").is_in(["SE", "DK"])
    frame = frame.with_columns(
        finnish=a_finn, short=pl.col("upper").str.contains(r"^[0-9]{6}[-+][0-9]{4}$")
    ).with_columns(
        bare=pl.when("finnish")
        .then("upper")
        .otherwise(pl.col("upper").str.replace(r"^([0-9]{6}|[0-9]{8})-([0-9]{4,5})$", "$1$2"))
    )
    bare = frame["bare"]
    lengths = set(bare.str.len_chars().unique().to_list())
    kinds: dict[str, tuple[set[int], Callable[[pl.Series], pl.Series]]] = {
        "norwegian": ({11}, norwegian),
        "swedish": ({10, 11, 12}, swedish),
        "danish": ({10}, danish),
    }
    # A kind that no text has the length of costs nothing.
    return frame.with_columns(
        length=bare.str.len_chars(),
        lost_zero=norwegian("0" + bare) if 10 in lengths else pl.lit(False),
        **{
            kind: is_kind(bare) if lengths & sizes else pl.lit(False)
            for kind, (sizes, is_kind) in kinds.items()
        },
    )


def _passes() -> pl.Expr:
    country, ten = pl.col("country"), pl.col("length") == 10
    elsewhere = ~country.is_in(["NO", "SE", "DK", "FI"])
    swedish_form = pl.col("short") & (country == "NO")
    elsewhere &= ~pl.col("lost_zero") | pl.col("short")
    return (
        pl.col("norwegian")
        | pl.col("finnish")
        | (pl.col("swedish") & (~ten | (country == "SE") | elsewhere | swedish_form))
        | (pl.col("danish") & ((country == "DK") | elsewhere))
    )


def _why() -> pl.Expr:
    all_digits = pl.col("bare").str.contains(r"^[0-9]+$")
    length, country = pl.col("length"), pl.col("country")
    ten_digits = all_digits & (length == 10)
    forms = {code: _(said) for code, said in _FORMS.items()}
    return (
        pl.when(all_digits & (length == 11))
        .then(pl.lit(_(_ELEVEN)))
        .when(ten_digits & ((country == "NO") | pl.col("lost_zero")) & ~pl.col("short"))
        .then(pl.lit(_(_LOST_ZERO)))
        .otherwise(country.replace_strict(forms, default=_(_ANYWHERE), return_dtype=pl.String))
    )


FINNISH = r"^[0-9]{6}[-+A-FU-Y][0-9]{3}[0-9A-Z]$"
_FINNISH_CHECKS = "0123456789ABCDEFHJKLMNPRSTUVWXY"


_TEST_MONTHS = (80, 65, 40)
"""What is added to the months of synthetic people: the tax office's (Tenor), and NAV's."""


def norwegian(texts: pl.Series) -> pl.Series:
    """Whether each text is a fødselsnummer or D-number, synthetic ones among them."""
    frame = digits_of(texts, 11).select(
        day=_less(number(0, 1), 40),
        month=_less(number(2, 3), *_TEST_MONTHS),
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
    return text.str.slice(2, 1).is_in(["4", "5", "6", "7", "8", "9"])


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


def _less(value: pl.Expr, *marks: int) -> pl.Expr:
    """A day or month that has one of `marks`, the greatest first, added to it to say what kind of
    number it is of."""
    found = (pl.when(value > mark).then(value - mark) for mark in marks)
    return pl.coalesce(*found, value)


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

"""National identity numbers of Norway, Sweden, Denmark and Finland.

An id belongs to a person, not to an address: one that is unmistakably another Nordic country's
passes everywhere. Ten digits can be Swedish or Danish, or a Norwegian id that lost its zero, so
there the country decides.
"""

from __future__ import annotations

import polars as pl

from batchsend.letters.checks.id_kinds import (
    FINNISH,
    danish,
    finnish,
    norwegian,
    swedish,
    test_number,
)
from batchsend.letters.checks.judged import Judged, judged

__all__ = ["judge_national_ids"]

_FORMS = {
    "NO": "Not a national id: a Norwegian one is 11 digits.",
    "SE": "Not a national id: a Swedish one is YYMMDD-NNNN or YYYYMMDD-NNNN, and its last digit "
    "is a check digit. Look it up again.",
    "DK": "Not a national id: a Danish one is DDMMYY-NNNN.",
    "FI": "Not a national id: a Finnish one is DDMMYY-NNNX, and its last sign is a check sign. "
    "Look it up again.",
}
_ANYWHERE = "Not a national id of Norway, Sweden, Denmark or Finland."
_ELEVEN = (
    "Not a national id: the date or the check digits in it do not fit. A digit is probably wrong; "
    "look it up again."
)
_LOST_ZERO = (
    "A Norwegian national id has 11 digits and this has 10: the zero in front was probably lost. "
    "Put it back, and format the column as text."
)
_SYNTHETIC = (
    "A synthetic test number, which nobody has. In a rehearsal, let such numbers pass with "
    "synthetic_ids = true under [checks]."
)


def judge_national_ids(texts: pl.Series, countries: pl.Series, *, synthetic: bool) -> Judged:
    """Whether each text is a national id; it is sent without blanks and hyphens.

    `synthetic` lets Norwegian test numbers pass. Messages never repeat the number.
    """
    frame = _with_kinds(pl.DataFrame({"text": texts, "country": countries}))
    refused = pl.lit(not synthetic) & pl.col("norwegian") & test_number(pl.col("bare"))
    passes = _passes() & ~refused
    wrong = pl.when((pl.col("text") != "") & ~passes).then(
        pl.when(refused).then(pl.lit(_SYNTHETIC)).otherwise(_why())
    )
    return judged(frame, value=pl.when(passes).then("bare").otherwise("text"), wrong=wrong)


def _with_kinds(frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` with each text laid `bare`, its `length`, and which kinds of id it is."""
    upper = pl.col("text").str.to_uppercase().str.replace_all(r"[\s\u00a0\u202f.]", "")
    short = upper.str.contains(r"^\d{6}[-+]\d{4}$")
    a_finn = upper.str.contains(FINNISH) & ~short
    frame = frame.with_columns(
        bare=pl.when(a_finn).then(upper).otherwise(upper.str.replace_all("-", "")),
        short=short,
    ).with_columns(length=pl.col("bare").str.len_chars())
    # A kind that no text has the length of costs nothing.
    lengths = set(frame["length"].unique().to_list())
    bare, never = pl.col("bare"), pl.lit(False)
    return frame.with_columns(
        norwegian=norwegian(bare).fill_null(False) if 11 in lengths else never,
        swedish=swedish(bare).fill_null(False) if lengths & {10, 11, 12} else never,
        danish=danish(bare).fill_null(False) if 10 in lengths else never,
        finnish=finnish(bare).fill_null(False) if 11 in lengths else never,
    )


def _passes() -> pl.Expr:
    country, ten = pl.col("country"), pl.col("length") == 10
    elsewhere = ~country.is_in(["NO", "SE", "DK"])
    return (
        pl.col("norwegian")
        | pl.col("finnish")
        | (pl.col("swedish") & (~ten | (country == "SE") | elsewhere | pl.col("short")))
        | (pl.col("danish") & ((country == "DK") | elsewhere))
    )


def _why() -> pl.Expr:
    all_digits = pl.col("bare").str.contains(r"^\d+$")
    length, country = pl.col("length"), pl.col("country")
    return (
        pl.when(all_digits & (length == 11))
        .then(pl.lit(_ELEVEN))
        .when(all_digits & (length == 10) & (country == "NO") & ~pl.col("short"))
        .then(pl.lit(_LOST_ZERO))
        .otherwise(country.replace_strict(_FORMS, default=_ANYWHERE, return_dtype=pl.String))
    )

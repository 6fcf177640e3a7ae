"""Judged: what a rule says of a column of texts; and the way from columns to single texts.

A rule first settles what is plain to see for the whole column; only what is left is looked at
text by text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True, slots=True)
class Judged:
    """The answer for each text; the series are as long as what was asked about."""

    values: pl.Series
    """The texts in the form that is sent; those that are wrong as they were."""
    wrong: pl.Series
    """Why a text is wrong, in words; null where it is right or empty."""
    doubtful: pl.Series
    """What is odd about a text that is right; null elsewhere."""


Rule = Callable[[pl.Series, pl.Series], Judged]
"""Judges texts, given the ISO code of the country of each; it is empty where it is not known."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The answer for one text."""

    value: str
    wrong: str | None = None
    doubtful: str | None = None


def judged(
    frame: pl.DataFrame,
    *,
    value: pl.Expr | None = None,
    wrong: pl.Expr | None = None,
    doubtful: pl.Expr | None = None,
) -> Judged:
    """A Judged out of expressions over a frame with `text` and `country`."""
    nothing = pl.lit(None, pl.String)
    told = frame.select(
        value=pl.col("text") if value is None else value,
        wrong=nothing if wrong is None else wrong,
        doubtful=nothing if doubtful is None else doubtful,
    )
    return Judged(told["value"], told["wrong"], told["doubtful"])


def settle(
    frame: pl.DataFrame,
    plain: pl.Expr,
    value: pl.Expr,
    rest: Callable[[pl.DataFrame], Judged],
) -> Judged:
    """`value` where `plain` holds; what `rest` says of the lines where it does not.

    An empty text is right whatever the rule.
    """
    text = pl.col("text")
    settled = frame.select(
        value=pl.when(plain).then(value).otherwise(text), open=~plain & (text != "")
    )
    nothing = pl.repeat(None, frame.height, dtype=pl.String, eager=True)
    places = settled["open"].arg_true()
    if places.is_empty():
        return Judged(settled["value"], nothing, nothing)
    told = rest(frame[places])
    return Judged(
        settled["value"].scatter(places, told.values),
        nothing.clone().scatter(places, told.wrong),
        nothing.clone().scatter(places, told.doubtful),
    )


def one_by_one(ask: Callable[[str, str], Judgement]) -> Callable[[pl.DataFrame], Judged]:
    """A judge of frames that asks `ask(text, country)` about each text, of equal ones once."""

    def judge(frame: pl.DataFrame) -> Judged:
        pairs = list(zip(frame["text"].to_list(), frame["country"].to_list(), strict=True))
        told = {pair: ask(*pair) for pair in dict.fromkeys(pairs)}
        verdicts = [told[pair] for pair in pairs]
        return Judged(
            pl.Series([verdict.value for verdict in verdicts], dtype=pl.String),
            pl.Series([verdict.wrong for verdict in verdicts], dtype=pl.String),
            pl.Series([verdict.doubtful for verdict in verdicts], dtype=pl.String),
        )

    return judge

"""What a letter is called and where it belongs: its identifier, channel and language."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from batchsend.expressions import LANGUAGES
from batchsend.language import _, filled
from batchsend.letters.checks.judged import Judged, judged, settle
from batchsend.letters.checks.spoilt import (
    SPOILT_IDENTIFIER,
    grouped_identifier,
    spoilt_identifier,
)

_BREAK = r"[\p{Cc}\u2028\u2029]"
_CHANNELS = ("PRINT", "DIGIPOST", "KIVRA", "EMAIL")


LONGEST_IDENTIFIER = 200
"""Characters: more than anybody reads, and short enough for every database's index."""


def judge_identifiers(texts: pl.Series, _countries: pl.Series) -> Judged:
    """Identifiers: anything that can be written on one line of some length."""
    text = pl.col("text")
    plain = ~text.str.contains(f"{_BREAK}|{SPOILT_IDENTIFIER}")
    plain &= text.str.len_chars() <= LONGEST_IDENTIFIER
    return settle(texts.to_frame("text"), plain, text, _judge_odd_identifiers)


def _judge_odd_identifiers(frame: pl.DataFrame) -> Judged:
    broken = pl.col("text").str.contains(_BREAK)
    length, spoilt = pl.col("text").str.len_chars(), spoilt_identifier(pl.col("text"))
    return judged(
        frame,
        wrong=pl.when(broken)
        .then(
            pl.lit(_("There is a line break or control character in the identifier. Take it out."))
        )
        .when(spoilt.is_not_null())
        .then(spoilt)
        .when(length > LONGEST_IDENTIFIER)
        .then(
            filled(
                _(
                    "The identifier has {length} characters; {most} are the most. Shorten it, or "
                    "build Identifier from other columns."
                ),
                length=length,
                most=pl.lit(LONGEST_IDENTIFIER),
            )
        ),
        doubtful=grouped_identifier(),
    )


def judge_channels(texts: pl.Series, _countries: pl.Series) -> Judged:
    """Channels, known ones sent in capitals; others are warned of, since the API may know more."""
    known = ", ".join(_CHANNELS)
    return _choose(
        texts, _CHANNELS, _("This is none of the channels we know of: {known}.", known=known)
    )


def judge_languages(texts: pl.Series, _countries: pl.Series) -> Judged:
    """LanguageIDs, known ones sent in capitals."""
    known = ", ".join(LANGUAGES)
    return _choose(
        texts,
        LANGUAGES,
        _("Amounts and dates cannot be written in this language, only in: {known}.", known=known),
    )


def _choose(texts: pl.Series, known: Collection[str], said: str) -> Judged:
    upper = pl.col("text").str.to_uppercase()
    is_known = upper.is_in(list(known))
    return judged(
        texts.to_frame("text"),
        value=pl.when(is_known).then(upper).otherwise("text"),
        doubtful=pl.when((pl.col("text") != "") & ~is_known).then(pl.lit(said)),
    )

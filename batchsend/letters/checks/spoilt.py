"""Numbers that a program has spoilt on the way: held with the reason, never mended."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from batchsend.expressions import APOSTROPHE, DECIMAL, POWER, WHOLE
from batchsend.language import N_, _
from batchsend.letters.checks.judged import Judged, judged, settle

_DECIMAL = N_(
    "There is a decimal point in it, as a program leaves that took it for an amount; a zero "
    "in front may be lost, too. Look it up again, and format the column as text."
)
_POWER = N_(
    "A spreadsheet has written it as a power of ten, and digits are lost. Look it up again, "
    "and format the column as text."
)
_GROUPED = N_(
    "This looks like an amount with a mark between its thousands. If it names somebody, format the "
    "column as text and look the number up again."
)
_TEXT_MARK = r"^['\u2018\u2019][0-9]+$"
_OF_NUMBER = (DECIMAL, POWER, APOSTROPHE)
_WHOLE_AMOUNT = (
    r"[1-9][0-9]{0,2}(?:(?:,[0-9]{3})+\.|(?:\.[0-9]{3})+,|(?:[ \u00a0\u202f][0-9]{3})+[.,])0+$"
)
_OF_IDENTIFIER = (
    rf"(?:^|[^0-9.,])[0-9]{{2,}}{WHOLE}|(?:^|[-_/#: ]){_WHOLE_AMOUNT}",
    POWER,
    _TEXT_MARK,
)
_OF_REFERENCE = (rf"^[0-9]*{WHOLE}|^{_WHOLE_AMOUNT}", POWER, _TEXT_MARK)
_THOUSANDS = r"[1-9][0-9]{0,2}(?:(?:,[0-9]{3})+|(?:\.[0-9]{3})+)$"
_GROUPED_IDENTIFIER = rf"(?:^|[-_/#: ]){_THOUSANDS}"
SPOILT_IDENTIFIER = "|".join((*_OF_IDENTIFIER, _GROUPED_IDENTIFIER))
"""In every identifier that `spoilt_identifier` or `grouped_identifier` says anything of."""
_APOSTROPHE = N_("There is an apostrophe in it, which is no part of a number. Take it out.")


def spoilt_number(text: pl.Expr) -> pl.Expr:
    """Why a text cannot be a number that identifies anybody; null where nothing is wrong so."""
    return _why(text, *_OF_NUMBER)


def spoilt_identifier(text: pl.Expr) -> pl.Expr:
    """The same of an identifier, which a number of three digits or more may end."""
    return _why(text, *_OF_IDENTIFIER)


def grouped_identifier() -> pl.Expr:
    """What is odd about the `text` of an identifier that a program may have written as an amount;
    null where nothing is.
    """
    return _grouped(_GROUPED_IDENTIFIER)


def judge_references(texts: pl.Series, _countries: pl.Series) -> Judged:
    """Customer numbers and references: anything but a number that has been spoilt."""
    text = pl.col("text")
    # One look at all of them, for hardly any is.
    plain = ~text.str.contains("|".join((*_OF_REFERENCE, rf"^{_THOUSANDS}")))
    return settle(
        texts.to_frame("text"),
        plain,
        text,
        lambda frame: judged(
            frame, wrong=_why(text, *_OF_REFERENCE), doubtful=_grouped(rf"^{_THOUSANDS}")
        ),
    )


def unless_spoilt(rest: Callable[[pl.DataFrame], Judged]) -> Callable[[pl.DataFrame], Judged]:
    """What `rest` says of a frame; but spoilt numbers are wrong, and stay as they are."""

    def judge(frame: pl.DataFrame) -> Judged:
        told = rest(frame)
        why = frame.select(why=spoilt_number(pl.col("text")))["why"]
        fine = why.is_null()
        return Judged(
            told.values.zip_with(fine, frame["text"]), told.wrong.zip_with(fine, why), told.doubtful
        )

    return judge


def _grouped(pattern: str) -> pl.Expr:
    return pl.when(pl.col("text").str.contains(pattern)).then(pl.lit(_(_GROUPED)))


def _why(text: pl.Expr, decimal: str, power: str, apostrophe: str) -> pl.Expr:
    return (
        pl.when(text.str.contains(decimal))
        .then(pl.lit(_(_DECIMAL)))
        .when(text.str.contains(power))
        .then(pl.lit(_(_POWER)))
        .when(text.str.contains(apostrophe))
        .then(pl.lit(_(_APOSTROPHE)))
    )

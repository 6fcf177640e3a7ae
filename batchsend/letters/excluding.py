"""`[[list.exclude]]`: which rows of a recipient list another list names."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from batchsend.errors import SettingsError
from batchsend.expressions import Names
from batchsend.language import _
from batchsend.letters.folding import folded_alike, folded_words, roughly_folded
from batchsend.letters.text import trimmed
from batchsend.lists import Column, RecipientList

_DIGIT = r"\pN"


def named_rows(
    recipients: RecipientList, other: RecipientList, match: Mapping[str, str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`row`, and the first row `at` of the other list that names it, for each row of `recipients`
    that one names; and `row` and `named` (whether it names any) of each row of the other list.

    `match` has columns of the recipient list and what each is called in the other; all have to
    agree, and none is blank. What has a digit agrees as identifiers do, anything else by its words
    in whatever order. Raises SettingsError where a list has no such column.
    """
    here, there = Names(recipients.columns), Names(other.columns)
    ours = [_column(here, name, "The recipient list") for name in match]
    theirs = [_column(there, name, str(other.path)) for name in match.values()]
    names = _keyed(other.rows, theirs, "their").rename({"row": "at"})
    rows = _keyed(recipients.rows, ours, "our")
    places = range(len(ours))
    pairs = (
        rows.join(
            names,
            left_on=[f"our_key_{place}" for place in places],
            right_on=[f"their_key_{place}" for place in places],
        )
        .filter(_agree(place) for place in places)
        .select("row", "at")
        .collect(engine="streaming")
    )
    found = pairs.group_by("row").agg(pl.min("at")).sort("row")
    told = other.rows.select("row").collect(engine="streaming")
    return found, told.with_columns(named=pl.col("row").is_in(pairs["at"].unique().implode()))


def _column(names: Names, name: str, place: str) -> Column:
    try:
        return names.columns[names.place(name)]
    except KeyError:
        raise SettingsError(
            _(
                "[[list.exclude]] match: {place}: {why_not}.",
                place=place,
                why_not=names.why_not(name),
            ),
            hint=_(
                "Both lists need the columns that match names. Where one is called "
                'otherwise in the other list, write match = { kundenr = "Customer no" }.'
            ),
        ) from None


def _keyed(rows: pl.LazyFrame, columns: list[Column], whose: str) -> pl.LazyFrame:
    """`row`, and for each column its text and what such texts are first looked up by."""
    texts = {f"{whose}_{place}": trimmed(pl.col(c.key)) for place, c in enumerate(columns)}
    keys = {f"{whose}_key_{place}": _key(text) for place, text in enumerate(texts.values())}
    return rows.select("row", **texts, **keys).filter(
        pl.all_horizontal(pl.col(name).is_not_null() for name in keys)
    )


def _key(text: pl.Expr) -> pl.Expr:
    """Equal for all texts that agree; null where there is nothing to agree on."""
    return pl.when(_has_digit(text)).then(roughly_folded(text)).otherwise(folded_words(text))


def _agree(place: int) -> pl.Expr:
    ours, theirs = pl.col(f"our_{place}"), pl.col(f"their_{place}")
    # Words agreed as they were looked up.
    words = ~_has_digit(ours) & ~_has_digit(theirs)
    return words | folded_alike(ours, theirs)


def _has_digit(text: pl.Expr) -> pl.Expr:
    return text.str.contains(_DIGIT)

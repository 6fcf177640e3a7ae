"""The recipient list without the rows that are left out on purpose: which rows another list names
(`[[list.exclude]]`), which are there twice, and what the letters of all these would be called, as
one of them may have gone before.
"""

from __future__ import annotations

from collections import abc
from dataclasses import replace

import polars as pl

from batchsend.errors import ListError, SettingsError
from batchsend.expressions import Names
from batchsend.language import _, filled
from batchsend.letters.filling import fill
from batchsend.letters.mapping import Mapping
from batchsend.letters.problems import Problems
from batchsend.letters.same_letter import folded_alike, folded_words, roughly_folded
from batchsend.letters.text import trimmed
from batchsend.lists import LEFT_OUT, Column, RecipientList


def without(recipients: RecipientList, gone: pl.DataFrame) -> RecipientList:
    """The list without the rows of `gone` (LEFT_OUT), which stand in its `left_out`, with their
    cells, beside what the reader dropped. What is wrong with them is no matter any more.

    Raises ListError where no row would be left.
    """
    if gone.is_empty():
        return recipients
    named = pl.col("row").is_in(gone["row"].implode())
    keys = [column.key for column in recipients.columns]
    cells = recipients.rows.filter(named).select("row", *keys).collect(engine="streaming")
    rows = recipients.rows.filter(~named)
    if rows.head(1).collect().is_empty():
        raise ListError(
            _("Every row of {path} is left out, so nobody gets a letter.", path=recipients.path),
            hint=_("See what skip and [[list.exclude]] in mailing.toml say."),
        )
    with_cells = gone.join(cells, on="row", how="inner", maintain_order="left")
    return replace(
        recipients,
        rows=rows,
        problems=recipients.problems.filter(~named),
        short=recipients.short.filter(~named),
        left_out=pl.concat([recipients.left_out, with_cells], how="diagonal")
        .with_columns(pl.col(keys).fill_null(""))
        .sort("row"),
    )


def letters_in_part(
    recipients: RecipientList, gone: pl.DataFrame, group_by: abc.Sequence[str]
) -> pl.Series:
    """The rows of `gone` whose letters go all the same, as other rows of theirs are left in.

    Names in `group_by` that the list does not have are no matter here: grouping tells of them.
    """
    names = Names(recipients.columns)
    try:
        columns = [names.columns[names.place(name)] for name in group_by]
    except KeyError:
        return gone["row"].clear()
    cells = [trimmed(pl.col(column.key)) for column in columns]
    keyed = recipients.rows.filter(pl.any_horizontal(cell != "" for cell in cells)).select(
        "row",
        key=pl.concat_str(cells, separator="\x1f").hash(),
        gone=pl.col("row").is_in(gone["row"].implode()),
    )
    letters = keyed.group_by("key").agg(
        pl.col("row").filter("gone").alias("row"), stays=(~pl.col("gone")).any()
    )
    found = letters.filter("stays").select(pl.col("row").explode()).drop_nulls()
    return found.collect(engine="streaming")["row"].sort()


_NEEDED = frozenset({"Identifier", "LanguageID"})


def left_out_with_identifiers(recipients: RecipientList, mapping: Mapping) -> pl.DataFrame:
    """The rows that are left out, as RecipientList has them, each with the `identifier` that a
    letter of it alone would have; empty where none can be made, which is no matter."""
    rows = recipients.left_out
    if rows.is_empty():
        return rows.with_columns(identifier=pl.lit("", pl.String))
    shown = [column.shown_key for column in mapping.names.columns if column.formatted]
    members = rows.with_columns(
        pl.col("row").alias("letter"), *(pl.lit(None, pl.String).alias(key) for key in shown)
    )
    leaves = {path: leaf for path, leaf in mapping.leaves.items() if path in _NEEDED}
    known_by = replace(mapping, leaves=leaves)
    filled = fill(known_by, members, Problems(recipients))
    names = filled.select(identifier=known_by.text("Identifier").fill_null(""))
    return rows.with_columns(names["identifier"])


_DIGIT = r"\pN"


def named_rows(
    recipients: RecipientList, other: RecipientList, match: abc.Mapping[str, str]
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


def copied_rows(recipients: RecipientList) -> pl.DataFrame:
    """The copies, but not the rows they are copies of (LEFT_OUT)."""
    cells = [trimmed(column.shown) for column in recipients.columns]
    text = pl.concat_str(cells, separator="\x1f")
    # 128 bits, so that no two recipients are ever taken for one by chance.
    said = recipients.rows.select("row", one=text.hash(seed=1), two=text.hash(seed=2))
    first = pl.min("row").over("one", "two")
    copies = said.with_columns(first=first).filter(pl.col("row") != pl.col("first"))
    reason = filled(_("Says the same as row {first} in every column."), first="first")
    return copies.select("row", reason=reason).collect(engine="streaming").cast(LEFT_OUT)

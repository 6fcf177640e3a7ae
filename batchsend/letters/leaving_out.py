"""A recipient list without the rows that are left out on purpose; and what their letters would be
called, since one of them may have gone before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from batchsend.errors import ListError
from batchsend.expressions import Names
from batchsend.language import _
from batchsend.letters.filling import fill
from batchsend.letters.mapping import Mapping
from batchsend.letters.problems import Problems
from batchsend.letters.text import trimmed
from batchsend.lists import RecipientList


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
    recipients: RecipientList, gone: pl.DataFrame, group_by: Sequence[str]
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

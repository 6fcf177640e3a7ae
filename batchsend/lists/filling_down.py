"""Cells that are blank because they are as above: filled, where `[list] fill_down` says so."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from batchsend.errors import SettingsError
from batchsend.language import _
from batchsend.lists.recipients import Column
from batchsend.lists.settings import ListSettings
from batchsend.text import BLANKS, column_name, folded, nearest


def filled_down(
    rows: pl.LazyFrame, columns: Sequence[Column], settings: ListSettings
) -> pl.LazyFrame:
    """`rows` with the columns of `fill_down` filled from above where all of them are blank.

    Never from a row that differs in another of the columns of `group_by`: it may be of another
    customer. Raises SettingsError where `fill_down` names no column.
    """
    filled = [_column(name, columns) for name in settings.fill_down]
    if not filled:
        return rows
    known = {_plain(column.name): column for column in columns}
    keys = [known[name] for name in map(_plain, settings.group_by) if name in known]
    guards = [column for column in keys if column not in filled]
    blank = pl.all_horizontal(_bare(column) == "" for column in filled)
    above = {column: _above(pl.col(column.key), blank) for column in guards}
    agrees = pl.all_horizontal(
        pl.lit(True), *(_bare(column) == above[column].str.strip_chars(BLANKS) for column in guards)
    )
    filling = blank & agrees
    texts = {column.key: pl.col(column.key) for column in filled}
    texts |= {column.shown_key: column.shown for column in filled if column.formatted}
    return rows.with_columns(
        pl.when(filling).then(_above(text, blank).fill_null("")).otherwise(pl.col(key)).alias(key)
        for key, text in texts.items()
    )


def _above(cell: pl.Expr, blank: pl.Expr) -> pl.Expr:
    """The cell of the nearest row above that is not blank; its own in such a row."""
    return pl.when(~blank).then(cell).forward_fill()


def _bare(column: Column) -> pl.Expr:
    return pl.col(column.key).str.strip_chars(BLANKS)


def _plain(name: str) -> str:
    return folded(column_name(name))


def _column(name: str, columns: Sequence[Column]) -> Column:
    found = [column for column in columns if _plain(column.name) == _plain(name)]
    if len(found) == 1:
        return found[0]
    near = nearest(name, [column.name for column in columns], n=1)
    if found:
        why = _("list.fill_down: the list has more than one column “{name}”.", name=name)
    elif near:
        why = _(
            "list.fill_down: the list has no column “{name}”; did you mean “{meant}”?",
            name=name,
            meant=near[0],
        )
    else:
        why = _("list.fill_down: the list has no column “{name}”.", name=name)
    raise SettingsError(why)

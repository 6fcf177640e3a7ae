"""Which rows of a list a key fits."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from batchsend.corrections.cells import stored
from batchsend.corrections.columns import Labels
from batchsend.corrections.correction import Key
from batchsend.lists import Column, texts_of
from batchsend.text import BLANKS, trimmed


def rows_fitting(rows: pl.LazyFrame, labels: Labels, keys: Sequence[Key]) -> list[tuple[int, ...]]:
    """The numbers of the rows that each key fits; none where a column of it is not in the list.

    A number is the same as it is stored; else as it is shown, since another kind of file may have
    only that.
    """
    found: list[tuple[int, ...]] = [()] * len(keys)
    alike: dict[tuple[Column, ...], list[int]] = {}
    for at, key in enumerate(keys):
        found_columns = tuple(filter(None, (labels.find(label) for label, _ in key)))
        if key and len(found_columns) == len(key):
            alike.setdefault(found_columns, []).append(at)
    for columns, places in alike.items():
        fit = _fitting(rows, columns, {at: keys[at] for at in places}, as_shown=False)
        left = {at: keys[at] for at in places if at not in fit}
        fit |= _fitting(rows, columns, left, as_shown=True) if left else {}
        for at, numbers in fit.items():
            found[at] = numbers
    return found


def _fitting(
    rows: pl.LazyFrame, columns: tuple[Column, ...], keys: dict[int, Key], *, as_shown: bool
) -> dict[int, tuple[int, ...]]:
    names = [f"k{at}" for at in range(len(columns))]
    texts = [
        [trimmed(str(text)) if as_shown else stored(text) for _, text in key]
        for key in keys.values()
    ]
    wanted = pl.DataFrame(texts, schema=dict.fromkeys(names, pl.String), orient="row")
    wanted = wanted.with_columns(at=pl.Series(list(keys), dtype=pl.Int64))
    cells = [
        (column.shown if as_shown else pl.col(column.key)).str.strip_chars(BLANKS).alias(name)
        for name, column in zip(names, columns, strict=True)
    ]
    fit = (
        rows.select("row", *cells)
        .join(wanted.lazy(), on=names, how="inner")
        .select("at", "row")
        .collect(engine="streaming")
    )
    grouped = fit.sort("row").group_by("at").agg("row")
    return {at: tuple(numbers) for at, numbers in grouped.iter_rows()}


def cells_of(
    rows: pl.LazyFrame, labels: Labels, numbers: Sequence[int]
) -> dict[int, dict[str, str]]:
    """Of the rows with these numbers, the cells by their labels; a row that is not there is not in
    the answer."""
    keys = [column.key for column in labels.columns]
    keys += [column.shown_key for column in labels.columns if column.formatted]
    wanted = pl.Series(sorted(set(numbers)), dtype=pl.UInt32)
    frame = rows.select("row", *keys).filter(pl.col("row").is_in(wanted.implode())).collect()
    return {
        number: dict(zip(labels.all, texts, strict=True))
        for number, texts in zip(
            frame["row"].to_list(), texts_of(frame, labels.columns), strict=True
        )
    }

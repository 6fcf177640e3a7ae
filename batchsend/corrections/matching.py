"""Which rows of a list a key fits: what its columns are called where they must be found again in
another list, and when two cells say the same, whatever a spreadsheet program has made of one of
them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

import polars as pl

from batchsend.corrections.journal import Key
from batchsend.errors import RenderingError
from batchsend.expressions import parse_date
from batchsend.lists import Column, Figure, recipient_fields, texts_of
from batchsend.text import BLANKS, column_name, folded, trimmed


class Labels:
    """The columns of a list by their labels, and by those of another list's columns like them.

    A label is the heading; where another column before it has the same one, with its number, as in
    `Navn (2)`; and the column's name where it has no heading.
    """

    def __init__(self, columns: Sequence[Column]) -> None:
        self.columns = tuple(columns)
        self._by_label: dict[str, Column] = {}
        self._labels: list[str] = []
        for column in self.columns:
            bare = label = trimmed(column.heading) or column.name
            number = 1
            while label in self._by_label:
                number += 1
                label = f"{bare} ({number})"
            self._by_label[label] = column
            self._labels.append(label)
        self._fields = recipient_fields(columns).exact

    def of(self, column: Column) -> str:
        """The label of one of the columns."""
        return self._labels[column.index]

    @property
    def all(self) -> tuple[str, ...]:
        """The labels, in the list's order."""
        return tuple(self._labels)

    def find(self, label: str) -> Column | None:
        """The column of this label; else the only one whose name is the same, capitals, accents and
        punctuation apart; else the one with another usual heading of the same field of an address.
        """
        if label in self._by_label:
            return self._by_label[label]
        plain = folded(column_name(label))
        alike = [
            column
            for found, column in self._by_label.items()
            if plain in {folded(column_name(found)), folded(column.name)}
        ]
        if len(alike) == 1:
            return alike[0]
        if alike:
            return None
        meant = recipient_fields([Column(0, label, column_name(label))]).exact
        return next((self._fields[field] for field in meant if field in self._fields), None)


_DIGITS = 15
"""So many digits of a number Excel keeps ("Excel specifications and limits")."""
_SPACES = re.compile(r"[ \u00a0\u202f]")
_MIDNIGHT = re.compile(r" 0?0:00(?::00)?$")


def stored(cell: str) -> str:
    """What a cell is known by: a number in full, whatever the sheet shows of it."""
    return trimmed(cell.stored if isinstance(cell, Figure) else cell)


def same_cell(one: str, other: str) -> bool:
    """Whether two cells say the same: what is shown, or the number that is stored."""
    return stored(one) == stored(other) or trimmed(str(one)) == trimmed(str(other))


def differs(returned: str, before: str) -> bool:
    """Whether somebody has changed a cell that said `before` and came back as `returned`.

    What a spreadsheet program does to a cell is no change: another form of the same number or date,
    zeros in front that are lost, digits after the fifteenth.

    >>> differs("0581", "581"), differs("581", "0581"), differs("1234.5", "1 234,50")
    (True, False, False)
    """
    if same_cell(returned, before) or _lines(returned) == _lines(before):
        return False
    if lost_zeros(returned, before) or _is_rounded(returned, before):
        return False
    if (day := _date(returned)) is not None and day == _date(before):
        return False
    number = _number(returned)
    return number is None or number != _number(before) or _zeros(returned) > _zeros(before)


def lost_zeros(returned: str, before: str) -> bool:
    """Whether a cell has come back without the zeros that were in front."""
    back, was = stored(returned), trimmed(str(before))
    if same_cell(returned, before) or not (back and was.isdigit()):
        return False
    return was.lstrip("0") == back


def _is_rounded(returned: str, before: str) -> bool:
    """Whether only the digits are lost that Excel does not keep."""
    was, back = trimmed(str(before)), stored(returned)
    if not (was.isdigit() and len(was.lstrip("0")) > _DIGITS):
        return False
    number = _number(back)
    if number is None or number.adjusted() != Decimal(was).adjusted():
        return False
    digits = f"{number:f}"
    return (
        digits.isdigit()
        and digits[:_DIGITS] == was.lstrip("0")[:_DIGITS]
        and not (digits[_DIGITS:].strip("0"))
    )


def _lines(text: str) -> list[str]:
    return [trimmed(line) for line in trimmed(text.replace("_x000D_", "")).splitlines()]


def _zeros(text: str) -> int:
    """How many zeros stand in front of the digits that count."""
    bare = trimmed(str(text))
    whole = re.split(r"[.,]", bare, maxsplit=1)[0]
    return len(whole) - len(whole.lstrip("0")) if whole.strip("0") else max(0, len(whole) - 1)


def _number(text: str) -> Decimal | None:
    bare = _SPACES.sub("", stored(text))
    if bare.count(",") == 1 and "." not in bare:
        bare = bare.replace(",", ".")
    if not re.fullmatch(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,2})?", bare):
        return None
    try:
        return Decimal(bare)
    except InvalidOperation:
        return None


def _date(text: str) -> date | None:
    bare = _MIDNIGHT.sub("", trimmed(str(text)))
    if ":" in bare or bare.isdigit():
        return None
    try:
        return parse_date(bare)
    except RenderingError:
        return None


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

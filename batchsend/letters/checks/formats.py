"""Columns the template writes as amounts, dates and the like: each cell must be one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial

import polars as pl

from batchsend.errors import RenderingError
from batchsend.expressions import (
    AS_IT_STANDS,
    CURRENCY,
    FORMATS,
    currency_of,
    is_currency,
    means_no_day,
    must_be_in,
    parse_amount,
    parse_date,
)
from batchsend.language import _
from batchsend.letters.basis import Basis
from batchsend.letters.problems import Problems
from batchsend.letters.text import trimmed
from batchsend.lists import Column
from batchsend.masking import masked

# What is right beyond doubt; all else is for expressions' own readers to say.
_AMOUNT = r"^-?\d+(?:[.,]\d{1,2})?$|^-?\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:,\d{1,2})?$"
# Of other years `means_no_day` is asked.
_YEAR = r"(?:19(?:0[1-35-9]|[1-5]\d|6[0-8]|7[1-9]|[89]\d)|20[0-8]\d)"
_DATE = (
    rf"^{_YEAR}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])(?: 00:00:00)?$"
    rf"|^(?:0[1-9]|1\d|2[0-8])\.(?:0[1-9]|1[0-2])\.{_YEAR}$"
)
_PERHAPS_NO_DAY = r"19(?:00|04|70|69)|2099|[2-9][2-9]\d\d|[3-9]\d{3}"
_NOTHING = "[^\\s\\S]"
# A number as it is stored; one that a person has typed may begin or end with a nought.
_STORED = r"^-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?$"
_BEYOND_DOUBT: dict[Callable[..., object], str] = {parse_amount: _AMOUNT, parse_date: _DATE}


class FormatCheck:
    """Checks the cells of columns that the template formats; filters it does not know are passed
    over."""

    def __init__(self, basis: Basis) -> None:
        names = basis.mapping.names
        self._sensitive = basis.mapping.sensitive
        self._asked: list[tuple[Column, Callable[[str], object], str]] = []
        """Each column, what reads its cells, and the pattern of those that are right."""
        self._stated: set[Column] = set()  # that are written in a currency
        self._as_they_stand: list[Column] = []
        has_point = basis.mapping.constants.get("LanguageID") == "EN"
        self._shown_in: list[tuple[Column, int, str, str]] = []
        """Each column whose sheet shows it in another: the first row, theirs, the letter's."""
        for key, filters in sorted(basis.template.formats.items()):
            try:
                column = names.columns[names.place(key)]
            except KeyError:
                continue  # a variable of the template's own
            for read in dict.fromkeys(FORMATS[name] for name in sorted(filters & FORMATS.keys())):
                self._asked.append((column, read, _BEYOND_DOUBT.get(read, _NOTHING)))
            if AS_IT_STANDS in filters and not has_point and column.key not in self._sensitive:
                self._as_they_stand.append(column)
            for use in sorted(filters):
                if use.startswith(CURRENCY):
                    in_it = partial(must_be_in, currency=use.removeprefix(CURRENCY))
                    self._asked.append((column, in_it, _AMOUNT))
                    self._stated.add(column)
                    self._shown_in += [
                        (column, row, named, use.removeprefix(CURRENCY))
                        for named, row in column.currencies
                        if not is_currency(currency_of(f"{named} 1"), use.removeprefix(CURRENCY))
                    ]

    def __call__(self, _letters: pl.DataFrame, members: pl.DataFrame, problems: Problems) -> None:
        """Tell of the cells of `members`."""
        for column in self._as_they_stand:
            _tell_stored(column, members.select("row", cell=trimmed(column.shown)), problems)
        for column, row, named, written in self._shown_in:
            problems.tell(
                members.filter(pl.col("row") == row),
                pl.lit(True),
                _(
                    "The list shows this amount in {named}, by its cell's format, and the letter "
                    "writes amounts in {currency}. See which is right.",
                    named=named.lower() if named == "KR" else named,
                    currency=written,
                ),
                column=column.heading,
                value=column.shown,
                severity="warning",
            )
        for column, read, right in self._asked:
            cells = members.select("row", cell=trimmed(column.shown))
            doubtful = cells.filter(~pl.col("cell").str.contains(right))
            show = masked if column.key in self._sensitive else str
            if read is parse_date:
                _tell_no_days(column, doubtful, problems)
            if read is parse_amount and column not in self._stated:
                _tell_mixed(column, doubtful, cells.height, problems)
            told = [(show(text), _message(text, read, show)) for text in doubtful["cell"].to_list()]
            problems.tell(
                doubtful.select(
                    "row",
                    shown=pl.Series([shown for shown, _other in told], dtype=pl.String),
                    message=pl.Series([message for _other, message in told], dtype=pl.String),
                ),
                pl.col("message").is_not_null(),
                pl.col("message"),
                column=column.heading,
                value=pl.col("shown"),
            )


def _tell_no_days(column: Column, cells: pl.DataFrame, problems: Problems) -> None:
    """Warn of the days that programs write where there is none, given all `cells` in doubt."""
    likely = cells.filter(pl.col("cell").str.contains(_PERHAPS_NO_DAY))
    found = [_is_no_day(text) for text in likely["cell"].to_list()]
    problems.tell(
        likely.filter(pl.Series(found, dtype=pl.Boolean)),
        pl.lit(True),
        _(
            "Programs write this day for “no date” or “no end”, and the letter will show "
            "it. Correct it, or leave it if it is meant."
        ),
        column=column.heading,
        value=pl.col("cell"),
        severity="warning",
    )


def _tell_mixed(column: Column, doubtful: pl.DataFrame, of: int, problems: Problems) -> None:
    """Warn of amounts in another currency than most of the column's, `of` in all."""
    named = [currency_of(text) for text in doubtful["cell"].to_list()]
    times = Counter(named) + Counter({"": of - len(named)})
    usual = times.most_common(1)[0][0] or "kr"
    if all(is_currency(name, usual) for name in times):
        return
    problems.tell(
        doubtful.filter(pl.Series([not is_currency(name, usual) for name in named])),
        pl.lit(True),
        _(
            "This amount is in another currency than others in the column, and the letter may "
            "show all of them in one."
        ),
        column=column.heading,
        value=pl.col("cell"),
        severity="warning",
    )


def _tell_stored(column: Column, cells: pl.DataFrame, problems: Problems) -> None:
    """Warn once of a column of numbers whose `cells` a field in Word shows with a point."""
    there = cells.filter(pl.col("cell") != "")
    if not there["cell"].str.contains(_STORED).all():
        return
    problems.tell(
        there.filter(pl.col("cell").str.contains(".", literal=True)).head(1),
        pl.lit(True),
        _(
            "The field «{field}» prints numbers as the sheet stores them, with a point, in every "
            "letter. To have them as 1 234,50, click the field in Word, press Shift+F9, and write "
            '\\# "# ##0,00" before the brace that ends it.',
            field=column.heading,
        ),
        column=column.heading,
        value=pl.col("cell"),
        severity="warning",
    )


def _is_no_day(text: str) -> bool:
    try:
        return means_no_day(parse_date(text))
    except RenderingError:
        return False


def _message(text: str, read: Callable[[str], object], show: Callable[[str], str]) -> str | None:
    """Why `text` cannot be read, as people may see it; None where it can."""
    try:
        read(text)
    except RenderingError as error:
        return f"{error.message} {error.hint or ''}".strip().replace(text, show(text))
    return None

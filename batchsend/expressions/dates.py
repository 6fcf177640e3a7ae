"""Dates as people write them -> date. Knows no language but the names of the months."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from babel import Locale

from batchsend.errors import RenderingError
from batchsend.expressions.languages import LANGUAGES
from batchsend.text import trimmed

__all__ = ["parse_date"]

_TIME = r"(?:[ T]\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_FORMS = [
    re.compile(form + _TIME, re.ASCII)
    for form in (
        r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})",  # 2026-03-15
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",  # 20260315
        r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})",  # 15.03.2026
        r"(?P<day>\d{1,2})-(?P<month>\d{1,2})-(?P<year>\d{4})",  # 15-03-2026, as in Denmark
        r"(?P<day>\d{1,2})/(?P<month>\d{1,2})[ -](?P<year>\d{4})",  # 15/3-2026
    )
]
_SLASHED = re.compile(r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})" + _TIME, re.ASCII)
_IN_WORDS = re.compile(r"(?P<day>\d{1,2})\.?\s(?P<word>[^\W\d_]+)\.?\s(?P<year>\d{4})")


def parse_date(text: str) -> date:
    """Read a date: `2026-03-15`, `2026-03-15 00:00:00`, `15.03.2026`, `15/3-2026`, `15. mars 2026`.

    A time after it is passed over. Raises RenderingError for what is no date, for a year of two
    digits, and for `03/04/2026`, which is in April to a Norwegian and in March to an American.
    """
    bare = re.sub(r"\s", " ", trimmed(text))
    if not bare:
        raise RenderingError("There is no date: the cell is empty.")
    found = next((match for form in _FORMS if (match := form.fullmatch(bare))), None)
    if found is not None:
        return _date(text, found["year"], int(found["month"]), found["day"])
    if slashed := _SLASHED.fullmatch(bare):
        return _slashed_date(text, slashed)
    worded = _IN_WORDS.fullmatch(bare)
    if worded is not None and (month := _months().get(worded["word"].casefold())):
        return _date(text, worded["year"], month, worded["day"])
    raise _no_date(text)


def _slashed_date(text: str, found: re.Match[str]) -> date:
    day, month = int(found["day"]), int(found["month"])
    if day != month and max(day, month) <= 12:
        raise RenderingError(
            f"“{text}” can be read as two dates.", hint="Write it as 15.03.2026 or 2026-03-15."
        )
    return _date(text, found["year"], month, found["day"])


def _date(text: str, year: str, month: int, day: str) -> date:
    try:
        found = date(int(year), month, int(day))
    except ValueError:
        raise _no_date(text) from None
    if found.year < 1900:  # Excel's day zero: the cell holds a time, or a number shown as a date
        raise _no_date(text)
    return found


def _no_date(text: str) -> RenderingError:
    return RenderingError(
        f"“{text}” is not a date.",
        hint="Write it as 15.03.2026 or 2026-03-15, the year with four digits.",
    )


@cache
def _months() -> dict[str, int]:
    """The months' names, full and short, in every language of a letter."""
    found: dict[str, int] = {}
    for name in LANGUAGES.values():
        calendar = Locale.parse(name).months
        for form in (calendar["format"], calendar["stand-alone"]):
            for width in (form["wide"], form["abbreviated"]):
                found |= {word.casefold().rstrip("."): number for number, word in width.items()}
    return found

"""Dates as people write them -> date. Knows no language but the names of the months."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale

from batchsend.errors import RenderingError
from batchsend.expressions.locales import HOME_ZONE, LANGUAGES
from batchsend.language import _
from batchsend.text import trimmed

_TIME = (
    r"(?:[ T](?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:\.\d+)?)?"
    r"(?: ?(?P<offset>Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?))?)?"
)
_FORMS = [
    re.compile(form + _TIME, re.ASCII)
    for form in (
        r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})",  # 2026-03-15
        r"(?P<year>\d{4})/(?P<month>\d{1,2})/(?P<day>\d{1,2})",  # 2026/03/15
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",  # 20260315
        r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})",  # 15.03.2026
        r"(?P<day>\d{1,2})-(?P<month>\d{1,2})-(?P<year>\d{4})",  # 15-03-2026, as in Denmark
        # 15/3-2026, 15/3-26
        r"(?P<day>\d{1,2})/(?P<month>\d{1,2})(?:-| (?=\d{4}))(?P<year>\d{4}|\d{2}(?!\d))",
    )
]
_SLASHED = re.compile(r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})" + _TIME, re.ASCII)
_IN_WORDS = re.compile(r"(?P<day>\d{1,2})(?:\.\s?|\s)(?P<word>[^\W\d_]+)\.?\s(?P<year>\d{4})")


NO_DAYS = frozenset({date(1900, 1, 1), date(1904, 1, 1), date(1970, 1, 1), date(2099, 12, 31)})
"""What programs write for no date, or for one without an end."""
_FAR = 2200
"""No letter speaks of a day in this year or later."""


def means_no_day(day: date) -> bool:
    """Whether a date is one that programs write for none, or a year mistyped.

    >>> means_no_day(date(9999, 12, 31)), means_no_day(date(2026, 12, 31))
    (True, False)
    """
    return day in NO_DAYS or day.year >= _FAR


def parse_date(text: str, zone: str = HOME_ZONE) -> date:
    """Read a date: `2026-03-15`, `2026-03-15 00:00:00`, `15.03.2026`, `15/3-2026`, `15. mars 2026`.

    A time after it is passed over; but an instant, as `2026-11-14T23:00:00Z`, is the day it is in
    the IANA time zone `zone`. `15/3-26` is in 2026, as Norwegians write it. Raises RenderingError
    for what is no date, for other years of two digits, and for `03/04/2026`, which is in April to
    a Norwegian and in March to an American.
    """
    bare = re.sub(r"\s", " ", trimmed(text))
    if not bare:
        raise RenderingError(_("There is no date: the cell is empty."))
    found = next((match for form in _FORMS if (match := form.fullmatch(bare))), None)
    if found is not None:
        day = _date(text, found["year"], int(found["month"]), found["day"])
        return _in_zone(text, day, found, zone)
    if slashed := _SLASHED.fullmatch(bare):
        return _in_zone(text, _slashed_date(text, slashed), slashed, zone)
    worded = _IN_WORDS.fullmatch(bare)
    if worded is not None and (month := _months().get(worded["word"].casefold())):
        return _date(text, worded["year"], month, worded["day"])
    raise _no_date(text)


def _in_zone(text: str, day: date, found: re.Match[str], zone: str) -> date:
    """The day in `zone` of the instant that was found; `day` itself where it is none."""
    offset = found["offset"]
    if offset is None:
        return day
    sign, hours, minutes = 1, 0, 0
    if offset[0] in "+-":
        sign = -1 if offset[0] == "-" else 1
        hours, minutes = int(offset[1:3]), int(offset[3:].lstrip(":") or 0)
    try:
        time = (int(found["hour"]), int(found["minute"]), int(found["second"] or 0))
        ahead = timezone(sign * timedelta(hours=hours, minutes=minutes))
        return (
            datetime(day.year, day.month, day.day, *time, tzinfo=ahead)
            .astimezone(ZoneInfo(zone))
            .date()
        )
    except (ValueError, OverflowError):
        raise _no_date(text) from None


def _slashed_date(text: str, found: re.Match[str]) -> date:
    day, month = int(found["day"]), int(found["month"])
    if day != month and max(day, month) <= 12:
        raise RenderingError(
            _("“{text}” can be read as two dates.", text=text),
            hint=_("Write it as 15.03.2026 or 2026-03-15."),
        )
    return _date(text, found["year"], month, found["day"])


def _date(text: str, year: str, month: int, day: str) -> date:
    try:
        found = date(int(year) if len(year) > 2 else _century(int(year)), month, int(day))
    except ValueError:
        raise _no_date(text) from None
    if found.year < 1900:  # Excel's day zero: the cell holds a time, or a number shown as a date
        raise _no_date(text)
    return found


def _century(year: int) -> int:
    """A year of two digits, by POSIX's rule: 69 to 99 are of the last century."""
    return 1900 + year if year >= 69 else 2000 + year


def _no_date(text: str) -> RenderingError:
    return RenderingError(
        _("“{text}” is not a date.", text=text),
        hint=_("Write it as 15.03.2026 or 2026-03-15, the year with four digits."),
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

"""Timetable: the hours of the day in which letters may leave, and how many a day.

For those whose agreement with the provider says so. Knows nothing of requests.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo

HOURS = re.compile(r"\s*(\d{1,2}):(\d\d)\s*[-–]\s*(\d{1,2}):(\d\d)\s*")


def opening_hours(text: str) -> tuple[time, time]:
    """The two times of `08:00-20:00`; 24:00 is the end of the day.

    Raises ValueError. Hours that span midnight are two days' affair and not taken.
    """
    found = HOURS.fullmatch(text)
    if not found:
        raise ValueError("hours are written as `08:00-20:00`")
    from_hour, from_minute, to_hour, to_minute = map(int, found.groups())
    opens = time(from_hour, from_minute)
    closes = time.max if (to_hour, to_minute) == (24, 0) else time(to_hour, to_minute)
    if opens >= closes:
        raise ValueError("the hours end before they begin")
    return opens, closes


class Timetable:
    """When the next letter may begin. `begun_today` counts those of earlier runs."""

    def __init__(
        self,
        *,
        hours: str | None,
        per_day: int | None,
        zone: tzinfo | None,
        begun_today: int,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._opens, self._closes = opening_hours(hours) if hours else (time.min, time.max)
        self._per_day = per_day
        self._zone = zone
        self._clock = clock
        self._day = self._now().date()
        self._begun = begun_today

    def next_opening(self) -> datetime | None:
        """When letters may leave again; None when they may now."""
        now = self._now()
        if now.date() > self._day:  # a clock put back does not give a day twice
            self._day, self._begun = now.date(), 0
        full = self._per_day is not None and self._begun >= self._per_day
        if not full and self._opens <= now.time() < self._closes:
            return None
        later = not full and now.time() < self._opens
        return self._opening(now.date() if later else now.date() + timedelta(days=1))

    def count(self) -> None:
        """A letter begins."""
        self._begun += 1

    def _now(self) -> datetime:
        return self._clock().astimezone(self._zone)

    def _opening(self, day: date) -> datetime:
        # Through UTC, so that a night in which the clocks change is as long as it is.
        local = datetime.combine(day, self._opens, self._zone)
        return local.astimezone(UTC).astimezone(self._zone)

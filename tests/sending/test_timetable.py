"""Hours and daily quotas: when the next letter may begin."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from waiting import PATIENCE, until_then

from batchsend.sending import SendSettings, submitting
from batchsend.sending.timetable import Timetable, opening_hours

OSLO = ZoneInfo("Europe/Oslo")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=OSLO)


def timetable(now: datetime, **given: Any) -> Timetable:
    settings = {"hours": None, "per_day": None, "zone": OSLO, "begun_today": 0, **given}
    return Timetable(**settings, clock=lambda: now.astimezone(UTC))


@pytest.mark.parametrize(
    ("now", "opening"),
    [
        ("2026-11-16 08:00", None),
        ("2026-11-16 19:59:59", None),
        ("2026-11-16 07:59:59", "2026-11-16 08:00"),
        ("2026-11-16 20:00", "2026-11-17 08:00"),
        ("2026-12-31 23:00", "2027-01-01 08:00"),
        ("2026-03-28 21:00", "2026-03-29 08:00"),  # the night the clocks go forward
    ],
)
def test_hours(now: str, opening: str | None) -> None:
    found = timetable(at(now), hours="08:00-20:00").next_opening()
    assert found == (at(opening) if opening else None)


def test_a_full_day_ends_with_the_day() -> None:
    now = [at("2026-11-16 10:00")]
    table = Timetable(
        hours="08:00-20:00", per_day=3, zone=OSLO, begun_today=1, clock=lambda: now[0]
    )
    for _ in range(2):
        assert table.next_opening() is None
        table.count()
    assert table.next_opening() == at("2026-11-17 08:00")
    now[0] = at("2026-11-17 07:00")
    assert table.next_opening() == at("2026-11-17 08:00")
    now[0] = at("2026-11-17 08:00")
    assert table.next_opening() is None


def test_a_clock_put_back_does_not_give_a_day_twice() -> None:
    now = [at("2026-11-16 10:00")]
    table = Timetable(hours=None, per_day=1, zone=OSLO, begun_today=0, clock=lambda: now[0])
    table.count()
    now[0] = at("2026-11-15 10:00")
    assert table.next_opening() is not None


def test_without_settings_letters_may_always_leave() -> None:
    assert timetable(at("2026-11-16 03:00"), zone=None).next_opening() is None


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)), st.integers(0, 3))
def test_an_opening_is_ahead_and_open(moment: datetime, begun: int) -> None:
    now = [moment.replace(tzinfo=UTC)]
    table = Timetable(
        hours="04:30-05:00", per_day=2, zone=OSLO, begun_today=begun, clock=lambda: now[0]
    )
    opening = table.next_opening()
    if opening is not None:
        assert opening > now[0]
        now[0] = opening
        assert table.next_opening() is None


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("08:00-20:00", (time(8), time(20))),
        (" 8:30 – 16:15 ", (time(8, 30), time(16, 15))),
        ("00:00-24:00", (time.min, time.max)),
    ],
)
def test_writing_hours(text: str, hours: tuple[time, time]) -> None:
    assert opening_hours(text) == hours


@pytest.mark.parametrize(
    "wrong",
    [
        {"hours": "8-20"},
        {"hours": "20:00-08:00"},
        {"hours": "08:00-08:00"},
        {"hours": "08:00-25:00"},
        {"time_zone": "Oslo"},
        {"time_zone": "../etc/passwd"},
        {"per_day": 0},
    ],
)
def test_settings_that_are_wrong(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        SendSettings.model_validate(wrong)


def test_a_run_waits_for_the_next_day_and_says_so(
    api: Any, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = 0

    def tomorrow(table: Timetable) -> datetime | None:
        nonlocal days
        if table._begun < 3:
            return None
        days += 1
        if days % 2 == 0:
            table._begun = 0
        return datetime(2026, 11, 17, 8)

    monkeypatch.setattr(Timetable, "next_opening", tomorrow)
    monkeypatch.setattr(submitting, "LOOK_AT_THE_CLOCK", 0.01)
    asyncio.run(run.submit(api.address, [f"l{n}" for n in range(7)], per_day=3))
    assert sorted(api.taken) == [f"l{n}" for n in range(7)]
    assert run.notebook.notices == ["Waiting until 2026-11-17 08:00, as [send] says."] * 2


def test_a_stop_is_heard_while_waiting_for_the_hour(
    api: Any, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Timetable, "next_opening", lambda _: datetime(2026, 11, 17, 8))

    async def main() -> None:
        sending = asyncio.create_task(run.submit(api.address, ["x"], per_day=1))
        await until_then(lambda: run.notebook.notices, "a word about the hour")
        run.stop.set()
        await asyncio.wait_for(sending, PATIENCE)

    asyncio.run(main())
    assert run.notebook.left == []

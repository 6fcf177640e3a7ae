"""The pace, in a time of our own: no test waits, and each sees every instant."""

from __future__ import annotations

import asyncio
import bisect
import math
import selectors
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from thoroughness import examples

from batchsend.sending.pace import Pacer


class Clockwork(asyncio.SelectorEventLoop):
    """A loop that does not wait: its clock is put forward instead, by a little too much."""

    def __init__(self, lateness: Iterator[float]) -> None:
        self.now = 1000.0
        super().__init__(selectors.SelectSelector())
        really = self._selector.select  # type: ignore[attr-defined]  # no other way to time

        def select(timeout: float | None) -> Any:
            if timeout:
                self.now += timeout + next(lateness)
            return really(0)

        self._selector.select = select  # type: ignore[attr-defined]

    def time(self) -> float:
        return self.now


def timed(main: Any, lateness: Iterator[float] | None = None) -> Any:
    loop = Clockwork(lateness or iter(lambda: 0.0, None))
    try:
        return loop.run_until_complete(main(loop))
    finally:
        loop.close()


def departures(rate: float, number: int, workers: int, lateness: list[float]) -> list[float]:
    def each() -> Iterator[float]:
        while True:
            yield from lateness

    async def main(loop: Clockwork) -> list[float]:
        pacer = Pacer(rate, clock=loop.time)
        left: list[float] = []

        async def work() -> None:
            while len(left) + busy[0] < number:
                busy[0] += 1
                assert await pacer.depart()
                busy[0] -= 1
                left.append(loop.time())

        busy = [0]
        await asyncio.gather(*(work() for _ in range(workers)))
        return left

    found = timed(main, each())
    assert isinstance(found, list)
    return found


def most_in_a_second(times: list[float]) -> int:
    return max(bisect.bisect_left(times, time + 1) - place for place, time in enumerate(times))


RATES = st.one_of(st.integers(1, 300), st.floats(0.2, 300))
LATENESS = st.lists(st.sampled_from([0.0, 0.0001, 0.001, 0.02, 0.3]), min_size=1, max_size=50)


@settings(deadline=None, max_examples=examples(60))
@given(RATES, st.integers(1, 20), LATENESS)
def test_no_second_ever_has_more_than_the_rate(
    rate: float, workers: int, lateness: list[float]
) -> None:
    times = departures(rate, math.ceil(rate * 2) + 3, workers, lateness)
    assert most_in_a_second(times) <= max(math.ceil(rate), 1)


@pytest.mark.parametrize("rate", [0.5, 3, 20, 100, 333.3])
@pytest.mark.parametrize("lateness", [[0.0], [0.0005], [0.0001, 0.002], [0.0] * 50 + [0.01]])
def test_nearly_all_of_the_rate_is_reached(rate: float, lateness: list[float]) -> None:
    number = math.ceil(rate * 30)
    times = departures(rate, number, 4, lateness)
    assert (number - 1) / (times[-1] - times[0]) >= 0.98 * rate


def test_time_with_nothing_to_send_is_not_made_up_for() -> None:
    async def main(loop: Clockwork) -> list[float]:
        pacer = Pacer(10, clock=loop.time)
        await pacer.depart()
        await asyncio.sleep(5)
        times = []
        for _ in range(5):
            await pacer.depart()
            times.append(loop.time())
        return times

    times = timed(main)
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert min(gaps) > 0.09


def test_a_pause_holds_everybody_and_says_so() -> None:
    async def main(loop: Clockwork) -> None:
        pacer = Pacer(100, clock=loop.time)
        assert await pacer.depart()
        pacer.hold(30)
        pacer.hold(5)  # a shorter one does not shorten it
        assert pacer.held == pytest.approx(30)
        assert not await pacer.depart()
        await asyncio.sleep(30)
        assert pacer.held == 0
        assert await pacer.depart()
        assert loop.time() == pytest.approx(1030, abs=0.1)

    timed(main)


def test_a_pause_that_begins_while_waiting_is_noticed() -> None:
    async def main(loop: Clockwork) -> None:
        pacer = Pacer(0.5, clock=loop.time)
        assert await pacer.depart()
        waiting = asyncio.create_task(pacer.depart())
        await asyncio.sleep(0.5)
        pacer.hold(60)
        assert not await waiting
        assert loop.time() < 1010

    timed(main)


def test_letters_get_ready_shortly_before_they_leave() -> None:
    async def main(loop: Clockwork) -> None:
        pacer = Pacer(1, clock=loop.time)
        for second in range(5):
            await pacer.near()
            assert loop.time() >= 1000 + second - 0.25
            assert await pacer.depart()
            assert loop.time() >= 1000 + second

    timed(main)


def test_the_rate_falls_once_a_second_at_most_and_has_a_floor() -> None:
    now = [0.0]
    pacer = Pacer(64, clock=lambda: now[0])
    for _ in range(8):  # eight requests under way are all told the same
        pacer.slow_down()
    assert pacer.rate == pytest.approx(0.7 * 64)
    for _ in range(20):
        now[0] += 1
        pacer.slow_down()
    assert pacer.rate == 1


def test_the_rate_finds_its_way_back_and_no_further() -> None:
    now = [0.0]
    pacer = Pacer(100, clock=lambda: now[0])
    pacer.slow_down()
    rates = []
    for _ in range(200):
        now[0] += 0.1
        pacer.speed_up()
        rates.append(pacer.rate)
    assert rates == sorted(rates)
    assert rates[9] == pytest.approx(80)
    assert rates[-1] == 100


def test_success_does_not_keep_it_from_slowing_down() -> None:
    now = [0.0]
    pacer = Pacer(100, clock=lambda: now[0])
    pacer.slow_down()
    for _ in range(20):
        now[0] += 0.1
        pacer.speed_up()
    before = pacer.rate
    pacer.slow_down()
    assert pacer.rate == pytest.approx(0.7 * before)

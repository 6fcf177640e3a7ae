"""Pacer: when the next request may leave; AdaptiveLimiter: how many may be under way at once.

Never faster than the rate, slower when told. Knows nothing of HTTP, nor why it goes well or not.
aiolimiter was measured first: with a capacity of one it forgets what late timers cost and reaches
97 % of 100 a second and 72 % of 400; with more it begins with a burst, 199 in a second at 100. This
one keeps a timetable and makes up for late timers: 98.6 % of either, and no more than the rate in
any second.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from collections.abc import Callable

SHARE = 0.987
"""Of the rate, on the timetable. The rest is room for requests that travel for unequal times: the
API counts when they arrive, and must not find more than its limit in any second."""
SECOND = 1.005
"""Seconds in which no more than `rate` requests leave, when lateness is being made up for."""
CATCH_UP = 0.25
"""Seconds of lateness that are made up for at most."""
AHEAD = 0.1
"""Seconds before its departure that a letter may start to get ready: time for the journal to reach
the disk. So no more are under way than the rate and the API's latency call for."""
NAP = 0.25
"""Seconds between two looks at whether there is a pause by now."""
SLOWER = 0.7
"""Of the rate it had, what is left when the API asks us to slow down."""
RECOVERY = 0.1
"""Of the set rate, regained with each second that goes well."""
SLOWEST = 1 / 64
"""Of the set rate; slower than that is a pause."""


class Pacer:
    """Departures for one event loop. `rate` is in requests a second."""

    def __init__(self, rate: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.set_rate = rate
        self.rate = rate
        self._clock = clock
        self._next = clock()
        self._held_until = 0.0
        self._end = math.inf
        self._next_ready = self._next
        self._slowed = self._regained = -math.inf
        # The departures of the last second, as many as a second may have.
        self._recent: deque[float] = deque(maxlen=math.ceil(rate))
        self._line = asyncio.Lock()
        self._waiting = 0

    async def near(self) -> None:
        """Wait until it is time to get one more request ready."""
        while (seconds := self._ready_at() - self._clock()) > 0:
            await asyncio.sleep(seconds)
        self._next_ready = max(self._next_ready, self._clock() - CATCH_UP) + 1 / self.rate

    def not_needed(self) -> None:
        """One that was to get ready will not depart: another may take its turn."""
        self._next_ready -= 1 / self.rate

    async def depart(self) -> bool:
        """Wait for this request's turn and count it. False, uncounted, when there is a pause or
        its turn would come after the end."""
        self._waiting += 1
        lined_up = self._clock()
        try:
            async with self._line:
                while (seconds := self._due() - self._clock()) > 0:
                    if self.held or self._due() > self._end:
                        return False
                    await asyncio.sleep(min(seconds, NAP))
                self._count(lined_up)
                return True
        finally:
            self._waiting -= 1

    @property
    def held(self) -> float:
        """Seconds that are left of a pause; 0 when there is none."""
        return max(self._held_until - self._clock(), 0.0)

    def hold(self, seconds: float) -> None:
        """Let nothing leave for so long."""
        self._held_until = max(self._held_until, self._clock() + seconds)

    def end(self, seconds: float) -> None:
        """Let nothing leave after so long, and tell those who wait longer at once."""
        self._end = self._clock() + seconds

    def slow_down(self) -> None:
        """Lower the rate: the API has asked for it. Once a second at most, since the requests
        already under way will be told the same."""
        now = self._clock()
        if now - self._slowed >= 1:
            self.rate = max(self.rate * SLOWER, self.set_rate * SLOWEST)
            self._slowed = self._regained = now

    def speed_up(self) -> None:
        """Regain some of the set rate: a letter was taken."""
        if self.rate < self.set_rate:
            now = self._clock()
            gained = self.set_rate * RECOVERY * min(now - self._regained, 1)
            self.rate = min(self.rate + gained, self.set_rate)
            self._regained = now

    def _ready_at(self) -> float:
        line = self._due() + self._waiting / self.rate - AHEAD
        return max(line, self._next_ready - AHEAD)

    def _due(self) -> float:
        full = len(self._recent) == self._recent.maxlen
        second = self._recent[0] + SECOND if full else -math.inf
        return max(self._next, second, self._held_until)

    def _count(self, lined_up: float) -> None:
        now = self._clock()
        self._recent.append(now)
        # A late timer is made up for; time in which there was nothing to send is not.
        meant = max(self._next, self._held_until, lined_up, now - CATCH_UP)
        self._next = meant + 1 / (self.rate * SHARE)


class AdaptiveLimiter:
    """A semaphore whose size moves between 1 and `most`.

    The first letter goes alone: if the API objects to everything, one letter finds that out. Once
    one went well all slots are open; trouble takes half of them and each letter that goes well
    gives one back. What the pace and the API's latency do not need stays unused by itself.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 1
        self._opened = False
        self._taken = 0
        self._freed = asyncio.Event()

    async def acquire(self) -> None:
        """Take a slot as soon as one is free."""
        while self._taken >= self._size:
            self._freed.clear()
            await self._freed.wait()
        self._taken += 1

    def release(self) -> None:
        """Give a slot back."""
        self._taken -= 1
        self._freed.set()

    def grow(self) -> None:
        """A letter went well."""
        self._size = min(self._size + 1, self._most) if self._opened else self._most
        self._opened = True
        self._freed.set()

    def shrink(self) -> None:
        """A letter met trouble."""
        self._size = max(self._size // 2, 1)

"""Slots: how many letters may be under way at once, growing while all goes well.

Knows nothing of why it goes well or not.
"""

from __future__ import annotations

import asyncio


class Slots:
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

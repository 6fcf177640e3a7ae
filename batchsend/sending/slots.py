"""Slots: how many letters may be under way at once, growing while all goes well.

Knows nothing of why it goes well or not.
"""

from __future__ import annotations

import asyncio

__all__ = ["Slots"]


class Slots:
    """A semaphore whose size moves between 1 and `most`.

    It begins with 1: if the API objects to everything, one letter finds that out. Each letter that
    goes well adds one, trouble takes half: what TCP does, for the same reason. More slots than the
    pace and the API's latency need stay unused by themselves.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 1
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
        if self._size < self._most:
            self._size += 1
            self._freed.set()

    def shrink(self) -> None:
        """A letter met trouble."""
        self._size = max(self._size // 2, 1)

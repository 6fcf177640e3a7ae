"""Stopwatch: what calls of a program take while it runs, by any clock."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from functools import wraps
from typing import Any

__all__ = ["Stopwatch"]


class Stopwatch:
    """Seconds by the name of a part, of every call it is held to."""

    def __init__(self) -> None:
        self.took: Counter[str] = Counter()

    def hold_to(
        self, place: Any, name: str, part: str, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        """Add what calls of `place.name` take to `part`, for the rest of the process."""
        call = getattr(place, name)

        @wraps(call)
        def timed(*args: Any, **kwargs: Any) -> Any:
            started = clock()
            try:
                return call(*args, **kwargs)
            finally:
                self.took[part] += clock() - started

        setattr(place, name, timed)

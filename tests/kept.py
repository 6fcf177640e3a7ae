"""Rendering processes that go on from test to test: to start one costs more than most tests do.

They are real ones, and letters reach them as everywhere. What a test ends in the middle of is
killed, as it would be, and starts again for the next. A process keeps to the fonts of its first
template and to the environment it was started in: where a test has fonts or variables of its own
that rendering depends on, it asks for `own_workers`.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent import futures
from concurrent.futures import Executor, Future
from contextlib import suppress
from typing import Any, ClassVar

import psutil

from batchsend.rendering import Workers


class KeptWorkers(Executor):
    """In the place of `Workers`: a loan of the one process that has this time limit."""

    _kept: ClassVar[dict[float, Workers]] = {}

    def __init__(self, _count: int, *, timeout: float) -> None:
        if timeout not in self._kept:
            self._kept[timeout] = Workers(1, timeout=timeout)
        self._workers = self._kept[timeout]
        self._futures: list[Future[Any]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self._futures.append(self._workers.submit(fn, *args, **kwargs))
        return self._futures[-1]

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        if cancel_futures:
            for future in self._futures:
                future.cancel()
            self._kill_what_runs()
        futures.wait(self._futures)

    @property
    def pids(self) -> list[int]:
        return self._workers.pids

    def _kill_what_runs(self) -> None:
        if all(each.done() for each in self._futures):
            return
        for pid in self.pids:
            with suppress(psutil.NoSuchProcess):
                psutil.Process(pid).kill()

    @classmethod
    def end(cls) -> None:
        """End the processes, at the end of all tests."""
        for workers in cls._kept.values():
            workers.shutdown()
        cls._kept.clear()

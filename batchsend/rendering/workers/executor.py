"""Workers: processes that render, behind the standard library's executor interface.

Each task has a time limit, after which its process is ended and another takes its place; a process
that dies costs its task alone. The standard library's own pool gives up altogether when a process
dies, and can end none. Knows nothing of letters.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, ParamSpec, TypeVar

from batchsend.errors import RenderingError
from batchsend.language import _, current_language, speaking
from batchsend.rendering.workers.process import WorkerDied, WorkerProcess
from batchsend.scratch import ScratchFolder

STARTS = 3
"""So often may a process fail to start before nothing can be rendered."""

P = ParamSpec("P")
T = TypeVar("T")


def processors() -> int:
    """How many this process may run on, which a container or `taskset` may make fewer."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


class Workers(Executor):
    """`count` processes; a task that takes longer than `timeout` seconds raises TimeoutError."""

    def __init__(self, count: int, *, timeout: float) -> None:
        self._tasks: SimpleQueue[_Task | None] = SimpleQueue()
        self._timeout = timeout
        self._ending = threading.Event()
        self._scratch = ScratchFolder()
        self._processes: dict[int, WorkerProcess] = {}
        self._threads = [
            threading.Thread(target=self._serve, args=(n,), name=f"renderer-{n}", daemon=True)
            for n in range(count)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run `fn` in a worker. Handing over the same object as `fn` each time sends it once."""
        if self._ending.is_set():
            raise RuntimeError("these workers have been shut down")
        future: Future[T] = Future()
        self._tasks.put(_Task(future, fn, args, kwargs))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the workers; with `cancel_futures` at once, in the middle of what they are doing."""
        self._ending.set()
        if cancel_futures:
            for process in list(self._processes.values()):
                process.kill()
        for _other in self._threads:
            self._tasks.put(None)
        if wait:
            for thread in self._threads:
                thread.join()
            self._scratch.remove()

    @property
    def pids(self) -> list[int]:
        """The processes as they are now."""
        return [process.pid for process in list(self._processes.values())]

    def _serve(self, number: int) -> None:
        """One thread for each process: hands it a task, waits, and replaces it when it is gone."""
        with suppress(RenderingError, WorkerDied):  # the first task meets it again, and tells
            self._start(number)
        while (task := self._tasks.get()) is not None:
            if not task.future.set_running_or_notify_cancel():
                continue
            try:
                with speaking(task.language):
                    task.future.set_result(self._run(number, task))
            except BaseException as error:
                task.future.set_exception(error)
        self._end(number)

    def _run(self, number: int, task: _Task) -> Any:
        if number not in self._processes:
            self._start(number)
        try:
            process = self._processes[number]
            return process.run(task.fn, task.args, task.kwargs, self._timeout)
        except (WorkerDied, TimeoutError):
            self._end(number)
            raise

    def _start(self, number: int) -> None:
        why = ""
        for _other in range(STARTS):
            if self._ending.is_set():
                raise WorkerDied(_("the workers have been ended"))
            self._processes[number] = WorkerProcess(self._scratch.path)
            try:
                return self._processes[number].wait_until_ready()
            except (WorkerDied, TimeoutError) as error:
                self._end(number)
                why = str(error)
        raise RenderingError(_("The process that renders letters cannot start: {why}.", why=why))

    def _end(self, number: int) -> None:
        if number in self._processes:
            self._processes.pop(number).end()


class _Task:
    """What to call and whom to tell."""

    __slots__ = ("args", "fn", "future", "kwargs", "language")

    def __init__(self, future: Future[Any], fn: Callable[..., Any], args: Any, kwargs: Any) -> None:
        self.future, self.fn, self.args, self.kwargs = future, fn, args, kwargs
        self.language = current_language()

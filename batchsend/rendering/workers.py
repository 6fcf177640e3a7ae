"""Workers: processes that render, behind the standard library's executor interface.

Each task has a time limit, after which its process is ended and another takes its place; a process
that dies costs its task alone. Started as plain subprocesses, not through multiprocessing, which
runs the caller's script again in every worker: a script without a main guard works all the same.
Knows nothing of letters.
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from typing import Any, ParamSpec, TypeVar

__all__ = ["WorkerDied", "Workers"]

P = ParamSpec("P")
T = TypeVar("T")

_START_LIMIT = 120  # seconds: a cold disk and a virus scanner can take a while
_BOOT = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from batchsend.rendering.worker import main; main()"
)


class WorkerDied(BrokenExecutor):
    """The process ended in the middle of a task: killed, out of memory, or a crash."""


class Workers(Executor):
    """`count` processes; a task that takes longer than `timeout` seconds raises TimeoutError."""

    def __init__(self, count: int, *, timeout: float) -> None:
        self._tasks: SimpleQueue[_Task | None] = SimpleQueue()
        self._timeout = timeout
        self._ending = threading.Event()
        self._scratch = TemporaryDirectory(prefix="batchsend-", ignore_cleanup_errors=True)
        self._processes: dict[int, _Process] = {}
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
                process.end()
        for _ in self._threads:
            self._tasks.put(None)
        if wait:
            for thread in self._threads:
                thread.join()
            self._scratch.cleanup()

    @property
    def pids(self) -> list[int]:
        """The processes as they are now."""
        return [process.pid for process in list(self._processes.values())]

    def _serve(self, number: int) -> None:
        """One thread for each process: hands it a task, waits, and replaces it when it is gone."""
        while (task := self._tasks.get()) is not None:
            if not task.future.set_running_or_notify_cancel():
                continue
            try:
                task.future.set_result(self._run(number, task))
            except BaseException as error:
                task.future.set_exception(error)
        if number in self._processes:
            self._processes.pop(number).end()

    def _run(self, number: int, task: _Task) -> Any:
        if self._ending.is_set() and not self._processes.get(number):
            raise WorkerDied("the workers have been ended")
        if number not in self._processes:
            self._processes[number] = _Process(Path(self._scratch.name))
        try:
            return self._processes[number].run(task, self._timeout)
        except (WorkerDied, TimeoutError):
            self._processes.pop(number).end()
            raise


class _Task:
    """What to call and whom to tell."""

    __slots__ = ("args", "fn", "future", "kwargs")

    def __init__(self, future: Future[Any], fn: Callable[..., Any], args: Any, kwargs: Any) -> None:
        self.future, self.fn, self.args, self.kwargs = future, fn, args, kwargs


class _Process:
    """One worker process and the pipes to it; see worker.py for its side."""

    def __init__(self, scratch: Path) -> None:
        self._sent: Callable[..., Any] | None = None
        self._popen = subprocess.Popen(  # noqa: S603 - this very Python
            [sys.executable, "-c", _BOOT, json.dumps(sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # What a killed worker leaves in its temporary folder goes with ours.
            env={**os.environ, **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch))},
            **_APART,
        )
        self.pid = self._popen.pid
        self._receive(_START_LIMIT)

    def run(self, task: _Task, limit: float) -> Any:
        fn = None if task.fn is self._sent else task.fn
        try:
            assert self._popen.stdin is not None  # noqa: S101 - Popen was told to pipe it
            pickle.dump((fn, task.args, task.kwargs), self._popen.stdin, pickle.HIGHEST_PROTOCOL)
            self._popen.stdin.flush()
        except OSError:
            raise WorkerDied("the worker process has ended") from None
        self._sent = task.fn
        failed, result = self._receive(limit)
        if failed:
            raise result
        return result

    def end(self) -> None:
        self._popen.kill()
        for pipe in (self._popen.stdin, self._popen.stdout):
            try:
                if pipe is not None:
                    pipe.close()
            except OSError:
                pass  # what was still to be written has no reader any more
        self._popen.wait()

    def _receive(self, limit: float) -> Any:
        late = threading.Event()

        def expire() -> None:
            late.set()
            self._popen.kill()

        timer = threading.Timer(limit, expire)
        timer.start()
        try:
            assert self._popen.stdout is not None  # noqa: S101 - Popen was told to pipe it
            return pickle.load(self._popen.stdout)  # noqa: S301 - our own process wrote it
        except (EOFError, OSError, pickle.UnpicklingError, ValueError):
            if late.is_set():
                raise TimeoutError(f"it took longer than {limit:g} seconds") from None
            raise WorkerDied("the worker process ended by itself") from None
        finally:
            timer.cancel()


# Ctrl-C in a terminal reaches every process of the foreground group: workers are not in it.
_APART: dict[str, Any] = (
    {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
    if sys.platform == "win32"
    else {"start_new_session": True}
)

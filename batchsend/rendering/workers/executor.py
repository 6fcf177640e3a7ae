"""Workers: processes that render, behind the standard library's executor interface; and
WorkerProcess, one of them, seen from the process that started it.

Each task has a time limit, after which its process is ended and another takes its place; a process
that dies costs its task alone. The standard library's own pool gives up altogether when a process
dies, and can end none. A process is a plain subprocess, not multiprocessing's, which runs the
caller's script again in every worker: a script without a main guard works all the same. worker.py
is its other side. Knows nothing of letters.
"""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryFile
from typing import IO, Any, ParamSpec, TypeVar, cast

from batchsend.errors import RenderingError
from batchsend.language import _, current_language, speaking
from batchsend.scratch import ScratchFolder

_START_LIMIT = 120  # seconds: a cold disk and a virus scanner can take a while
_BOOT = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from batchsend.rendering.workers.worker import main; main()"
)
# Ctrl-C in a terminal reaches every process of the foreground group: workers are not in it.
if sys.platform == "win32":
    _APART: dict[str, Any] = {
        "creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
    }
else:
    _APART: dict[str, Any] = {"start_new_session": True}


def end_group(process: subprocess.Popen[bytes]) -> None:
    """End a process that was started apart, and all that it has started."""
    if sys.platform == "win32":
        import psutil  # noqa: PLC0415 - only here

        with suppress(psutil.Error):
            for child in psutil.Process(process.pid).children(recursive=True):
                with suppress(psutil.Error):
                    child.kill()
        process.kill()
        return
    # Once it was waited for, its number may be another's.
    if process.returncode is None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)


class WorkerDied(BrokenExecutor):
    """The process ended in the middle of a task: killed, out of memory, a crash, or because its
    answer could not be read."""


class WorkerProcess:
    """A process of its own; `scratch` is where it leaves temporary files, for others to delete."""

    def __init__(self, scratch: Path) -> None:
        self._last: Callable[..., Any] | None = None
        self._errors = TemporaryFile(dir=scratch)  # noqa: SIM115 - closed in end()
        self._popen = subprocess.Popen(  # noqa: S603 - this very Python
            [sys.executable, "-c", _BOOT, json.dumps(sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env={**os.environ, **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch))},
            **_APART,
        )
        self._calls = cast("IO[bytes]", self._popen.stdin)
        self._answers = cast("IO[bytes]", self._popen.stdout)
        self.pid = self._popen.pid

    def wait_until_ready(self) -> None:
        """Wait for its imports. Raises TimeoutError or WorkerDied."""
        self._receive(_START_LIMIT)

    def run(self, fn: Callable[..., Any], args: Any, kwargs: Any, limit: float) -> Any:
        """What `fn` returns or raises; the same `fn` as last time is not sent again. It speaks the
        language that is spoken here.

        Raises TimeoutError after `limit` seconds and WorkerDied; the process is gone after either.
        """
        new = None if fn is self._last else fn
        # Whole before it is sent: what cannot be pickled must not leave half a call in the pipe.
        call = pickle.dumps((new, args, kwargs, current_language()), pickle.HIGHEST_PROTOCOL)
        try:
            self._calls.write(call)
            self._calls.flush()
        except OSError:
            raise WorkerDied(self._last_words()) from None
        self._last = fn
        failed, result = self._receive(limit)
        if failed:
            raise result
        return result

    def kill(self) -> None:
        """End it at once, whatever it is doing, and what it has started. Whoever waits for an
        answer gets WorkerDied."""
        end_group(self._popen)

    def end(self) -> None:
        """The same, and let go of it: for the thread that uses it."""
        end_group(self._popen)
        self._popen.wait()
        for pipe in (self._calls, self._answers, self._errors):
            # What was still to be written has no reader any more.
            with suppress(OSError):
                pipe.close()

    def _receive(self, limit: float) -> Any:
        late = threading.Event()

        def expire() -> None:
            late.set()
            end_group(self._popen)

        timer = threading.Timer(limit, expire)
        timer.start()
        try:
            return pickle.load(self._answers)  # noqa: S301 - our own process wrote it
        except BaseException as error:
            if late.is_set():
                raise TimeoutError(
                    _("it took longer than {limit:g} seconds", limit=limit)
                ) from None
            if isinstance(error, EOFError | OSError):
                raise WorkerDied(self._last_words()) from None
            # Half an answer may still be in the pipe, where the next letter would take it for its.
            self._popen.kill()
            why = f"{type(error).__name__}: {error}"
            raise WorkerDied(
                _(
                    "its answer cannot be read: {why}; {last_words}",
                    why=why,
                    last_words=self._last_words(),
                )
            ) from None
        finally:
            timer.cancel()

    def _last_words(self) -> str:
        end_group(self._popen)  # what it had started goes on without it
        status = self._popen.wait()
        self._errors.seek(0)
        words = self._errors.read().decode("utf-8", "replace").strip().splitlines()
        if words:
            return _("it ended with status {status}: {words}", status=status, words=words[-1])
        return _("it ended with status {status}", status=status)


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

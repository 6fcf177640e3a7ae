"""DaskCluster: a Dask cluster behind the standard library's executor interface.

The sender's side. What a worker was doing when it was lost is done again by another: Dask sees to
that. Whatever else Dask raises becomes one of the errors that worker processes have, too.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import BrokenExecutor, CancelledError, Future
from concurrent.futures import wait as wait_for
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial
from queue import SimpleQueue
from typing import Any, ParamSpec, TypeVar

from distributed import Client, KilledWorker

from batchsend.clusters.asking import SCHEDULER, Cluster, answer, in_time, no_answer, silent
from batchsend.clusters.worker_plugin import Caretaker, Sealed, Versions, Workshop, render
from batchsend.errors import RenderingError
from batchsend.language import N_, _, current_language

PATIENCE = 120.0
"""Seconds without a single worker or an answer from the scheduler, after which nothing more is
expected of the cluster."""
GLANCE = 2.0
"""Seconds between looks at who is there."""
SILENCE = 30.0
"""Seconds a task may be out before its worker is asked whether it is still there."""
LEAVING = 1.0
"""Seconds for what is being asked at the end. Its answer interests nobody any more."""
AGAIN = N_(
    "Nothing is lost: when it is well again, run the same command again, or without --cluster."
)

P = ParamSpec("P")
T = TypeVar("T")


class DaskCluster(Cluster):
    """Renders on the workers of `client`; does not close it."""

    def __init__(
        self,
        client: Client,
        versions: Versions,
        *,
        timeout: float,
        notice: Callable[[str], None],
    ) -> None:
        self._client = client
        self._pool = client.get_executor(pure=False)
        self._versions = versions
        self._timeout = timeout
        self._notice = notice
        self._function: Callable[..., object] | None = None
        self._workshop = ""
        self._tasks: SimpleQueue[_Task | None] = SimpleQueue()
        self._waiting: dict[Future[Any], float] = {}
        self._lock = threading.Lock()
        self._ending = threading.Event()
        self._silent = ""
        self._asked = 0.0
        self._threads = _count(answer(client, client.nthreads))
        self._at_work = [
            threading.Thread(target=copy_context().run, args=(work,), name="cluster", daemon=True)
            for work in (self._hand_over, self._look_after)
        ]
        for thread in self._at_work:
            thread.start()

    def threads(self) -> int:
        """How many tasks are done at once, as it is now."""
        return max(self._threads, 1)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run `fn` on a worker. Handing over the same object as `fn` each time sends it once."""
        if self._ending.is_set():
            raise RuntimeError("this cluster has been let go of")
        future: Future[T] = Future()
        with self._lock:
            self._waiting[future] = time.monotonic()
        self._tasks.put(_Task(future, fn, Sealed.of((args, kwargs, current_language()))))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let go of what is under way. The workers are cleared once the client has gone."""
        if wait and not cancel_futures:
            with self._lock:
                waited_for = tuple(self._waiting)
            wait_for(waited_for)
        self._ending.set()
        self._tasks.put(None)
        with self._lock:
            waiting, self._waiting = self._waiting, {}
        for future in waiting:
            future.cancel()
        until = time.monotonic() + LEAVING
        for thread in self._at_work:
            thread.join(max(until - time.monotonic(), 0.0))

    def _hand_over(self) -> None:
        """Give the cluster one task after another. The first waits until the workers have what
        letters are made from: whoever submits must not, for it may have to stop meanwhile."""
        while self._hand_over_next():
            pass

    def _hand_over_next(self) -> bool:
        """Whether there was one. In a frame of its own: a name would keep a result from leaving."""
        task = self._tasks.get()
        if task is None:
            return False
        if task.future.done():
            self._forget(task.future)
            return True
        try:
            if task.function is not self._function:
                self._workshop = self._open_workshop(task.function)
                self._function = task.function
            done = self._pool.submit(render, self._workshop, task.letters)
            done.add_done_callback(partial(self._tell, task.future))
        except RenderingError as error:  # they cannot be given it: no other task would do better
            self._give_up(error)
        except Exception as error:
            self._settle(task.future, True, self._in_words(error))
        return True

    def _open_workshop(self, function: Callable[..., object]) -> str:
        # Not by its content: no two senders share one, and nothing stays from run to run.
        name = f"batchsend-{uuid.uuid4().hex}"
        caretaker = Caretaker(f"{name}-caretaker", self._client.id, name)
        workshop = Workshop(name, Sealed.of(function), self._versions, self._timeout)
        try:
            for plugin in (caretaker, workshop):
                in_time(self._client, self._client.register_plugin, plugin, name=plugin.name)
        except TimeoutError:
            message, hint = no_answer(self._client)
            raise RenderingError(message, hint=hint) from None
        except Exception as error:
            # Raised on a worker, or on the way there.
            raise RenderingError(
                _(
                    "The cluster cannot be given what letters are made from: {why}.",
                    why=_why(error),
                ),
                hint=_(AGAIN),
            ) from None
        return name

    def _tell(self, future: Future[Any], done: Future[Sealed]) -> None:
        try:
            failed, result = done.result().opened()
        except (CancelledError, Exception) as error:
            failed, result = True, self._in_words(error)
        self._settle(future, failed, result)

    def _settle(self, future: Future[Any], failed: bool, result: Any) -> None:
        if not self._forget(future) or not future.set_running_or_notify_cancel():
            return
        if failed:
            future.set_exception(result)
        else:
            future.set_result(result)

    def _forget(self, future: Future[Any]) -> bool:
        """Whether it was still waited for."""
        with self._lock:
            return self._waiting.pop(future, None) is not None

    def _in_words(self, error: BaseException) -> Exception:
        if isinstance(error, KilledWorker):
            return BrokenExecutor(_("every worker that rendered it was lost"))
        if isinstance(error, CancelledError):
            return RenderingError(
                _("The cluster that renders the letters went away."), hint=_(AGAIN)
            )
        return RenderingError(
            _("The cluster cannot render letters: {why}.", why=_why(error)), hint=_(AGAIN)
        )

    def _look_after(self) -> None:
        """Know how many there are, and give up where there is nobody for long."""
        missing, since = "", 0.0
        while not self._ending.wait(GLANCE):
            now = self._missing()
            if now != missing:
                missing, since = now, time.monotonic()
                if missing:
                    self._say(
                        _(
                            "The cluster has {missing} at the moment. Waiting for one.",
                            missing=missing,
                        )
                    )
            elif missing and time.monotonic() - since > PATIENCE:
                sentence = _(
                    "The cluster has had {missing} for {patience:.0f} seconds.",
                    missing=missing,
                    patience=PATIENCE,
                )
                self._give_up(RenderingError(sentence, hint=_(AGAIN)))
            if not missing:
                self._ask_who_is_silent()

    def _missing(self) -> str:
        """What the cluster lacks; empty where it can render."""
        try:
            self._threads = _count(in_time(self._client, self._client.nthreads))
        except TimeoutError:
            return _("no scheduler that answers")
        except Exception:  # a lost connection is told to those who wait
            return ""
        return "" if self._threads else "no workers"

    def _ask_who_is_silent(self) -> None:
        """Say which worker has frozen, once: Dask itself waits for it for minutes."""
        now = time.monotonic()
        with self._lock:
            oldest = next(iter(self._waiting.values()), now)
        if now - max(oldest, self._asked) < SILENCE:
            return
        self._asked = now
        with suppress(Exception):
            who = silent(self._client)
            if who not in {"", _(SCHEDULER), self._silent}:
                self._say(
                    _(
                        "There is no answer from {who}. The letters it has wait for it, "
                        "until it is ended or Dask takes it for lost; then others make "
                        "them.",
                        who=who,
                    )
                )
            self._silent = who

    def _say(self, sentence: str) -> None:
        if not self._ending.is_set():
            self._notice(sentence)

    def _give_up(self, error: RenderingError) -> None:
        with self._lock:
            waiting, self._waiting = self._waiting, {}
        for future in waiting:
            if future.set_running_or_notify_cancel():
                future.set_exception(error)


@dataclass(frozen=True, slots=True)
class _Task:
    """What to call, with what, and whom to tell."""

    future: Future[Any]
    function: Callable[..., object]
    letters: Sealed


def _count(threads: Mapping[str, int]) -> int:
    return sum(threads.values())


def _why(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0].rstrip(".")

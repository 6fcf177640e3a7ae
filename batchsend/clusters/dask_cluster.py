"""DaskCluster: a Dask cluster behind the standard library's executor interface.

The sender's side. What a worker was doing when it was lost is done again by another: Dask sees to
that. Whatever else Dask raises becomes one of the errors that worker processes have, too.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, CancelledError, Future
from contextlib import suppress
from typing import Any, ParamSpec, TypeVar

from distributed import Client, KilledWorker

from batchsend.clusters.cluster import Cluster
from batchsend.clusters.versions import Versions
from batchsend.clusters.workshop import Caretaker, Sealed, Workshop, render
from batchsend.errors import RenderingError

__all__ = ["DaskCluster"]

PATIENCE = 120.0
"""Seconds without a single worker, after which nothing more is expected of the cluster."""
GLANCE = 2.0
"""Seconds between looks at who is there."""
AGAIN = "Nothing is lost: when it is well again, run the same command again, or without --cluster."

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
        self._waiting: set[Future[Any]] = set()
        self._lock = threading.Lock()
        self._ending = threading.Event()
        self._threads = _threads(client)
        self._watch = threading.Thread(target=self._look_after, name="cluster", daemon=True)
        self._watch.start()

    def threads(self) -> int:
        """How many tasks are done at once, as it is now."""
        return max(self._threads, 1)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run `fn` on a worker. Handing over the same object as `fn` each time sends it once."""
        if self._ending.is_set():
            raise RuntimeError("this cluster has been let go of")
        if fn is not self._function:
            self._open_workshop(fn)
            self._function = fn
        future: Future[T] = Future()
        done = self._pool.submit(render, self._workshop, Sealed.of((args, kwargs)))
        with self._lock:
            self._waiting.add(future)
        done.add_done_callback(lambda done: self._tell(future, done))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let go of what is under way, and clear the workers."""
        if not self._ending.is_set():
            self._ending.set()
            # Where it is gone there is nothing to clear, and no sense in waiting for its return.
            if self._client.status == "running":
                with suppress(Exception):
                    self._pool.shutdown(wait=wait and not cancel_futures)
                    if self._workshop:
                        self._client.unregister_worker_plugin(self._workshop)
            self._watch.join()

    def _open_workshop(self, fn: Callable[..., object]) -> None:
        self._workshop = f"batchsend-{uuid.uuid4().hex}"
        caretaker = Caretaker(f"{self._workshop}-caretaker", self._client.id, self._workshop)
        workshop = Workshop(self._workshop, Sealed.of(fn), self._versions, self._timeout)
        try:
            self._client.register_plugin(caretaker, name=caretaker.name)
            self._client.register_plugin(workshop, name=workshop.name)
        except Exception as error:
            # Raised on a worker, or on the way there.
            raise RenderingError(
                f"The cluster cannot be given what letters are made from: {_why(error)}.",
                hint=AGAIN,
            ) from None

    def _tell(self, future: Future[T], done: Future[Sealed]) -> None:
        with self._lock:
            given_up = future not in self._waiting
            self._waiting.discard(future)
        if given_up or not future.set_running_or_notify_cancel():
            return
        try:
            failed, result = done.result().opened()
        except (CancelledError, Exception) as error:
            failed, result = True, self._in_words(error)
        if failed:
            future.set_exception(result)
        else:
            future.set_result(result)

    def _in_words(self, error: BaseException) -> Exception:
        if isinstance(error, KilledWorker):
            return BrokenExecutor("every worker that rendered it was lost")
        if isinstance(error, CancelledError):
            return RenderingError("The cluster that renders the letters went away.", hint=AGAIN)
        return RenderingError(f"The cluster cannot render letters: {_why(error)}.", hint=AGAIN)

    def _look_after(self) -> None:
        """Know how many there are, and give up where there is nobody for long."""
        alone_since: float | None = None
        while not self._ending.wait(GLANCE):
            with suppress(Exception):  # a lost connection is told to those who wait
                self._threads = _threads(self._client)
            if self._threads:
                alone_since = None
            elif alone_since is None:
                alone_since = time.monotonic()
                self._notice("The cluster has no workers at the moment. Waiting for one.")
            elif time.monotonic() - alone_since > PATIENCE:
                self._give_up()

    def _give_up(self) -> None:
        with self._lock:
            waiting, self._waiting = self._waiting, set()
        for future in waiting:
            if future.set_running_or_notify_cancel():
                future.set_exception(
                    RenderingError(
                        f"The cluster has had no workers for {PATIENCE:.0f} seconds.", hint=AGAIN
                    )
                )


def _threads(client: Client) -> int:
    return sum(client.nthreads().values())


def _why(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0].rstrip(".")

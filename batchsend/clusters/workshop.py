"""What runs on the cluster: rendering processes on each worker, and who clears them away.

A worker gets what letters are rendered from once, as it joins or as the run begins, and hands it to
processes of its own, which have a time limit and can be ended. Letters and documents pass through
Dask as sealed bytes: what Dask logs of a task, or shows of it, has nobody's data in it.
"""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from distributed import Scheduler, SchedulerPlugin, Worker, WorkerPlugin, get_worker

from batchsend.clusters.versions import Versions
from batchsend.errors import RenderingError
from batchsend.language import _, speaking

if TYPE_CHECKING:
    from batchsend.rendering import Workers

LAST_WORDS = 2.0
"""Seconds in which what a sender said last may still arrive, after the news that it has gone."""


@dataclass(frozen=True, slots=True, repr=False)
class Sealed:
    """Something pickled: Dask passes it on, and only the process that renders looks into it."""

    data: bytes

    @classmethod
    def of(cls, content: object) -> Sealed:
        """Seal it."""
        return cls(pickle.dumps(content, pickle.HIGHEST_PROTOCOL))

    def opened(self) -> Any:
        """What is in it."""
        return pickle.loads(self.data)  # noqa: S301 - from the sender, or a worker it has chosen

    def __repr__(self) -> str:
        return f"Sealed({len(self.data)} bytes)"

    def __sizeof__(self) -> int:
        return len(self.data)


@dataclass(eq=False)
class _Job:
    """What a rendering process is handed once: the function, opened when it is first called."""

    sealed: Sealed

    @cached_property
    def function(self) -> Callable[..., Any]:
        function: Callable[..., Any] = self.sealed.opened()
        return function

    def __call__(self, letters: Sealed) -> Sealed:
        args, kwargs, language = letters.opened()
        with speaking(language):
            return Sealed.of((False, self.function(*args, **kwargs)))


class Workshop(WorkerPlugin):
    """A worker's rendering processes, one for each of its threads."""

    idempotent = False

    def __init__(self, name: str, job: Sealed, versions: Versions, timeout: float) -> None:
        self.name = name
        self.refusal = ""
        self._job = _Job(job)
        self._versions = versions
        self._timeout = timeout
        self._workers: Workers | None = None

    def setup(self, worker: Worker) -> None:
        """Start them, unless this worker would render other letters."""
        from batchsend.rendering import Workers  # noqa: PLC0415 - not for the scheduler

        unlike = self._versions.unlike_here()
        if unlike:
            self.refusal = _(
                "The worker at {address} joined the cluster with {unlike}.",
                address=worker.address,
                unlike=unlike,
            )
        else:
            self._workers = Workers(worker.state.nthreads, timeout=self._timeout)

    async def teardown(self, worker: Worker) -> None:  # noqa: ARG002 - Dask's interface
        """End them, in the middle of what they are doing; their scratch folder goes too."""
        if self._workers:
            workers, self._workers = self._workers, None
            await asyncio.to_thread(workers.shutdown, cancel_futures=True)

    def render(self, letters: Sealed) -> Sealed:
        """What the rendering function returns or raises for these letters."""
        if self._workers is None:
            return _raised(
                RenderingError(
                    self.refusal or _("The cluster is being let go of."),
                    hint=_("Install the same versions there, or take it out of the cluster."),
                )
            )
        try:
            return self._workers.submit(self._job, letters).result()
        except Exception as error:
            return _raised(error)


class Caretaker(SchedulerPlugin):
    """Clears a workshop away on every worker when its sender is gone, even if it was killed.

    Only here: a sender that did it itself would have to wait for workers that have frozen.
    """

    def __init__(self, name: str, client: str, workshop: str) -> None:
        self.name = name
        self._client = client
        self._workshop = workshop
        self._closing: asyncio.Task[None] | None = None

    def remove_client(self, scheduler: Scheduler, client: str) -> None:
        """Dask calls this as a sender goes."""
        if client == self._client and self._closing is None:
            self._closing = asyncio.create_task(self._close(scheduler))

    async def _close(self, scheduler: Scheduler) -> None:
        await self._clear(scheduler)
        await asyncio.sleep(LAST_WORDS)
        if self._workshop in scheduler.worker_plugins:
            await self._clear(scheduler)
        scheduler.remove_plugin(name=self.name)

    async def _clear(self, scheduler: Scheduler) -> None:
        scheduler.worker_plugins.pop(self._workshop, None)
        # A worker that has frozen hears it when it is itself again, a lost one ends by itself.
        await scheduler.broadcast(
            msg={"op": "plugin-remove", "name": self._workshop}, on_error="ignore"
        )


def render(workshop: str, letters: Sealed) -> Sealed:
    """The task: Dask calls it on a worker."""
    found = get_worker().plugins.get(workshop)
    if isinstance(found, Workshop):
        return found.render(letters)
    return _raised(RenderingError(_("A worker of the cluster was not given the templates.")))


def _raised(error: Exception) -> Sealed:
    return Sealed.of((True, error))

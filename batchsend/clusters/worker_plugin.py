"""What runs on the cluster: rendering processes on each worker, and who clears them away; and
Versions: what must be the same here and on every worker, so that it renders the same letters.

A worker gets what letters are rendered from once, as it joins or as the run begins, and hands it to
processes of its own, which have a time limit and can be ended. Letters and documents pass through
Dask as sealed bytes: what Dask logs of a task, or shows of it, has nobody's data in it. Of versions
workers are asked in the standard library's own words, which any of them understands.
"""

from __future__ import annotations

import asyncio
import importlib.metadata
import pickle
import platform
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import PackageNotFoundError
from typing import TYPE_CHECKING, Any

from distributed import Client, Scheduler, SchedulerPlugin, Worker, WorkerPlugin, get_worker

from batchsend.clusters.asking import answer
from batchsend.errors import RenderingError, SettingsError
from batchsend.language import _, speaking
from batchsend.word.office_process import office_version

if TYPE_CHECKING:
    from batchsend.rendering import Workers


_ALWAYS = ("batchsend-letters", "distributed", "jinja2", "babel")
"""Babel writes dates and amounts, each version in its own way."""
_PYTHON = "Python"
_OFFICE = "libreoffice"
"""A program, and no package."""


@dataclass(frozen=True, slots=True)
class Versions:
    """Of each package by its name, empty where it is not installed; of Python the minor one."""

    by_name: Mapping[str, str]

    @classmethod
    def here(cls, engine: str) -> Versions:
        """Those of this process; `engine` as `plutoprint 0.23.0`."""
        name, _other, version = engine.partition(" ")
        return cls(_versions_here((*_ALWAYS, name) if version else _ALWAYS))

    def must_be_those_of(self, client: Client) -> None:
        """Raise SettingsError naming the scheduler or the worker that has others, and which.

        Also where one of them does not answer.
        """
        there: dict[str, dict[str, str]] = {}
        for name in self.by_name:
            for who, version in _asked(client, name):
                there.setdefault(who, {})[name] = version
        if len(there) == 1:
            raise SettingsError(
                _("The cluster has no workers."),
                hint=_("Start some: `dask worker` with the scheduler's address, on each machine."),
            )
        unlike = {who: said for who, each in there.items() if (said := self.unlike(each))}
        if unlike:
            who, said = next(iter(unlike.items()))
            places = {"who": who, "said": said, "others": len(unlike) - 1}
            raise SettingsError(
                _(
                    "The {who} has {said}. {others} more are not as here. Letters must not depend "
                    "on who renders them.",
                    **places,
                )
                if len(unlike) > 1
                else _(
                    "The {who} has {said}. Letters must not depend on who renders them.", **places
                ),
                hint=_(
                    "Install the same versions there, or take it out of the cluster, and "
                    "run the same command again."
                ),
            )

    def unlike(self, others: Mapping[str, str]) -> str:
        """What `others` have that is different, in words; empty where nothing is."""
        return ", ".join(
            f"{f'{name} {theirs}' if theirs else f'no {name}'} (here {ours})"
            for name, ours in self.by_name.items()
            if (theirs := others.get(name, "")) != ours
        )

    def unlike_here(self) -> str:
        """The same, of the process that asks."""
        return self.unlike(_versions_here(name for name in self.by_name if name != _PYTHON))


def _versions_here(packages: Iterator[str] | tuple[str, ...]) -> dict[str, str]:
    found = {_PYTHON: _minor(platform.python_version())}
    for package in packages:
        if package == _OFFICE:
            found[package] = office_version()
            continue
        try:
            found[package] = importlib.metadata.version(package)
        except PackageNotFoundError:
            found[package] = ""
    return found


def _asked(client: Client, name: str) -> Iterator[tuple[str, str]]:
    """What the scheduler and each worker answer."""
    if name == _PYTHON:
        yield (
            _("scheduler"),
            _minor(answer(client, client.run_on_scheduler, platform.python_version)),
        )
        yield from _of_workers(client, _minor, platform.python_version)
        return
    if name == _OFFICE:
        yield _("scheduler"), office_version()  # it renders nothing: what it has does not matter
        yield from _of_workers(client, str, office_version)
        return
    wanted = importlib.metadata.version, name
    try:
        yield _("scheduler"), answer(client, client.run_on_scheduler, *wanted)
    except PackageNotFoundError:
        yield _("scheduler"), ""
    yield from _of_workers(client, str, *wanted)


def _of_workers(
    client: Client, read: Callable[[str], str], *question: object
) -> Iterator[tuple[str, str]]:
    answers = answer(client, client.run, *question, on_error="return")
    for address, version in answers.items():
        if not isinstance(version, OSError):  # it has just gone
            yield (
                _("worker at {address}", address=address),
                read(version) if isinstance(version, str) else "",
            )


def _minor(version: str) -> str:
    return ".".join(version.split(".")[:2])


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

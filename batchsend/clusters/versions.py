"""Versions: what must be the same here and on every worker, so that it renders the same letters.

Workers are asked in the standard library's own words, which any of them understands.
"""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError

from distributed import Client

from batchsend.clusters.asking import answer
from batchsend.errors import SettingsError
from batchsend.language import _
from batchsend.word.office_process import office_version

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

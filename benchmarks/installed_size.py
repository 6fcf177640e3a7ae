"""What an installation takes: each package that batchsend asks for, with those that only it brings.

Run it in an environment with nothing else: `python benchmarks/installed_size.py`, or with the
extras whose share is wanted: `python benchmarks/installed_size.py weasyprint dask copies postgres`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path

NAME = "batchsend-letters"
MIB = 1 << 20
BLOCK = 4096
"""What a file takes of a disk, at least, in bytes."""

Installed = dict[str, Distribution]


def measured(extras: list[str]) -> Iterator[tuple[str, list[str], float]]:
    """Each package, those that came with it and no other before it, and their MiB together."""
    installed = {_plain(each.name): each for each in distributions()}
    taken = {NAME}
    yield NAME, [], _size(installed[NAME])
    direct = list(_required(installed[NAME], ["", *extras]))
    taken.update(direct)
    for name in direct:
        brought: list[str] = []
        _bring(name, installed, taken, brought)
        yield name, brought, sum(_size(installed[each]) for each in (name, *brought))


def _bring(name: str, installed: Installed, taken: set[str], brought: list[str]) -> None:
    for each in _required(installed[name], [""]):
        if each in installed and each not in taken:
            taken.add(each)
            brought.append(each)
            _bring(each, installed, taken, brought)


def _required(package: Distribution, extras: list[str]) -> Iterator[str]:
    for line in package.requires or ():
        extra = re.search(r"extra == ['\"](.+?)['\"]", line)
        name = re.match(r"[\w.-]+", line)
        if name and (extra.group(1) if extra else "") in extras and _here(_plain(name.group())):
            yield _plain(name.group())


def _here(name: str) -> bool:
    return next(iter(distributions(name=name)), None) is not None


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _size(package: Distribution) -> float:
    paths = {Path(str(file.locate())) for file in package.files or ()}
    sizes = [path.stat().st_size for path in paths if path.is_file()]
    return sum(-(-size // BLOCK) * BLOCK for size in sizes) / MIB


if __name__ == "__main__":
    rows = sorted(measured(sys.argv[1:]), key=lambda row: -row[2])
    for name, brought, size in rows:
        also = f" (with {', '.join(sorted(brought))})" if brought else ""
        print(f"{size:7.1f}  {name}{also}")
    print(f"{sum(size for *_names, size in rows):7.1f}  MiB in all")

"""A package's public names, each loaded when it is first asked for: commands start in a fraction of
the time without the rooms that they do not need."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module


def when_asked(package: str, homes: Mapping[str, Sequence[str]]) -> Callable[[str], object]:
    """What a package sets as its `__getattr__` (PEP 562).

    `homes` names for each module of the package the public names that it defines. Set it below
    `if not TYPE_CHECKING:`, or a type checker takes every name for a public one. No module may have
    the name of one of them: once it is loaded, it would be found in its place.
    """

    home = {name: module for module, names in homes.items() for name in names}
    if hidden := home.keys() & homes.keys():
        raise ValueError(f"{package} has modules of the same name: {', '.join(sorted(hidden))}")

    def load(name: str) -> object:
        if name not in home:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f"{package}.{home[name]}"), name)

    return load

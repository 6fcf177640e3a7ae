"""Keys that were called otherwise in earlier versions: taken under their old names, with a note."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel

__all__ = ["Renamed", "with_new_names"]


@dataclass(frozen=True, slots=True)
class Renamed:
    """An annotation of a key with a new name: `rate: Annotated[float, Renamed("pace", "0.3")]`."""

    old: str
    since: str
    """The version of the new name."""


def with_new_names(
    table: dict[str, Any], model: type[BaseModel], above: tuple[str, ...] = ()
) -> tuple[dict[str, Any], dict[tuple[str, ...], str]]:
    """A table for `model` under today's names, and a sentence for each old one, by its path.

    An old name beside its new one is left as it is: it is an unknown key then.
    """
    renamed, notes = dict(table), {}
    for name, field in model.model_fields.items():
        written = name
        for change in (each for each in field.metadata if isinstance(each, Renamed)):
            if change.old in renamed and name not in renamed:
                renamed[name] = renamed.pop(change.old)
                written = change.old
                notes[*above, change.old] = (
                    f"{change.old} is called {name} since {change.since}; please rename it."
                )
        inner = next(_models_in(field.annotation), None)
        if inner is not None and isinstance(renamed.get(name), dict):
            renamed[name], below = with_new_names(renamed[name], inner, (*above, written))
            notes |= below
    return renamed, notes


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    for part in (annotation, *get_args(annotation)):
        if isinstance(part, type) and issubclass(part, BaseModel):
            yield part

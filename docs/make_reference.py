"""Writes docs/settings.md and docs/filters.md from the code: `python docs/make_reference.py`.

A test holds them against what this would write.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from batchsend.expressions import FILTERS
from batchsend.mailing import MailingFile
from batchsend.rendering import Area

DOCS = Path(__file__).parent
NOT_OURS = "payload"
"""Mirrors the API's own request, which letter-request of the provider documents."""


def main() -> None:
    """Write both pages."""
    for name, text in pages().items():
        (DOCS / name).write_text(text, encoding="utf-8")


def pages() -> dict[str, str]:
    """The pages by file name."""
    return {
        "settings.md": "\n".join(_settings()) + "\n",
        "filters.md": "\n".join(_filters()) + "\n",
    }


def _settings() -> Iterator[str]:
    yield "# Every key of mailing.toml"
    yield ""
    yield "Made from the code by `python docs/make_reference.py`. A key without default is needed."
    yield "`[payload]` mirrors the API's own request and is described in the README."
    yield from _table(MailingFile, "")


def _table(model: type[BaseModel], path: str) -> Iterator[str]:
    own = {name: field for name, field in model.model_fields.items() if name != NOT_OURS}
    inner = {name: found for name, field in own.items() if (found := _table_of(field))}
    plain = {name: field for name, field in own.items() if name not in inner}
    if plain:
        yield ""
        yield f"## [{path}]" if path else "## The top of the file"
        yield ""
        yield "| key | values | default | what it means |"
        yield "|---|---|---|---|"
        for name, field in plain.items():
            meaning = " ".join((field.description or "").split())
            yield f"| `{name}` | {_values(field.annotation)} | {_default(field)} | {meaning} |"
    shown: dict[tuple[str, ...], str] = {}
    for name, found in inner.items():
        below = f"{path}.{name}" if path else name
        keys = tuple(found.model_fields)
        if keys in shown:
            yield ""
            yield f"`[{below}]` takes the keys of `[{shown[keys]}]`."
            yield from _other_defaults(found, inner[shown[keys].rpartition(".")[2]])
        else:
            shown[keys] = below
            yield from _table(found, below)


def _other_defaults(model: type[BaseModel], like: type[BaseModel]) -> Iterator[str]:
    """Where one of several tables of the same keys begins otherwise."""
    for name, field in model.model_fields.items():
        if _table_of(field) is None and _default(field) != _default(like.model_fields[name]):
            yield f"`{name}` is {_default(field)} there."


def _table_of(field: FieldInfo) -> type[BaseModel] | None:
    for part in (field.annotation, *get_args(field.annotation)):
        if isinstance(part, type) and issubclass(part, BaseModel) and part is not Area:
            return part
    return None


def _values(kind: Any) -> str:  # noqa: PLR0911 - one for each kind of type
    origin, parts = get_origin(kind), get_args(kind)
    if kind is Area:
        return "table of `left`, `top`, `width`, `height`"
    if origin is Literal:
        return ", ".join(f"`{value}`" for value in parts)
    if origin in {Union, types.UnionType}:
        return " or ".join(_values(part) for part in parts if part is not type(None))
    if origin is tuple:
        return f"list of {_values(parts[0])}"
    if origin is dict:
        return "table"
    if parts:  # Annotated
        return _values(parts[0])
    return {"str": "text", "Path": "path", "bool": "true, false", "int": "whole number"}.get(
        kind.__name__, "number" if kind in {float, Decimal} else kind.__name__
    )


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return ""
    value = field.get_default()
    if value in (None, (), {}):
        return "–"
    if isinstance(value, Area):
        return ", ".join(f"`{key} = {number:g}`" for key, number in value)
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _filters() -> Iterator[str]:
    yield "# The filters of mappings and templates"
    yield ""
    yield "Made from the code by `python docs/make_reference.py`. Jinja2's own filters work too."
    for name, function in sorted(FILTERS.items()):
        yield ""
        yield f"## {name}"
        yield ""
        yield "```text"
        yield inspect.cleandoc(function.__doc__ or "")
        yield "```"


if __name__ == "__main__":
    main()

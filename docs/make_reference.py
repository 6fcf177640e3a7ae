"""Writes commands.md, settings.md, filters.md, gallery.md and the tables of statuses from the code:
`python docs/make_reference.py`.

A test holds them against what this would write.
"""

from __future__ import annotations

import inspect
import re
import types
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

import click
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from batchsend.commands import main as program
from batchsend.expressions import FILTERS
from batchsend.mailing import MailingFile
from batchsend.rendering import Area
from batchsend.reports import TABLE
from batchsend.starter import gallery

DOCS = Path(__file__).parent
NOT_MAPPED = "FreeText"
"""The finished letter, which batchsend puts in: it has no place in mailing.toml."""
MADE = "Made from the code by `python docs/make_reference.py`."


def main() -> None:
    """Write the pages."""
    for name, text in pages().items():
        (DOCS / name).write_text(text, encoding="utf-8")


def pages() -> dict[str, str]:
    """The pages by file name."""
    made = {
        "commands.md": _commands(),
        "settings.md": _settings(),
        "filters.md": _filters(),
        "gallery.md": _gallery(),
    }
    written = {name: "\n".join(lines) + "\n" for name, lines in made.items()}
    return written | {name: _with_statuses(DOCS / name) for name in ("report.md", "reference.md")}


def _with_statuses(page: Path) -> str:
    """A page with its table of statuses as the code has them."""
    head, rule = "| status | what it means | what to do |", "|---|---|---|"
    lines = (f"| {each.name} | {each.means} | {each.to_do or '–'} |" for each in TABLE)
    text = page.read_text(encoding="utf-8")
    old = re.search(rf"^{re.escape(head)}\n(?:\|.*\n)+", text, re.MULTILINE)
    if old is None:
        raise ValueError(f"{page} has no table of statuses")
    return text.replace(old[0], "\n".join([head, rule, *lines]) + "\n")


def _gallery() -> Iterator[str]:
    yield "# Letters that ship"
    yield ""
    yield MADE
    yield "`batchsend example` puts them all into a new folder, each with a mailing that sends it"
    yield "to people who are made up:"
    yield ""
    yield "```sh"
    yield "batchsend example examples"
    yield "batchsend check examples/example_data/invoice/mailing.toml"
    yield "```"
    yield ""
    yield "Take the one that is most like yours, and change its text. [Your own letterhead and"
    yield "fonts](letterhead.md) says how, and what is worth copying."
    for letter in gallery():
        yield ""
        yield f"## {letter.title['en']}"
        yield ""
        yield letter.about["en"]
        yield f"In Norwegian: *{letter.title['nb']}*. `templates/{letter.name}`"
        yield ""
        for language, pages in letter.pictures.items():
            for number, picture in enumerate(pages, start=1):
                said = f"{letter.title[language]}, page {number}"
                yield f"![{said}](static/letters/{picture.name})"


def _commands() -> Iterator[str]:
    yield "# Every command and option"
    yield ""
    yield f"{MADE} `batchsend COMMAND --help`, or `-h`, prints the same."
    yield "[Exit statuses](exit-status.md) are described together."
    yield ""
    whole = click.Context(program, info_name="batchsend")
    yield from _command(program, whole)
    for name in program.list_commands(whole):
        _, command, _ = program.resolve_command(whole, [name])
        yield ""
        yield f"## {name}"
        yield ""
        yield from _command(command, click.Context(command, parent=whole, info_name=name))


def _command(command: click.Command, context: click.Context) -> Iterator[str]:
    yield "```text"
    yield command.get_usage(context).removeprefix("Usage: ")
    yield "```"
    yield ""
    yield _with_options(inspect.cleandoc(command.help or ""))
    if command.epilog:
        yield ""
        yield _with_options(command.epilog)
    options = [each for each in command.params if isinstance(each, click.Option)]
    records = [record for each in options if (record := each.get_help_record(context))]
    if not records:
        return
    yield ""
    yield "| option | what it does |"
    yield "|---|---|"
    for record in records:
        name, meaning = (text.replace("|", "\\|") for text in record)
        yield f"| `{name}` | {_with_options(' '.join(meaning.split()))} |"


def _with_options(text: str) -> str:
    """A sentence in which each option is set apart, so that no line is broken within it."""
    return re.sub(r"(?<![\w`-])--[a-z][a-z-]+", r"`\g<0>`", text)


def _settings() -> Iterator[str]:
    yield "# Every key of mailing.toml"
    yield ""
    yield f"{MADE} A dash is a key that is not set unless you set it."
    yield "`[payload]` is the letter API's own request, under its own names; its texts may have"
    yield "[columns and filters](filters.md) in them: [the mapping](mapping.md) says how."
    yield from _table(MailingFile, "")


def _table(model: type[BaseModel], path: str) -> Iterator[str]:
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    own = {name: field for name, field in fields.items() if name != NOT_MAPPED}
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
        if get_origin(own[name].annotation) is tuple:
            below = f"[{below}]"  # a table for each
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
            default = _default(field)
            yield f"`{name}` is {'not set' if default == '–' else default} there."


def _table_of(field: FieldInfo) -> type[BaseModel] | None:
    for part in (field.annotation, *get_args(field.annotation)):
        if isinstance(part, type) and issubclass(part, BaseModel) and part is not Area:
            return part
    return None


def _values(kind: Any) -> str:  # noqa: PLR0911 - one for each kind of type
    origin, parts = get_origin(kind), get_args(kind)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return "table of " + ", ".join(f"`{name}`" for name in kind.model_fields)
    if origin is Literal:
        return ", ".join(f"`{value}`" for value in parts)
    if origin in {Union, types.UnionType}:
        return " or ".join(_values(part) for part in parts if part is not type(None))
    if origin is tuple:
        return f"list of {_values(parts[0])}".replace("list of table", "list of tables")
    if origin is dict:
        return "table"
    if parts:  # Annotated
        return _values(parts[0])
    return {"str": "text", "Path": "path", "bool": "true, false", "int": "whole number"}.get(
        kind.__name__, "number" if kind in {float, Decimal} else kind.__name__
    )


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "needed"
    value = field.get_default()
    if value in (None, (), {}, ""):
        return "–"
    if isinstance(value, Area):
        return ", ".join(f"`{key} = {number:g}`" for key, number in value)
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _filters() -> Iterator[str]:
    yield "# The filters of mappings and templates"
    yield ""
    yield f"{MADE} Jinja2's own filters work too."
    for name, function in sorted(FILTERS.items()):
        yield ""
        yield f"## {name}"
        yield ""
        said, _, example = inspect.cleandoc(function.__doc__ or "").partition("\n\n>>> ")
        yield said
        if example:
            yield ""
            yield "```python"
            yield f">>> {example}"
            yield "```"


if __name__ == "__main__":
    main()

"""The options that overrule how a list is read. They know no more of a mailing than its list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import click
from pydantic import ValidationError

from batchsend.lists import ListSettings

_READING: tuple[Callable[[Callable[..., Any]], Callable[..., Any]], ...] = (
    click.option("--sheet", help="The sheet's name; otherwise the first visible one."),
    click.option(
        "--header-row", type=click.IntRange(min=1), metavar="N", help="The row of the headings."
    ),
    click.option("--encoding", help="The text's encoding, as windows-1252."),
    click.option("--separator", help="The character between the cells; `tab` for a tab."),
    click.option("--quote", help="The quotation mark around cells: \", ' or none."),
    click.option(
        "--footer-rows",
        type=click.IntRange(min=0),
        metavar="N",
        help="Rows at the end to leave out.",
    ),
    click.option(
        "--hidden", type=click.Choice(["skip", "read"]), help="Hidden rows and columns of a sheet."
    ),
    click.option(
        "--heading", "headings", multiple=True, help="A heading, once for each column of a list."
    ),
)
_READING_NAMES = (
    "sheet",
    "header_row",
    "encoding",
    "separator",
    "quote",
    "footer_rows",
    "hidden",
    "headings",
)


def reading_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that overrule how a list is read; the command gets `reading`, those set."""

    @wraps(command)
    def with_reading(*args: Any, **kwargs: Any) -> Any:
        given = {name: kwargs.pop(name) for name in _READING_NAMES}
        reading = {name: value for name, value in given.items() if value not in {None, ()}}
        return command(*args, reading=reading, **kwargs)

    for option in reversed(_READING):
        with_reading = option(with_reading)
    return with_reading


def list_settings(values: Mapping[str, object]) -> ListSettings:
    """Settings of a list, of which some were given as options. Raises click.UsageError."""
    try:
        return ListSettings.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        option = "--" + str(first["loc"][0]).replace("_", "-")
        raise click.UsageError(f"{option}: {first['msg'].removeprefix('Value error, ')}") from None

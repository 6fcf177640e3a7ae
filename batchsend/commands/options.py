"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError

from batchsend.errors import SettingsError
from batchsend.letters import RowSet
from batchsend.lists import ListSettings
from batchsend.mailing import Mailing

__all__ = [
    "ROWS",
    "ListChoice",
    "ledger_option",
    "list_options",
    "list_settings",
    "reading_options",
]


class RowsType(click.ParamType[RowSet]):
    """`2,5-9` as a RowSet."""

    name = "rows"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> RowSet:
        if isinstance(value, RowSet):
            return value
        try:
            return RowSet.parse(value)
        except SettingsError as error:
            self.fail(error.message, param, ctx)


ROWS = RowsType()

ledger_option = click.option(
    "--ledger",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="The ledger, as a file; otherwise as [ledger] says, or ledger.sqlite beside the mailing.",
)

_READING: tuple[Callable[[Callable[..., Any]], Callable[..., Any]], ...] = (
    click.option("--sheet", help="The sheet's name; otherwise the first visible one."),
    click.option("--header-row", type=click.IntRange(min=1), help="The row of the headings."),
    click.option("--encoding", help="The text's encoding, as windows-1252."),
    click.option("--separator", help="The sign between the cells; `tab` for a tab."),
    click.option("--quote", help="The mark around cells: \", ' or none."),
    click.option("--footer-rows", type=click.IntRange(min=0), help="Rows at the end to leave out."),
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


@dataclass(frozen=True, slots=True)
class ListChoice:
    """Another list than the mailing's own, or another way to read it."""

    path: Path | None
    reading: Mapping[str, object]
    """What overrules [list], by its keys."""

    def of(self, mailing: Mailing) -> Mailing:
        """The mailing with the list that was chosen."""
        chosen = mailing if self.path is None else mailing.of_list(self.path)
        if not self.reading:
            return chosen
        values = {**chosen.list.model_dump(exclude_unset=True), **self.reading}
        return chosen.model_copy(update={"list": list_settings(values)})


def list_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --list and what overrules how a list is read; the command gets `chosen`, a ListChoice."""

    @wraps(command)
    def with_choice(*args: Any, **kwargs: Any) -> Any:
        choice = ListChoice(kwargs.pop("other_list"), kwargs.pop("reading"))
        return command(*args, chosen=choice, **kwargs)

    other_list = click.option(
        "--list",
        "other_list",
        type=click.Path(path_type=Path, allow_dash=True),
        metavar="FILE",
        help="Take this list instead, such as a corrected needs-attention.xlsx.",
    )
    return other_list(reading_options(with_choice))

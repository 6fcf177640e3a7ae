"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from batchsend.letters import RowSet

__all__ = ["ROWS", "ledger_option", "list_option", "reading_options"]


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
        except ValueError as error:
            self.fail(str(error), param, ctx)


ROWS = RowsType()

list_option = click.option(
    "--list",
    "other_list",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    help="Take this list instead, such as a corrected needs-attention.xlsx.",
)

ledger_option = click.option(
    "--ledger",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="The ledger; ledger.sqlite beside the mailing unless set.",
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

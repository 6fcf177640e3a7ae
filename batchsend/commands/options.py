"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from batchsend.letters import RowSet

__all__ = ["ROWS", "reading_options"]


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

_READING: tuple[Callable[[Callable[..., Any]], Callable[..., Any]], ...] = (
    click.option("--sheet", help="The sheet's name; otherwise the first visible one."),
    click.option("--header-row", type=click.IntRange(min=1), help="The row of the headings."),
    click.option("--encoding", help="The text's encoding, as windows-1252."),
    click.option("--separator", help="The sign between the cells."),
)


def reading_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that overrule how a list is read; the command gets `reading`, those set."""
    names = ("sheet", "header_row", "encoding", "separator")

    @wraps(command)
    def with_reading(*args: Any, **kwargs: Any) -> Any:
        given = {name: kwargs.pop(name) for name in names}
        reading = {name: value for name, value in given.items() if value is not None}
        return command(*args, reading=reading, **kwargs)

    for option in reversed(_READING):
        with_reading = option(with_reading)
    return with_reading

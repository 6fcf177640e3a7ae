"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import click

from batchsend.commands.reading_options import list_settings, reading_options
from batchsend.errors import SettingsError
from batchsend.letters import RowSet
from batchsend.mailing import Mailing


class _RowsType(click.ParamType[RowSet]):
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


ROWS = _RowsType()

ledger_option = click.option(
    "--ledger",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="The ledger's file. Without it: as [ledger] says, or ledger.sqlite beside the mailing.",
)


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
        help="Use this list instead, such as that of the next month.",
    )
    return other_list(reading_options(with_choice))

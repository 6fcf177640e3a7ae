"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import click

from batchsend.commands.invoking.reading_options import list_settings, reading_options
from batchsend.errors import SettingsError
from batchsend.letters import RowSet
from batchsend.mailing import Mailing
from batchsend.operations.periods import in_period


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


period_option = click.option(
    "--period",
    metavar="PERIOD",
    help="Which sending of the mailing, such as 2027-02, in place of the setting `period`.",
)


@dataclass(frozen=True, slots=True)
class ListChoice:
    """Another period or list than the mailing's own, or another way to read it."""

    period: str | None
    path: Path | None
    reading: Mapping[str, object]
    """What overrules [list], by its keys."""

    def of(self, mailing: Mailing, ledger: Path | None = None) -> Mailing:
        """The mailing in the period and with the list that were chosen: of a period without a list
        the last one that went in it."""
        if self.period is None:
            chosen = mailing if self.path is None else mailing.of_list(self.path)
        else:
            chosen = in_period(mailing, self.period, self.path, ledger=ledger)
        if not self.reading:
            return chosen
        values = {**chosen.list.model_dump(exclude_unset=True, by_alias=True), **self.reading}
        return chosen.model_copy(update={"list": list_settings(values)})


def list_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --period, --list and what overrules how a list is read; the command gets `chosen`, a
    ListChoice."""

    @wraps(command)
    def with_choice(*args: Any, **kwargs: Any) -> Any:
        choice = ListChoice(*(kwargs.pop(name) for name in ("period", "other_list", "reading")))
        return command(*args, chosen=choice, **kwargs)

    other_list = click.option(
        "--list",
        "other_list",
        type=click.Path(path_type=Path, allow_dash=True),
        metavar="FILE",
        help="Use this list instead, such as next month's.",
    )
    return period_option(other_list(reading_options(with_choice)))

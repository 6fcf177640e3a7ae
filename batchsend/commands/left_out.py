"""Rows that are no recipients on purpose, before anything is sent."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from rich.console import Console

from batchsend.commands.terminal import one_line, say, stderr, stdout
from batchsend.language import _, ngettext
from batchsend.lists.problems import rows_in_words
from batchsend.starter import Skip

SHOWN = 5
"""So many rows are told of one by one."""


def show_left_out(rows: pl.DataFrame, console: Console | None = None) -> None:
    """Print how many rows (lists.LEFT_OUT) get no letter, and why the first ones do not."""
    if rows.is_empty():
        return
    console = console or stdout()
    say(console, ngettext("{number:,} row left out:", "{number:,} rows left out:", rows.height))
    for row, reason in rows.head(SHOWN).iter_rows():
        said = _("Row {row}: {reason}", row=row, reason=reason)
        say(console, f"  {said}")
    if rows.height > SHOWN:
        more = _("… and {rows:,} more; the report has them all.", rows=rows.height - SHOWN)
        say(console, f"  {more}")


def show_skips(skips: Sequence[Skip]) -> None:
    """Print which rows seem to be no recipients, and what leaves them out."""
    for skip in skips:
        heading = one_line(skip.column.heading or skip.column.name)
        rows = rows_in_words(skip.rows).capitalize()
        say(
            stderr(),
            _(
                "{rows}: {heading} seems to say that no letter is wanted.",
                rows=rows,
                heading=heading,
            ),
        )

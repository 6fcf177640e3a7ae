"""Rows that are no recipients on purpose, before anything is sent."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from rich.console import Console

from batchsend.commands.printing.output import one_line, say, stderr, stdout
from batchsend.language import _, ngettext
from batchsend.lists.problems import rows_in_words
from batchsend.starter import Skip

SHOWN = 5
"""So many reasons are told of one by one."""


def show_left_out(rows: pl.DataFrame, console: Console | None = None) -> None:
    """Print how many rows (lists.LEFT_OUT) get no letter, and why."""
    if rows.is_empty():
        return
    console = console or stdout()
    say(console, ngettext("{number:,} row left out:", "{number:,} rows left out:", rows.height))
    reasons = rows.group_by("reason", maintain_order=True).agg("row")
    shown = reasons.head(SHOWN)
    for reason, numbers in shown.iter_rows():
        said = _("{rows}: {reason}", rows=rows_in_words(numbers).capitalize(), reason=reason)
        say(console, f"  {said}")
    if more := rows.height - shown["row"].list.len().sum():
        others = _("… and {rows:,} more; the report has them all.", rows=more)
        say(console, f"  {others}")


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

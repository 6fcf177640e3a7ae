"""Rows that are no recipients on purpose, before anything is sent."""

from __future__ import annotations

import polars as pl
from rich.console import Console

from batchsend.commands.terminal import plural, say, stdout

SHOWN = 5
"""So many rows are told of one by one."""


def show_left_out(rows: pl.DataFrame, console: Console | None = None) -> None:
    """Print how many rows (lists.LEFT_OUT) get no letter, and why the first ones do not."""
    if rows.is_empty():
        return
    console = console or stdout()
    say(console, f"{plural(rows.height, 'row')} left out:")
    for row, reason in rows.head(SHOWN).iter_rows():
        say(console, f"  Row {row}: {reason}")
    if rows.height > SHOWN:
        say(console, f"  … and {rows.height - SHOWN:,} more; the report has them all.")

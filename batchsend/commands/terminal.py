"""How things are shown: tables, problems and counts, on a terminal or in a file."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import polars as pl
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

__all__ = [
    "facts",
    "one_line",
    "plural",
    "print_table",
    "problems_table",
    "quoted",
    "say",
    "stderr",
    "stdout",
]

PROBLEMS_SHOWN = 100
FILE_WIDTH = 1000
"""Wide enough that nothing is wrapped where output goes to a file or another program."""


def stdout() -> Console:
    """The console for results."""
    return _console(stderr=False)


def stderr() -> Console:
    """The console for progress and warnings, so that results can be piped."""
    return _console(stderr=True)


def _console(*, stderr: bool) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    return Console(
        stderr=stderr, width=None if stream.isatty() else FILE_WIDTH, highlight=False, markup=False
    )


def say(console: Console, sentence: str, *, style: str = "") -> None:
    """Print a sentence as it is, whatever signs it has in it."""
    console.print(Text(sentence, style=style), soft_wrap=True)


def facts(console: Console, pairs: Mapping[str, str]) -> None:
    """Print what is known, a name and a value to a line."""
    width = max(map(len, pairs), default=0)
    for name, value in pairs.items():
        line = Text.assemble((f"{name:<{width}}", "bold"), "  ", value)
        console.print(line, soft_wrap=True)


def problems_table(console: Console, problems: pl.DataFrame) -> None:
    """Print a table of problems (lists.PROBLEMS), the first hundred of them."""
    table = Table(box=box.SIMPLE_HEAD if console.is_terminal else None, pad_edge=False)
    table.add_column("Row", justify="right")
    for heading in ("Column", "Value", "What is wrong"):
        table.add_column(heading, overflow="fold")
    for row, column, value, message, severity in problems.head(PROBLEMS_SHOWN).iter_rows():
        kind = "" if severity == "error" else "warning: "
        table.add_row(
            str(row), one_line(column), one_line(value), Text(kind + one_line(message).plain)
        )
    print_table(console, table)
    if problems.height > PROBLEMS_SHOWN:
        rest = problems.height - PROBLEMS_SHOWN
        say(console, f"… and {rest:,} more; --problems FILE writes them all.")


def print_table(console: Console, table: Table) -> None:
    """Print a table; without blanks at the ends of its lines where it goes to a file."""
    if console.is_terminal:
        console.print(table)
        return
    with console.capture() as captured:
        console.print(table)
    for line in captured.get().splitlines():
        say(console, line.rstrip())


def one_line(text: str) -> Text:
    """A text as a cell of a table shows it, without what a terminal would obey."""
    shown = "".join(sign if sign.isprintable() else " " for sign in text)
    return Text(shown if len(shown) <= 200 else shown[:199] + "…")


def plural(number: int, one: str, many: str | None = None) -> str:
    """`1 letter`, `2,000 letters`.

    >>> plural(2000, "letter")
    '2,000 letters'
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def quoted(path: Path) -> str:
    """A path as it can be pasted into a command."""
    return f'"{path}"' if " " in str(path) else str(path)


def joined(parts: Iterable[str]) -> str:
    """A list as one writes it in a sentence.

    >>> joined(["a", "b", "c"]), joined(["a"]), joined([])
    ('a, b and c', 'a', '')
    """
    *first, last = list(parts) or [""]
    return f"{', '.join(first)} and {last}" if first else last

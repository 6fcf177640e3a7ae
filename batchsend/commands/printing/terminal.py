"""How things are shown: tables, problems and counts, on a terminal or in a file; and what is asked
there, before something that cannot be undone."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Mapping
from typing import TYPE_CHECKING

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from batchsend.commands.invoking.invocation import output_mode
from batchsend.language import _

if TYPE_CHECKING:
    import polars as pl
import signal

from batchsend.errors import SettingsError

PROBLEMS_SHOWN = 100
WARNINGS_KEPT = 1000
"""For --json, the last of them: a run may pause for days."""
FILE_WIDTH = 1000
"""Wide enough that nothing is wrapped where output goes to a file or another program."""


def stdout() -> Console:
    """The console for results in words; --json leaves standard output to itself."""
    return _console(stderr=output_mode().as_json, quiet=output_mode().quiet)


def stderr() -> Console:
    """The console for progress and notes, so that results can be piped."""
    return _console(stderr=True, quiet=output_mode().quiet)


def attention() -> Console:
    """The console for what somebody must see, however quiet it is to be."""
    return _console(stderr=output_mode().as_json, quiet=False)


def _console(*, stderr: bool, quiet: bool) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    return Console(
        stderr=stderr,
        quiet=quiet,
        width=None if stream.isatty() else FILE_WIDTH,
        highlight=False,
        markup=False,
    )


def is_screen(console: Console) -> bool:
    """Whether somebody looks at it as it is printed; FORCE_COLOR makes no screen of a file."""
    return console.file.isatty()


def say(console: Console, sentence: str, *, style: str = "") -> None:
    """Print a sentence as it is, whatever signs it has in it."""
    lines = (_printable(line) for line in sentence.split("\n"))
    console.print(Text("\n".join(lines), style=style), soft_wrap=True)


def warn(sentence: str, *, style: str = "yellow") -> None:
    """Say what somebody must see, however quiet it is to be; --json has it, too."""
    remember_warning(sentence)
    say(attention(), sentence, style=style)


def remember_warning(sentence: str) -> None:
    """Keep for --json a warning that is said elsewhere."""
    ctx = click.get_current_context(silent=True)
    if ctx is not None:
        ctx.meta.setdefault(__name__, deque(maxlen=WARNINGS_KEPT)).append(sentence)


def warnings_told() -> list[str]:
    """What the command that runs has warned of, in order."""
    return list(click.get_current_context().meta.get(__name__, ()))


def facts(console: Console, pairs: Mapping[str, str]) -> None:
    """Print what is known as a table of names and values, without blanks at the ends of lines."""
    if not is_screen(console):
        width = max(map(len, pairs), default=0)
        for name, value in pairs.items():
            say(console, f"{name:<{width}}  {value}")
        return
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in pairs.items():
        table.add_row(Text(name), Text(value))
    console.print(table)


def problems_table(console: Console, problems: pl.DataFrame) -> None:
    """Print a table of problems (lists.PROBLEMS), the first hundred of them."""
    table = Table(box=box.SIMPLE_HEAD if is_screen(console) else None, pad_edge=False)
    table.add_column(_("Row"), justify="right")
    for heading in (_("Column"), _("Value"), _("What is wrong")):
        table.add_column(heading, overflow="fold")
    for row, column, value, message, severity in problems.head(PROBLEMS_SHOWN).iter_rows():
        said = _printable(message)
        if severity != "error":
            said = _("warning: {problem}", problem=said)
        table.add_row(str(row), one_line(column), one_line(value), Text(said))
    print_table(console, table)
    if problems.height > PROBLEMS_SHOWN:
        rest = problems.height - PROBLEMS_SHOWN
        say(console, _("… and {rest:,} more; --problems FILE writes them all.", rest=rest))


def print_table(console: Console, table: Table) -> None:
    """Print a table; without blanks at the ends of its lines where it goes to a file."""
    if is_screen(console):
        console.print(table)
        return
    with console.capture() as captured:
        console.print(table)
    for line in captured.get().splitlines():
        say(console, line.rstrip())


def one_line(text: str) -> Text:
    """A text as a cell of a table shows it, without what a terminal would obey."""
    shown = _printable(text)
    return Text(shown if len(shown) <= 200 else shown[:199] + "…")


def _printable(text: str) -> str:
    """A text without what a terminal would obey."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def must_have_somebody_to_ask() -> None:
    """Raise SettingsError where there is no terminal."""
    if not sys.stdin.isatty():
        raise SettingsError(
            _("This is not a terminal, so nobody can be asked whether to send."),
            hint=_("Add --yes to send without asking, as from a scheduler."),
        )


def asked(question: str) -> bool:
    """Whether the answer is yes."""
    if hasattr(signal, "siginterrupt"):
        # polars takes SIGINT as well, in a way that would let the question wait on for an answer.
        signal.siginterrupt(signal.SIGINT, True)
    return click.confirm(question, err=output_mode().as_json)

"""How things are shown: tables, problems and counts, on a terminal or in a file; what is asked
there, before something that cannot be undone; --json, --quiet and --verbose, the same for every
command; and how a command ends.

A command tells everything once: in words through the consoles, which know whom they are for, and in
facts through `finish`.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from batchsend.commands.invoking.invocation import ExitStatus, output_mode, set_output_mode
from batchsend.errors import SettingsError
from batchsend.language import _
from batchsend.masking import masked_in_text
from batchsend.version import __version__

if TYPE_CHECKING:
    import polars as pl


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


def output_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --json, --quiet and --verbose; the command itself need not know of them."""
    for option in (
        _flag("--verbose", "-v", "Say what is read and how it is decided."),
        _flag("--quiet", "-q", "Print only what needs attention, and errors."),
        _flag("--json", None, "Print one JSON object; what people read goes to standard error."),
    ):
        command = option(command)
    return command


def _flag(name: str, short: str | None, explained: str) -> Callable[[Any], Any]:
    return click.option(
        *filter(None, (name, short)),
        is_flag=True,
        expose_value=False,
        is_eager=True,
        callback=_set,
        help=explained,
    )


def _set(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if not value:
        return
    set_output_mode(ctx, **{"as_json" if param.name == "json" else str(param.name): True})
    if output_mode().quiet and output_mode().verbose:
        raise click.UsageError(_("--quiet and --verbose ask for opposite things; choose one."))
    if param.name == "verbose":
        _tell_details(ctx)


def _tell_details(ctx: click.Context) -> None:
    log, details = logging.getLogger("batchsend"), _Details()
    before = log.level
    log.addHandler(details)
    log.setLevel(logging.DEBUG)

    @ctx.call_on_close
    def _() -> None:
        log.removeHandler(details)
        log.setLevel(before)


class _Details(logging.Handler):
    """What the rooms note of their decisions, for a person to read."""

    def emit(self, record: logging.LogRecord) -> None:
        # Identifiers and files may be named after a national id: none is ever printed.
        say(stderr(), masked_in_text(record.getMessage()), style="dim")


def finish(status: ExitStatus, facts: Mapping[str, object]) -> NoReturn:
    """End the command; where JSON was asked for, with these facts."""
    ctx = click.get_current_context()
    if output_mode().as_json:
        told = {"warnings": warnings_told()}
        _print_json({"command": ctx.info_name, **_ended(status), **facts, **told})
    ctx.exit(status)


def finish_with_error(ctx: click.Context, error: click.ClickException) -> None:
    """Print an error as JSON where that was asked for; click prints it in words."""
    if output_mode().as_json:
        told = {
            "kind": getattr(error, "kind", "usage"),
            "message": getattr(error, "said", "") or error.format_message(),
            "hint": getattr(error, "hint", None),
        }
        status = ExitStatus(error.exit_code)
        try:
            facts = {"error": told, "warnings": warnings_told()}
            _print_json({"command": ctx.invoked_subcommand, **_ended(status), **facts})
        except OSError:  # click says it on standard error
            print_no_more()


def print_no_more() -> None:
    """Give up what standard output could not take: Python tries it again as it ends."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _ended(status: ExitStatus) -> dict[str, object]:
    return {"batchsend": __version__, "exit_status": int(status)}


def _print_json(facts: Mapping[str, object]) -> None:
    # In ASCII, so that no console's code page is in its way.
    click.echo(json.dumps(facts, default=_in_json))


def _in_json(value: object) -> object:
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")

"""--json, --quiet and --verbose, the same for every command, and how a command ends.

A command tells everything once: in words through the consoles of `terminal`, which know whom they
are for, and in facts through `finish`.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import click

from batchsend.commands.invoking.exit_status import ExitStatus
from batchsend.commands.invoking.invocation import output_mode, set_output_mode
from batchsend.commands.printing.terminal import say, stderr, warnings_told
from batchsend.language import _
from batchsend.masking import masked_in_text
from batchsend.version import __version__


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

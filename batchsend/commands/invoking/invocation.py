"""What is known of the command that runs: how to speak, what was typed, whether sending started;
and ExitStatus: what a scheduler learns from how it ends.

Imports little but click, since every command and every failure begins here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

import click

from batchsend.command_line import command_line


class ExitStatus(IntEnum):
    """The documented exit statuses of every command."""

    DONE = 0
    """Every letter accepted; of other commands: done, and nothing needs attention."""
    SOME_NOT = 1
    """Something needs attention: letters not accepted, rows held back, fates unknown."""
    NOTHING_DONE = 2
    """Nothing was done, and what was printed says why."""
    STOPPED = 3
    """Stopped half-way; the same command again goes on."""


_MODE, _TYPED, _STARTED = (f"{__name__}.{name}" for name in ("mode", "typed", "started"))


@dataclass(frozen=True, slots=True)
class OutputMode:
    """What --json, --quiet and --verbose ask for."""

    as_json: bool = False
    quiet: bool = False
    verbose: bool = False


def output_mode() -> OutputMode:
    """Of the command that runs; the ordinary one where none does."""
    ctx = click.get_current_context(silent=True)
    found = ctx.meta.get(_MODE) if ctx else None
    return found or OutputMode()


def set_output_mode(ctx: click.Context, **asked: bool) -> None:
    """Add what is asked for."""
    ctx.meta[_MODE] = replace(ctx.meta.get(_MODE) or OutputMode(), **asked)


def remember_sending_started() -> None:
    """From here on letters may leave."""
    click.get_current_context().meta[_STARTED] = True


def has_sending_started(ctx: click.Context) -> bool:
    """Whether letters may have left."""
    return _STARTED in ctx.meta


def remember_typed(ctx: click.Context, words: Sequence[str]) -> None:
    """Keep what was typed after `batchsend`, so that it can be proposed again."""
    ctx.meta[_TYPED] = tuple(words)


def as_typed() -> str:
    """The command that runs, as it was typed."""
    return command_line(*click.get_current_context().meta[_TYPED])

"""What is known of the command that runs: how to speak, what was typed, whether sending started.

Imports nothing but click, since every command and every failure begins here.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click

_MODE, _TYPED, _STARTED = (f"{__name__}.{name}" for name in ("mode", "typed", "started"))

_PLAIN_ON_WINDOWS = re.compile(r"[\w.:\\/=+-]+")


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


def command_line(*words: str | Path, platform: str = os.name) -> str:
    r"""A batchsend command as it can be pasted into a shell.

    On Windows it is read alike by cmd.exe and by PowerShell, but for a `$` or a backtick, which
    PowerShell takes for its own even in quotation marks, and a `%` in cmd.exe.

    >>> command_line("send", "mailing.toml", "--limit", "5", platform="posix")
    'batchsend send mailing.toml --limit 5'
    >>> command_line("send", r"R&D\mailing.toml", "--rows", "2,5-9", platform="nt")
    'batchsend send "R&D\\mailing.toml" --rows "2,5-9"'
    """
    typed = ["batchsend", *map(str, words)]
    return " ".join(map(_quoted, typed)) if platform == "nt" else shlex.join(typed)


def _quoted(word: str) -> str:
    """A word for a shell of Windows: both take `&` and `;` for an end, PowerShell splits at `,`."""
    as_program_reads_it = subprocess.list2cmdline([word])
    if _PLAIN_ON_WINDOWS.fullmatch(word) or as_program_reads_it.startswith('"'):
        return as_program_reads_it
    # A space has list2cmdline quote the word; then it is taken out again.
    return subprocess.list2cmdline([f" {word}"]).replace('" ', '"', 1)

"""Manner: how the command that runs has been asked to speak."""

from __future__ import annotations

from dataclasses import dataclass, replace

import click

__all__ = ["Manner", "manner", "speak"]


@dataclass(frozen=True, slots=True)
class Manner:
    """What --json, --quiet and --verbose ask for."""

    as_json: bool = False
    quiet: bool = False
    verbose: bool = False


def manner() -> Manner:
    """Of the command that runs; the ordinary one where none does."""
    ctx = click.get_current_context(silent=True)
    found = ctx.meta.get(__name__) if ctx else None
    return found or Manner()


def speak(ctx: click.Context, **asked: bool) -> None:
    """Take from now on what is asked for into account."""
    ctx.meta[__name__] = replace(ctx.meta.get(__name__) or Manner(), **asked)

"""Whether letters may have left by now: what is said of an interruption hangs on it."""

from __future__ import annotations

import click

__all__ = ["has_begun", "remember_begun"]


def remember_begun() -> None:
    """From here on letters may leave."""
    click.get_current_context().meta[__name__] = True


def has_begun(ctx: click.Context) -> bool:
    """Whether letters may have left."""
    return __name__ in ctx.meta

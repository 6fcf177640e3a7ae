"""ExitStatus: what a scheduler learns from how a command ends."""

from __future__ import annotations

from enum import IntEnum


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

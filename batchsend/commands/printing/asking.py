"""A question at the terminal, before something that cannot be undone."""

from __future__ import annotations

import signal
import sys

import click

from batchsend.commands.invoking.invocation import output_mode
from batchsend.errors import SettingsError
from batchsend.language import _


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

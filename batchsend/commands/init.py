"""`batchsend init`: a mailing folder from a list."""

from __future__ import annotations

from pathlib import Path

import click

from batchsend.commands.options import list_settings, reading_options
from batchsend.commands.terminal import joined, quoted, say, stderr, stdout
from batchsend.starter import start_mailing

__all__ = ["init"]


@click.command
@click.argument("list_path", metavar="LIST", type=click.Path(path_type=Path))
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@reading_options
def init(list_path: Path, folder: Path | None, reading: dict[str, object]) -> None:
    """Make a mailing folder from a list: mailing.toml, a letter, a .env.example.

    DIR is made where it is missing; it is called as the list unless named. The list stays where
    it is.
    """
    started = start_mailing(
        list_settings({"path": list_path, **reading}), folder or Path(list_path.stem)
    )
    say(stdout(), str(started.mailing))
    guess = started.guess
    understood = [f"{column.heading} → {field}" for field, column in guess.exact.items()]
    if understood:
        say(stderr(), f"Understood: {joined(understood)}.")
    for field, column in guess.proposals.items():
        say(stderr(), f"Please confirm in mailing.toml: {column.heading} → {field}.")
    if guess.rest:
        say(stderr(), f"Left for the letter: {joined(c.heading for c in guess.rest)}.")
    say(stderr(), f"Fill in the sender in {started.mailing}, then:")
    say(stderr(), f"  batchsend check {quoted(started.mailing)}")

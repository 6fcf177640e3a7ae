"""`batchsend sandbox`: the local letter API alone, until stopped."""

from __future__ import annotations

from pathlib import Path

import click

from batchsend.commands.terminal import say, stdout
from batchsend.sandbox import serve

__all__ = ["sandbox"]


@click.command
@click.option("--port", type=click.IntRange(0, 65_535), default=8400, show_default=True)
@click.option(
    "--letters",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Keep the letters it receives in this folder.",
)
def sandbox(port: int, letters: Path | None) -> None:
    """Run the letter API's stand-in on this machine until Ctrl-C. Nothing is ever posted.

    Open its address in a browser to see the letters it has received.
    """

    def ready(base_url: str) -> None:
        say(stdout(), f"The sandbox takes letters at {base_url} and shows them there.")
        say(stdout(), f"Send to it: batchsend send MAILING --base-url {base_url}")
        say(stdout(), "Ctrl-C ends it.")

    serve(port=port, letters=letters, ready=ready)

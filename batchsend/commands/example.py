"""`batchsend example`: mailings to try."""

from __future__ import annotations

from pathlib import Path

import click

from batchsend.command_line import command_line
from batchsend.commands.printing.next_steps import Step, show_steps
from batchsend.commands.printing.output import say, stdout
from batchsend.language import _
from batchsend.starter import copy_examples


@click.command
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def example(folder: Path) -> None:
    """Put mailings to try into a new folder.

    They come with their lists and letters. The people in them are made up, and so are their
    numbers.
    """
    mailing = copy_examples(folder)
    mailings = list(mailing.parent.parent.glob("*/mailing.toml"))
    say(
        stdout(),
        _("{number} mailings are in {parent}.", number=len(mailings), parent=mailing.parent.parent),
    )
    rehearsing = command_line("send", mailing, "--sandbox")
    show_steps(stdout(), [Step(_("To rehearse one, with nothing posted"), rehearsing)])

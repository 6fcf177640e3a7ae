"""`batchsend letter-from`: a letter of Word's, turned into HTML once."""

from __future__ import annotations

from pathlib import Path

import click

from batchsend.commands.printing.output import say, stderr, stdout
from batchsend.language import _
from batchsend.starter import Turned, read_letter, write_letter


@click.command("letter-from")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
def letter_from(file: Path, folder: Path | None) -> None:
    """Turn a Word letter into an HTML letter.

    FILE is a Word document (.docx), or a web page that Word saved. Its text goes on batchsend's
    own letterhead, in DIR, which is called as FILE unless named; merge fields become columns.
    Headers, footers and text boxes are left behind, and listed. No file is overwritten.
    """
    turned = write_letter(read_letter(file), folder or Path(file.stem))
    say(stdout(), str(turned.letter))
    show_turned(turned)
    say(
        stderr(),
        _('Name it in mailing.toml: [template] path = "{letter}"', letter=turned.letter.as_posix()),
    )


def show_turned(turned: Turned) -> None:
    """Show what a letter has lost on its way, and what to do about that."""
    for note in turned.notes:
        say(stderr(), f"{note[:1].upper()}{note[1:]}")
    if turned.address:
        say(
            stderr(),
            _("The address at its top is the letterhead's now: {address}", address=turned.address),
        )
    if turned.left_behind:
        say(stderr(), _("Left behind in Word:"))
        for each in turned.left_behind:
            say(stderr(), f"  {each.place}: {each.words}")
        say(
            stderr(),
            _(
                "Put what is needed of it into the letter, or into head.html beside it. "
                "Nothing is sent until mailing.toml says that it is not missed: [template] "
                'left_behind = "not needed"'
            ),
        )

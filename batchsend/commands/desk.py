"""`batchsend desk`: the whole mailing in a browser."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from batchsend.commands.printing.output import say, stdout
from batchsend.desk import open_desk
from batchsend.errors import SettingsError
from batchsend.language import _
from batchsend.starter import copy_examples

EXAMPLES = Path("batchsend-example")


@click.command
@click.argument(
    "folder", required=False, type=click.Path(path_type=Path, file_okay=False), metavar="[FOLDER]"
)
@click.option(
    "--example", is_flag=True, help="Try it on a copy of the examples; nothing is posted."
)
@click.option(
    "--port", type=click.IntRange(0, 65_535), metavar="N", default=0, help="Any free one otherwise."
)
@click.option("--no-browser", is_flag=True, help="Print the link and open no browser.")
def desk(folder: Path | None, *, example: bool, port: int, no_browser: bool) -> None:
    """Open the desk: the whole mailing in a browser.

    It is for the mailings below FOLDER, or below the folder where it is started. Only this machine
    and who has the link can see it. The link works once and for two minutes; start it again for
    another. It runs until Ctrl-C.
    """
    place = folder or (EXAMPLES if example else Path())
    if example and not (place / "example_data").is_dir():
        copy_examples(place)
    if not place.is_dir():
        raise SettingsError(
            _("There is no folder {place}.", place=place), hint=_("Name a folder that is there.")
        )

    def tell(link: str, runs_already: bool) -> None:
        # Who reads what a terminal shows sits before it; a file or a log is for others, too.
        shown = link if no_browser or sys.stdout.isatty() else _("in the browser")
        begun = _("The desk is running already") if runs_already else _("The desk is open")
        say(stdout(), f"{begun}: {shown}")
        if not runs_already:
            say(stdout(), _("Ctrl-C ends it."))

    open_desk(place, port=port, browser=not no_browser, tell=tell)

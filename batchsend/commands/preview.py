"""`batchsend preview`: the letters of some rows, to be looked at."""

from __future__ import annotations

from pathlib import Path

import click

from batchsend.commands.options import ROWS
from batchsend.commands.terminal import plural, say, stderr, stdout
from batchsend.letters import RowSet
from batchsend.mailing import Mailing
from batchsend.pipeline import preview as preview_mailing

__all__ = ["preview"]


@click.command
@click.argument("mailing", type=click.Path(path_type=Path))
@click.option("--rows", type=ROWS, help="Rows as the spreadsheet numbers them: 2,5-9.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder to write to; `preview` beside the mailing unless set.",
)
@click.pass_context
def preview(ctx: click.Context, mailing: Path, rows: RowSet | None, out: Path | None) -> None:
    """Write the PDF and the request of some letters. Nothing is sent.

    Without --rows, the first five letters. Secrets and national ids are masked in the requests.
    """
    loaded = Mailing.load(mailing)
    shown = preview_mailing(loaded, rows=rows, out=out or loaded.folder / "preview")
    for file in shown.files:
        say(stdout(), str(file))
    for row, reason in shown.not_shown:
        say(stderr(), f"Row {row} makes no letter: {reason}")
    say(stderr(), f"{plural(len(shown.files) // 2, 'letter')} written.")
    ctx.exit(1 if shown.not_shown else 0)

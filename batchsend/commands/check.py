"""`batchsend check`: every row checked, nothing sent."""

from __future__ import annotations

from pathlib import Path

import click

from batchsend.commands.terminal import plural, problems_table, say, stderr, stdout
from batchsend.mailing import Mailing
from batchsend.pipeline import check as check_mailing
from batchsend.reports import write_problems

__all__ = ["check"]


@click.command
@click.argument("mailing", type=click.Path(path_type=Path))
@click.option(
    "--problems",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write every problem to a CSV file.",
)
@click.pass_context
def check(ctx: click.Context, mailing: Path, problems: Path | None) -> None:
    """Check every row of a mailing's list. Nothing is sent.

    Exit status: 0 every row makes a letter, 1 some rows are kept back, 2 nothing could be checked.
    """
    checked = check_mailing(Mailing.load(mailing))
    for note in checked.notes:
        say(stderr(), note)
    if checked.problems.height:
        problems_table(stdout(), checked.problems)
    if problems is not None:
        write_problems(problems, checked.problems)
    say(
        stdout(),
        f"{plural(checked.rows, 'row')}: {plural(checked.letters, 'letter')} can be sent, "
        f"{plural(checked.held, 'row')} kept back.",
    )
    ctx.exit(1 if checked.held else 0)

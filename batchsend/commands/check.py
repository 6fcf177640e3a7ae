"""`batchsend check`: every row checked, nothing sent."""

from __future__ import annotations

from pathlib import Path

import click

from batchsend.commands.options import ListChoice, list_options
from batchsend.commands.summary import show_to_correct
from batchsend.commands.terminal import plural, problems_table, say, stderr, stdout
from batchsend.mailing import Mailing
from batchsend.pipeline import check as check_mailing
from batchsend.pipeline import check_and_return
from batchsend.reports import write_problems

__all__ = ["check"]


@click.command
@click.argument("mailing", type=click.Path(path_type=Path))
@click.option(
    "--problems",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write every problem to a file: CSV, or a workbook where it ends in .xlsx.",
)
@click.option(
    "--needs-attention",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the rows that are kept back to a workbook (.xlsx), to be corrected there.",
)
@list_options
@click.pass_context
def check(
    ctx: click.Context,
    mailing: Path,
    problems: Path | None,
    needs_attention: Path | None,
    chosen: ListChoice,
) -> None:
    """Check every row of a mailing's list. Nothing is sent.

    Exit status: 0 every row makes a letter, 1 some rows are kept back, 2 nothing could be checked.
    """
    loaded = chosen.of(Mailing.load(mailing))
    if needs_attention is None:
        checked, to_correct = check_mailing(loaded), None
    elif needs_attention.suffix.lower() != ".xlsx":
        raise click.UsageError("--needs-attention writes a workbook: its name must end in .xlsx.")
    else:
        checked, to_correct = check_and_return(loaded, needs_attention)
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
    if to_correct is not None:
        show_to_correct(stdout(), to_correct)
    ctx.exit(1 if checked.held else 0)

"""`batchsend check`: every row checked, nothing sent."""

from __future__ import annotations

from pathlib import Path

import click

from batchsend.commands.exit_status import ExitStatus
from batchsend.commands.invocation import command_line
from batchsend.commands.next_steps import Step, show_steps
from batchsend.commands.options import ListChoice, list_options
from batchsend.commands.output import finish, output_options
from batchsend.commands.summary import show_to_correct
from batchsend.commands.terminal import attention, problems_table, say, stderr, stdout
from batchsend.language import _, ngettext
from batchsend.letters import Checked
from batchsend.mailing import Mailing
from batchsend.operations.check import check as check_mailing
from batchsend.operations.check import check_and_return
from batchsend.operations.correcting import place_to_correct
from batchsend.reports import write_problems

PROBLEMS_TOLD = 100
"""So many stand in the JSON; --problems writes all of them."""


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
    help="Write the rows that are held back to a workbook (.xlsx), to be corrected there.",
)
@list_options
@output_options
def check(
    mailing: Path,
    problems: Path | None,
    needs_attention: Path | None,
    chosen: ListChoice,
) -> None:
    """Check every row of a mailing's list. Nothing is sent.

    Exit status: 0 every row passes, 1 some rows are held back, 2 nothing could be checked.
    """
    loaded = chosen.of(Mailing.load(mailing))
    if problems is not None and problems.suffix.lower() not in {".csv", ".xlsx"}:
        raise click.UsageError(
            _("--problems writes a .csv or .xlsx: its name must end in one of them.")
        )
    if needs_attention is None:
        checked, to_correct = check_mailing(loaded), None
    elif needs_attention.suffix.lower() != ".xlsx":
        raise click.UsageError(
            _("--needs-attention writes a workbook: its name must end in .xlsx.")
        )
    else:
        checked, to_correct = check_and_return(loaded, needs_attention)
    if checked.notes:
        say(stderr(), " ".join(checked.notes))
    if checked.problems.height:
        problems_table(attention(), checked.problems)
    if problems is not None:
        write_problems(problems, checked.problems)
    say(
        stdout(),
        _(
            "{rows}: {letters} can be sent, {held} held back.",
            rows=ngettext("{number:,} row", "{number:,} rows", checked.rows),
            letters=ngettext("{number:,} letter", "{number:,} letters", checked.letters),
            held=ngettext("{number:,} row", "{number:,} rows", checked.held),
        ),
    )
    if to_correct is not None:
        show_to_correct(to_correct)
    steps = _steps(loaded, checked, corrected_in=to_correct.path if to_correct else None)
    show_steps(stdout(), steps)
    facts = {
        "mailing": loaded.name,
        "list": checked.list_path,
        "rows": checked.rows,
        "letters": checked.letters,
        "rows_kept_back": checked.held,
        "problems": checked.problems.height,
        "first_problems": checked.problems.head(PROBLEMS_TOLD).to_dicts(),
        "needs_attention": to_correct.path if to_correct else None,
        "notes": list(checked.notes),
        "next": [step.command for step in steps],
    }
    finish(ExitStatus.SOME_NOT if checked.held else ExitStatus.DONE, facts)


def _steps(loaded: Mailing, checked: Checked, corrected_in: Path | None) -> list[Step]:
    """What to do next: correct what is wrong, or look at the letters."""
    other = ("--list", loaded.list.path) if loaded.other_list else ()
    if not checked.held:
        return [Step(_("To look at some letters"), command_line("preview", loaded.path, *other))]
    if corrected_in is not None:
        command = command_line("check", loaded.path, "--list", corrected_in)
        return [Step(_("Correct and save it, then"), command)]
    command = command_line(
        "check", loaded.path, *other, "--needs-attention", place_to_correct(loaded)
    )
    return [Step(_("To correct these rows in a workbook of their own"), command)]

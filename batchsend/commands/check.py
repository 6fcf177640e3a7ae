"""`batchsend check`: every row checked, nothing sent."""

from __future__ import annotations

from pathlib import Path

import click

from batchsend.command_line import command_line
from batchsend.commands.invoking.invocation import ExitStatus
from batchsend.commands.invoking.options import ListChoice, list_options
from batchsend.commands.printing.before_sending import (
    notes_apart,
    pages_facts,
    pages_json,
    show_held_pages,
    show_left_out,
)
from batchsend.commands.printing.next_steps import Step, certain_step, show_steps
from batchsend.commands.printing.output import (
    attention,
    facts,
    finish,
    output_options,
    problems_table,
    say,
    stderr,
    stdout,
    warn,
)
from batchsend.commands.printing.progress import show_progress
from batchsend.commands.printing.summary import show_to_correct
from batchsend.language import _, ngettext
from batchsend.mailing import Mailing
from batchsend.operations.mailing_list.corrected import untaken, untaken_in_words
from batchsend.operations.needs_attention import place_to_correct
from batchsend.operations.periods import as_chosen
from batchsend.operations.planning.pages_found import A_MINUTE, CheckedPages, check_pages
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
@click.option("--no-letters", is_flag=True, help="Check the list alone, and render no letter.")
@list_options
@output_options
def check(
    mailing: Path,
    problems: Path | None,
    needs_attention: Path | None,
    no_letters: bool,
    chosen: ListChoice,
) -> None:
    """Check every row of a mailing's list. Nothing is sent.

    As many letters as a minute allows are rendered as well, so that pages that cannot be sent are
    told of, with the number of pages and the price.
    Exit status: 0 every row passes, 1 some rows are held back, 2 nothing could be checked.
    """
    loaded = chosen.of(Mailing.load(mailing))
    if problems is not None and problems.suffix.lower() not in {".csv", ".xlsx"}:
        raise click.UsageError(
            _("--problems writes a .csv or .xlsx: its name must end in one of them.")
        )
    if needs_attention is not None and needs_attention.suffix.lower() != ".xlsx":
        raise click.UsageError(
            _("--needs-attention writes a workbook: its name must end in .xlsx.")
        )
    with show_progress(stderr(), "Rendering") as progress:
        seconds = 0 if no_letters else A_MINUTE
        found = check_pages(loaded, workbook=needs_attention, seconds=seconds, progress=progress)
    checked, to_correct = found.checked, found.to_correct
    pages = None if no_letters else found.pages
    if notes := notes_apart(checked):
        say(stderr(), " ".join(notes))
    if left := untaken(loaded):
        warn(untaken_in_words(left))
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
    show_left_out(checked)
    if pages is not None:
        facts(stdout(), pages_facts(pages))
        show_held_pages(pages)
    if to_correct is not None:
        show_to_correct(to_correct)
    steps = (
        [Step(_("To use them"), command_line("correct", loaded.path, *as_chosen(loaded)))]
        if left
        else _steps(loaded, found)
    )
    show_steps(stdout(), steps)
    told = {
        "mailing": loaded.name,
        "list": checked.list_path,
        "rows": checked.rows,
        "letters": checked.letters,
        "rows_kept_back": checked.held,
        "rows_left_out": checked.left_out.height,
        "first_left_out": checked.left_out.head(PROBLEMS_TOLD).to_dicts(),
        "problems": checked.problems.height,
        "first_problems": checked.problems.head(PROBLEMS_TOLD).to_dicts(),
        "needs_attention": to_correct.path if to_correct else None,
        "pages": pages_json(pages),
        "corrections_not_taken": left,
        "notes": list(checked.notes),
        "next": [step.command for step in steps],
    }
    some_not = checked.held or (pages is not None and pages.held.height)
    finish(ExitStatus.SOME_NOT if some_not else ExitStatus.DONE, told)


def _steps(loaded: Mailing, found: CheckedPages) -> list[Step]:
    """What to do next: correct what is wrong, or look at the letters."""
    other = as_chosen(loaded)
    if not found.checked.held:
        return [Step(_("To look at some letters"), command_line("preview", loaded.path, *other))]
    certain = [certain_step(loaded)] if found.has_certain_cures else []
    if found.to_correct is not None and found.to_correct.path is not None:
        command = command_line("correct", loaded.path, *other, found.to_correct.path)
        return [*certain, Step(_("Correct the workbook and save it, then"), command)]
    command = command_line(
        "check", loaded.path, *other, "--needs-attention", place_to_correct(loaded)
    )
    return [*certain, Step(_("To correct these rows in a workbook of their own"), command)]

"""`batchsend correct`: what cells of the list are to say instead, kept with the mailing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from batchsend.command_line import command_line
from batchsend.commands.invoking.invocation import ExitStatus, output_mode
from batchsend.commands.invoking.options import ListChoice, list_options
from batchsend.commands.printing.next_steps import Step, show_steps
from batchsend.commands.printing.output import (
    attention,
    finish,
    one_line,
    output_options,
    print_table,
    say,
    stdout,
    warn,
)
from batchsend.commands.printing.summary import show_to_correct
from batchsend.corrections import State
from batchsend.errors import SettingsError
from batchsend.language import N_, _, ngettext
from batchsend.mailing import Mailing
from batchsend.operations.check import rewrite_open
from batchsend.operations.correct import (
    Cell,
    Corrected,
    Ignored,
    Listed,
    Taken,
    certain_cures,
    correct_cells,
    corrections_of,
    take_workbook,
    take_workbooks,
    undo,
)
from batchsend.operations.periods import as_chosen

_STATES: dict[State, str] = {
    "used": "corrected",
    "cured": N_("not needed: the list says so itself"),
    "changed": N_("not used: the list says something else by now"),
    "no row": N_("not used: the list has no such row"),
    "several rows": N_("not used: the list has several such rows"),
    "no column": N_("not used: the list has no such column"),
}


@click.command
@click.argument("mailing", type=click.Path(path_type=Path))
@click.argument("what", metavar="[WORKBOOK | COLUMN=TEXT…]", nargs=-1)
@click.option(
    "--row", type=click.IntRange(min=1), metavar="N", help="The row whose cells are corrected."
)
@click.option("--certain", is_flag=True, help="Take every cure that has only one answer.")
@click.option("--yes", is_flag=True, help="With --certain: do not ask.")
@click.option("--undo", "undoing", is_flag=True, help="Undo what was taken last, or all of --row.")
@click.option("--show", is_flag=True, help="Show every correction, and whether it is used.")
@list_options
@output_options
def correct(  # noqa: PLR0917 - click passes them by name
    mailing: Path,
    what: tuple[str, ...],
    row: int | None,
    certain: bool,
    yes: bool,
    undoing: bool,
    show: bool,
    chosen: ListChoice,
) -> None:
    """Correct cells of the list. The list itself is not changed.

    Corrections are kept in corrections.jsonl beside the mailing, and used each time the list is
    read, as long as the cell says what it said.

    WORKBOOK is a needs-attention workbook that somebody has corrected; without one, those beside
    the mailing are taken. With --row, name columns and what they are to say: "Postnr=0581".

    Exit status: 0 done, 1 some of a workbook was not taken, 2 nothing was done.
    """
    if sum((certain, undoing, show)) > 1 or (what and (certain or undoing or show)):
        raise click.UsageError(
            _("Choose one: a workbook, cells of a --row, --certain, --undo, --show.")
        )
    if row is not None and (certain or show):
        raise click.UsageError(_("--row goes with COLUMN=TEXT, or with --undo."))
    loaded = chosen.of(Mailing.load(mailing))
    if show:
        _show(corrections_of(loaded))
    if undoing:
        _finish(loaded, [undo(loaded, row=row)], _undone)
    if certain:
        _certain(loaded, yes=yes)
    if row is not None:
        cells = [_cell(row, words) for words in what]
        if not cells:
            raise click.UsageError(_('Say what the cells are to say, as "Postnr=0581".'))
        _finish(loaded, [correct_cells(loaded, cells)], _entered)
    if len(what) > 1:
        raise click.UsageError(_("Name one workbook; for single cells, name their --row."))
    if what and "=" in what[0] and not Path(what[0]).exists():
        raise click.UsageError(_("Name the row of these cells with --row."))
    taken = [take_workbook(loaded, Path(what[0]))] if what else take_workbooks(loaded)
    _finish(loaded, taken, _entered)


def _cell(row: int, words: str) -> Cell:
    column, equals, now = words.partition("=")
    if not equals or not column.strip():
        raise click.UsageError(
            _('“{words}” is no correction: write it as "Postnr=0581".', words=words)
        )
    return Cell(row, column.strip(), now.strip())


def _certain(loaded: Mailing, *, yes: bool) -> None:
    """List the cures, ask, and enter them."""
    cures = certain_cures(loaded)
    if not cures:
        say(stdout(), _("No cell has a cure that is certain."))
        finish(ExitStatus.DONE, _facts([]))
    console = stdout() if yes else attention()
    _show_cells(console, cures)
    if not yes and not sys.stdin.isatty():
        raise SettingsError(
            _("This is not a terminal, so nobody can be asked whether to correct these cells."),
            hint=_("Add --yes to correct them without asking."),
        )
    number = ngettext("{number:,} cell", "{number:,} cells", len(cures))
    if not yes and not click.confirm(f"Correct {number}?", err=output_mode().as_json):
        say(attention(), _("Nothing was corrected."))
        finish(ExitStatus.NOTHING_DONE, _facts([]))
    cells = [Cell(cure.row, cure.column, cure.now) for cure in cures]
    taken = correct_cells(loaded, cells)
    say(
        stdout(),
        ngettext(
            "{number:,} cell corrected in {corrections}.",
            "{number:,} cells corrected in {corrections}.",
            taken.lines,
            corrections=loaded.corrections,
        ),
    )
    _end(loaded, [taken])


def _finish(loaded: Mailing, taken: Sequence[Taken], count: Callable[[int, Path], str]) -> None:
    """Say what was entered, what was not, and what to do next."""
    for each in taken:
        if each.workbook is not None:
            say(stdout(), _("From {workbook}:", workbook=each.workbook))
        _show_cells(stdout(), each.corrected)
        for typed, column in each.read_as:
            warn(_("“{typed}” was taken for the column “{column}”.", typed=typed, column=column))
        for ignored in each.ignored:
            warn(_not_taken(ignored))
        if each.lines or each.ignored:
            say(stdout(), count(each.lines, loaded.corrections))
        else:
            say(stdout(), _("The list, as it is corrected, says so already: nothing is new."))
    _end(loaded, taken)


def _entered(number: int, path: Path) -> str:
    return ngettext(
        "{number:,} correction kept ({path}).",
        "{number:,} corrections kept ({path}).",
        number,
        path=path,
    )


def _undone(number: int, path: Path) -> str:
    return ngettext(
        "{number:,} correction undone ({path}).",
        "{number:,} corrections undone ({path}).",
        number,
        path=path,
    )


def _not_taken(ignored: Ignored) -> str:
    row, column, why = ignored.row, ignored.column, ignored.why
    if row is None:
        return _("Not used: {why}", why=why)
    if not column:
        return _("Not used: row {row}: {why}", row=row, why=why)
    return _("Not used: row {row}, {column}: {why}", row=row, column=column, why=why)


def _end(loaded: Mailing, taken: Sequence[Taken]) -> None:
    open_now = rewrite_open(loaded)
    if open_now is not None:
        show_to_correct(open_now)
    steps = [Step(_("To see what is left"), command_line("check", loaded.path, *as_chosen(loaded)))]
    show_steps(stdout(), steps)
    some_not = any(each.ignored for each in taken)
    path = open_now.path if open_now else None
    facts = {**_facts(taken), "needs_attention": path, "next": [step.command for step in steps]}
    finish(ExitStatus.SOME_NOT if some_not else ExitStatus.DONE, facts)


def _facts(taken: Sequence[Taken]) -> dict[str, object]:
    return {
        "corrected": [asdict(cell) for each in taken for cell in each.corrected],
        "not_taken": [asdict(ignored) for each in taken for ignored in each.ignored],
        "lines": sum(each.lines for each in taken),
    }


def _show_cells(console: Console, cells: Sequence[Corrected]) -> None:
    if cells:
        table = _table("Row", "Column", "From", "To")
        for cell in cells:
            texts = (cell.column, cell.before, cell.now)
            table.add_row(str(cell.row), *map(one_line, texts))
        print_table(console, table)


def _show(listed: Sequence[Listed]) -> None:
    """Print every correction that is in force."""
    if not listed:
        say(stdout(), _("Nothing is corrected."))
    else:
        table = _table("Row", "Column", "From", "To", "When", "By", "Now")
        for each in listed:
            row = str(each.row) if each.row is not None else _key(each)
            when = _("{moment:%Y-%m-%d %H:%M}", moment=each.at.astimezone())
            texts = (each.column, each.was, each.now, when, each.by, _STATES[each.state])
            table.add_row(one_line(row), *map(one_line, texts))
        print_table(stdout(), table)
    finish(ExitStatus.DONE, {"corrections": [asdict(each) for each in listed]})


def _key(each: Listed) -> str:
    return ", ".join(text for _other, text in each.key)


def _table(*headings: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table

"""`batchsend report`: what became of every row, from the ledger, as files, a table or JSON."""

from __future__ import annotations

from pathlib import Path

import click
from rich import box
from rich.console import Console
from rich.table import Table

from batchsend.commands.invoking.options import ledger_option, period_option
from batchsend.commands.printing.output import facts, one_line, print_table, say, stdout
from batchsend.commands.printing.summary import show_summary, show_to_correct
from batchsend.errors import ReportError
from batchsend.language import _, joined, ngettext
from batchsend.mailing import Mailing
from batchsend.operations.history.receipt import account
from batchsend.operations.report import report as report_mailing
from batchsend.operations.report import write_account
from batchsend.reports import LEFT_OUT, NEEDS_ATTENTION, Account, json_lines, must_be_writable

SHOWN = 200
"""Rows in a table on the terminal; more are for a file."""
CELLS = 2
"""Of the list's own columns, the first: nearly always they tell whom a row is about."""


@click.command
@click.argument("mailing", type=click.Path(path_type=Path))
@click.option(
    "--run",
    type=click.IntRange(min=1),
    metavar="N",
    help="The run with this number alone, by its own list.",
)
@period_option
@click.option("--attention", is_flag=True, help="Only rows that somebody must do something about.")
@click.option("--table", is_flag=True, help="Show the rows here; no file is written.")
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
@click.option(
    "--report",
    "files",
    type=click.Path(path_type=Path, dir_okay=False),
    multiple=True,
    metavar="FILE",
    help="Write it to FILE: .csv, .xlsx, .html or .json; may be repeated.",
)
@ledger_option
@click.pass_context
def report(
    ctx: click.Context,
    mailing: Path,
    *,
    run: int | None,
    period: str | None,
    attention: bool,
    table: bool,
    as_json: bool,
    files: tuple[Path, ...],
    ledger: Path | None,
) -> None:
    """Write the report again.

    It says for every row what happened, from the ledger.

    Without options, the files of the period's report are written again, over all its runs. With
    --run or --attention the rows are shown here, or written where --report says.
    Exit status: 0 nothing needs attention, 1 some rows do, 2 there is nothing to report on.
    """
    if run is not None and period is not None:
        raise click.UsageError(_("A run has its own period: name --run or --period."))
    if table and as_json:
        raise click.UsageError(_("--table and --json are two ways to show it; choose one."))
    loaded = _in(period, Mailing.load(mailing))
    if not (run or attention or table or as_json):
        written = report_mailing(loaded, files=files, ledger=ledger)
        show_summary(written)
        show_to_correct(written.to_correct)
        needing_it = written.selected.by_status.keys() & set(NEEDS_ATTENTION)
        ctx.exit(1 if needing_it or written.not_written else 0)
    found = account(loaded, run=run, ledger=ledger)
    needing = found.only_attention()
    shown = needing if attention else found
    _write(shown, files)
    if as_json:
        for line in json_lines(shown):
            click.echo(line)
    elif table or not files:
        _show(stdout(), shown)
    ctx.exit(0 if needing.rows.count() == 0 else 1)


def _in(period: str | None, mailing: Mailing) -> Mailing:
    """The mailing in the period that is asked for; else in that of its last run."""
    if period is None:
        return mailing.model_copy(update={"period": None})
    return mailing.of_period(period)


def _write(account: Account, files: tuple[Path, ...]) -> None:
    for path in files:
        must_be_writable(path)
    written, not_written = write_account(account, files)
    if written:
        say(Console(stderr=True), _("Report: {written}", written=joined(map(str, written))))
    if not_written:
        raise ReportError(not_written)


def _show(console: Console, account: Account) -> None:
    """A table of the rows, and how many ended how."""
    several = len(account.about.runs) > 1
    columns = account.rows.columns[:CELLS]
    names = ["row", "status", "identifier", *(column.key for column in columns), "reason"]
    headings = [
        _("Row"),
        _("Status"),
        _("Identifier"),
        *account.rows.typed[:CELLS],
        _("Reason"),
    ]
    if several:
        names, headings = ["run", *names], [_("Run"), *headings]
    rows = Table(box=box.SIMPLE_HEAD if console.is_terminal else None, pad_edge=False)
    for name, heading in zip(names, headings, strict=True):
        right = name in {"run", "row"}
        rows.add_column(one_line(heading), justify="right" if right else "left", overflow="fold")
    for cells in account.rows.frame.select(names).head(SHOWN).collect().iter_rows():
        told = dict(zip(names, cells, strict=True))
        told["status"] = _(str(told["status"]))
        rows.add_row(*(one_line("" if cell is None else str(cell)) for cell in told.values()))
    for run in account.about.runs:
        end = {"complete": _("complete"), "stopped": _("stopped half-way")}.get(
            run.end or "", _("not ended")
        )
        began = _("{moment:%Y-%m-%d %H:%M}", moment=run.started.astimezone())
        say(
            console,
            _(
                "Run {number}, {began}, by {user}, to {destination}: {end}",
                number=run.number,
                began=began,
                user=run.user,
                destination=run.facts.destination,
                end=end,
            )
            if run.user
            else _(
                "Run {number}, {began}, to {destination}: {end}",
                number=run.number,
                began=began,
                destination=run.facts.destination,
                end=end,
            ),
        )
    for note in account.about.notes:
        say(console, note, style="yellow")
    if rows.row_count:
        print_table(console, rows)
    left = account.rows.count() - rows.row_count
    if left > 0:
        say(
            console,
            ngettext(
                "… and {number:,} row more; --report FILE writes them all.",
                "… and {number:,} rows more; --report FILE writes them all.",
                left,
            ),
        )
    counts = account.figures.by_status
    letters = {_("Letters"): account.figures.letters}
    letters |= {_(status): number for status, number in counts.items()}
    told = {name: f"{number:,}" for name, number in letters.items()}
    if left_out := account.figures.left_out:
        told[_(LEFT_OUT)] = ngettext("{number:,} row", "{number:,} rows", left_out)
    facts(console, told)

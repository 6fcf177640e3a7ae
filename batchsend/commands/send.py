"""`batchsend send`: say what is about to happen, ask, send, report."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import click

from batchsend.commands.exit_status import ExitStatus
from batchsend.commands.invocation import command_line, output_mode, remember_sending_started
from batchsend.commands.next_steps import after_sending
from batchsend.commands.options import ROWS, ListChoice, ledger_option, list_options
from batchsend.commands.output import finish, output_options
from batchsend.commands.plan_table import show_plan
from batchsend.commands.progress import show_progress
from batchsend.commands.summary import exit_status, plan_facts, sent_facts, show_sent
from batchsend.commands.terminal import attention, remember_warning, say, stderr, stdout
from batchsend.errors import SettingsError
from batchsend.language import _, ngettext
from batchsend.letters import RowSet
from batchsend.mailing import Mailing
from batchsend.operations.plan import Plan, Selection, plan
from batchsend.operations.send import execute
from batchsend.operations.target import Target


@click.command
@click.argument("mailing", type=click.Path(path_type=Path))
@click.option("--sandbox", is_flag=True, help="Rehearse against the built-in letter API.")
@click.option("--base-url", metavar="URL", help="The letter API's address, for this run.")
@list_options
@click.option("--rows", type=ROWS, help="Only these rows, as the spreadsheet numbers them: 2,5-9.")
@click.option("--limit", type=click.IntRange(min=1), help="Send at most this many letters.")
@click.option(
    "--retry-rejected",
    is_flag=True,
    help="Also send letters that the API refused and that have not changed.",
)
@click.option("--again", type=ROWS, help="Send these rows, too, although they look like repeats.")
@click.option("--all-or-nothing", is_flag=True, help="Send nothing if any row is held back.")
@click.option("--dry-run", is_flag=True, help="Check and plan, send nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option(
    "--rate",
    type=click.FloatRange(min=0, min_open=True),
    help="At most this many letters a second.",
)
@click.option(
    "--concurrency", type=click.IntRange(min=1), help="At most this many requests at a time."
)
@click.option(
    "--report",
    "report_path",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the report to this file: .csv, .xlsx, .html or .json. Without it: to several "
    "beside the mailing.",
)
@ledger_option
@click.option(
    "--cluster",
    metavar="ADDRESS",
    help="Render on a Dask cluster, as tcp://scheduler:8786; `local` starts one on this machine.",
)
@output_options
def send(
    mailing: Path,
    *,
    sandbox: bool,
    base_url: str | None,
    chosen: ListChoice,
    rows: RowSet | None,
    limit: int | None,
    retry_rejected: bool,
    again: RowSet | None,
    all_or_nothing: bool,
    dry_run: bool,
    yes: bool,
    rate: float | None,
    concurrency: int | None,
    report_path: Path | None,
    ledger: Path | None,
    cluster: str | None,
) -> None:
    """Send a mailing: every letter once, however often this is run.

    What was accepted is never sent again, so after a stop or a correction simply run it again.
    Exit status: 0 every letter accepted, 1 some were not (the report says which),
    2 nothing was done, 3 stopped half-way (run again to go on).
    """
    if sandbox and base_url:
        raise click.UsageError(
            _("--sandbox and --base-url name two places to send to; choose one.")
        )
    loaded = chosen.of(Mailing.load(mailing)).sending(rate=rate, concurrency=concurrency)
    target = Target.sandbox() if sandbox else Target.api(loaded, base_url)
    selection = Selection(rows=rows, limit=limit, retry_rejected=retry_rejected, again=again)
    with plan(loaded, target, selection=selection, ledger=ledger, report=report_path) as planned:
        asking = bool(planned.to_send.height) and not (target.is_sandbox or yes or dry_run)
        show_plan(attention() if asking else stdout(), planned)
        if all_or_nothing and planned.checked.held:
            raise SettingsError(
                ngettext(
                    "{number:,} row held back, and --all-or-nothing is set.",
                    "{number:,} rows held back, and --all-or-nothing is set.",
                    planned.checked.held,
                ),
                hint=_(
                    "What is wrong with them: {command}", command=command_line("check", mailing)
                ),
            )
        if dry_run:
            say(stdout(), _("Nothing was sent: this was a dry run."))
            finish(ExitStatus.DONE, plan_facts(planned))
        if asking and not _ask(planned):
            say(attention(), _("Nothing was sent."))
            finish(ExitStatus.NOTHING_DONE, plan_facts(planned))
        remember_sending_started()
        with show_progress(stderr()) as progress:
            sent = execute(planned, cluster=cluster, progress=progress, notice=_notice)
    steps = after_sending(sent)
    show_sent(sent, steps)
    finish(exit_status(sent), sent_facts(sent, steps))


def _notice(sentence: str) -> None:
    """Of a run that goes on: a pause, a wait for the hour."""
    remember_warning(sentence)
    say(stderr(), sentence)


def _ask(plan: Plan) -> bool:
    if not sys.stdin.isatty():
        raise SettingsError(
            _("This is not a terminal, so nobody can be asked whether to send."),
            hint=_("Add --yes to send without asking, as from a scheduler."),
        )
    again = plan.said_before.height + plan.perhaps_repeats
    if again:
        question = ngettext(
            "Send {number:,} letter to {destination}, {again:,} of them perhaps for the second "
            "time?",
            "Send {number:,} letters to {destination}, {again:,} of them perhaps for the second "
            "time?",
            plan.to_send.height,
            destination=plan.target.destination,
            again=again,
        )
    else:
        question = ngettext(
            "Send {number:,} letter to {destination}?",
            "Send {number:,} letters to {destination}?",
            plan.to_send.height,
            destination=plan.target.destination,
        )
    if hasattr(signal, "siginterrupt"):
        # polars takes SIGINT as well, in a way that would let the question wait on for an answer.
        signal.siginterrupt(signal.SIGINT, True)
    return click.confirm(question, err=output_mode().as_json)

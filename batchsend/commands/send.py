"""`batchsend send`: say what is about to happen, ask, send, report; and `batchsend send --to-me
ROW`: one letter to the operator."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import click

from batchsend.command_line import command_line
from batchsend.commands.invoking.invocation import ExitStatus, remember_sending_started
from batchsend.commands.invoking.options import ROWS, ListChoice, ledger_option, list_options
from batchsend.commands.printing.next_steps import after_sending
from batchsend.commands.printing.output import (
    asked,
    attention,
    facts,
    finish,
    must_have_somebody_to_ask,
    output_options,
    remember_warning,
    say,
    stderr,
    stdout,
    warn,
)
from batchsend.commands.printing.plan_table import show_plan
from batchsend.commands.printing.progress import show_progress
from batchsend.commands.printing.summary import exit_status, plan_facts, sent_facts, show_sent
from batchsend.errors import SettingsError
from batchsend.language import _, ngettext
from batchsend.letters import RowSet
from batchsend.mailing import Mailing
from batchsend.operations.periods import as_chosen
from batchsend.operations.plan import plan
from batchsend.operations.planning.planned import Plan, must_not_take_another_periods_list
from batchsend.operations.planning.selection import Selection
from batchsend.operations.running.permission import is_guarded, permitted, render_ahead
from batchsend.operations.send import execute
from batchsend.operations.target import Target
from batchsend.operations.to_me import letter_to_me, send_to_me


@click.command
@click.argument("mailing", type=click.Path(path_type=Path))
@click.option("--sandbox", is_flag=True, help="Rehearse against the built-in letter API.")
@click.option("--base-url", metavar="URL", help="The letter API's address, for this run.")
@list_options
@click.option("--rows", type=ROWS, help="Only these rows, as the spreadsheet numbers them: 2,5-9.")
@click.option(
    "--limit", type=click.IntRange(min=1), metavar="N", help="Send at most this many letters."
)
@click.option(
    "--retry-rejected",
    is_flag=True,
    help="Also send letters that the API refused and that have not changed.",
)
@click.option("--again", type=ROWS, help="Send these rows, too, although they look like repeats.")
@click.option(
    "--to-me",
    type=click.IntRange(min=1),
    metavar="ROW",
    help="Send one letter, of this row's text, to whom [send.me] names. It counts as none of the "
    "list's.",
)
@click.option("--all-or-nothing", is_flag=True, help="Send nothing if any row is held back.")
@click.option("--dry-run", is_flag=True, help="Check and plan, send nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option(
    "--rate",
    type=click.FloatRange(min=0, min_open=True),
    metavar="N",
    help="At most this many letters a second.",
)
@click.option(
    "--concurrency",
    type=click.IntRange(min=1),
    metavar="N",
    help="At most this many requests at a time.",
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
    to_me: int | None,
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
    if to_me is not None and (rows or limit or retry_rejected or again or all_or_nothing):
        raise click.UsageError(
            _("--to-me sends one letter, and goes with no other choice of rows.")
        )
    if sandbox and base_url:
        raise click.UsageError(
            _("--sandbox and --base-url name two places to send to; choose one.")
        )
    loaded = chosen.of(Mailing.load(mailing), ledger).sending(rate=rate, concurrency=concurrency)
    target = Target.sandbox() if sandbox else Target.api(loaded, base_url)
    if to_me is not None:
        _send_one_to_me(loaded, target, to_me, ask=not (sandbox or yes), dry_run=dry_run)
    selection = Selection(rows=rows, limit=limit, retry_rejected=retry_rejected, again=again)
    with plan(loaded, target, selection=selection, ledger=ledger, report=report_path) as listed:
        planned = listed
        asking = bool(planned.to_send.height) and not (target.is_sandbox or yes or dry_run)
        if asking:
            must_have_somebody_to_ask()
        if not target.is_sandbox and (asking or dry_run or is_guarded(loaded)):
            with show_progress(stderr(), "Rendering") as progress:
                planned = render_ahead(planned, progress=progress)
        show_plan(attention() if asking else stdout(), planned)
        checking = command_line("check", mailing, *as_chosen(loaded))
        if all_or_nothing and planned.checked.held:
            raise SettingsError(
                ngettext(
                    "{number:,} row held back, and --all-or-nothing is set.",
                    "{number:,} rows held back, and --all-or-nothing is set.",
                    planned.checked.held,
                ),
                hint=_("What is wrong with them: {checking}", checking=checking),
            )
        if yes and not dry_run and chosen.path is None:
            must_not_take_another_periods_list(planned)
        planned = permitted(planned)
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
    again = plan.said_before.height + plan.perhaps_repeats
    if again:
        question = ngettext(
            "Send {number:,} letter to {destination}, {again:,} of them perhaps for the second "
            "time?",
            "Send {number:,} letters to {destination}, {again:,} of them perhaps for the second "
            "time?",
            plan.leaving,
            destination=plan.target.destination,
            again=again,
        )
    elif last_period := plan.same_list_as_period:
        question = ngettext(
            "Send {number:,} letter to {destination} in the period {period}, although the list "
            "says what that of the period {last_period} said?",
            "Send {number:,} letters to {destination} in the period {period}, although the list "
            "says what that of the period {last_period} said?",
            plan.leaving,
            destination=plan.target.destination,
            period=plan.mailing.period,
            last_period=last_period,
        )
    else:
        question = ngettext(
            "Send {number:,} letter to {destination}?",
            "Send {number:,} letters to {destination}?",
            plan.leaving,
            destination=plan.target.destination,
        )
    return asked(question)


def _send_one_to_me(
    mailing: Mailing, target: Target, row: int, *, ask: bool, dry_run: bool
) -> NoReturn:
    """Make the letter, ask, send it, and leave."""
    if ask and not dry_run:
        must_have_somebody_to_ask()
    letter = letter_to_me(mailing, target, row)
    pages = ngettext("{number:,} page", "{number:,} pages", letter.pages)
    told = {
        "mailing": mailing.name,
        "destination": target.destination,
        "row": row,
        "identifier": letter.identifier,
        "channel": letter.channel,
        "pages": letter.pages,
    }
    facts(
        stdout(),
        {
            "One letter to": letter.name,
            "Text of row": f"{row}",
            "By": _("{channel}, {pages}", channel=letter.channel, pages=pages),
            "To": target.destination,
            "Identifier": letter.identifier,
        },
    )
    for warning in letter.warnings:
        warn(warning)
    if dry_run or (
        ask and not asked(_("Send this letter to {destination}?", destination=target.destination))
    ):
        say(attention(), _("Nothing was sent."))
        finish(ExitStatus.DONE if dry_run else ExitStatus.NOTHING_DONE, told)
    remember_sending_started()
    outcome = send_to_me(letter, _notice)
    said = f": {outcome.reason}" if outcome.reason else "."
    say(stdout(), f"{outcome.state}{said}")
    accepted = outcome.state == "accepted"
    facts_sent = {**told, "state": outcome.state, "reason": outcome.reason or None}
    finish(ExitStatus.DONE if accepted else ExitStatus.SOME_NOT, facts_sent)

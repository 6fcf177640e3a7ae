"""`batchsend send`: say what is about to happen, ask, send, report."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from batchsend.commands.options import ROWS, ListChoice, ledger_option, list_options
from batchsend.commands.progress import show_progress
from batchsend.commands.summary import NOTHING_DONE, exit_status, show_plan, show_sent
from batchsend.commands.terminal import plural, say, stderr, stdout
from batchsend.errors import SettingsError
from batchsend.letters import RowSet
from batchsend.mailing import Mailing
from batchsend.pipeline import Plan, Selection, Target
from batchsend.pipeline import send as send_mailing

__all__ = ["send"]


@click.command
@click.argument("mailing", type=click.Path(path_type=Path))
@click.option("--sandbox", is_flag=True, help="Rehearse against the built-in letter API.")
@click.option("--base-url", metavar="URL", help="The letter API's address, for this run.")
@list_options
@click.option("--rows", type=ROWS, help="Only these rows, as the spreadsheet numbers them: 2,5-9.")
@click.option("--limit", type=click.IntRange(min=1), help="Send at most so many letters.")
@click.option("--retry-rejected", is_flag=True, help="Also unchanged letters the API refused.")
@click.option("--all-or-nothing", is_flag=True, help="Send nothing if any row is kept back.")
@click.option("--dry-run", is_flag=True, help="Check and plan, send nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option(
    "--rate", type=click.FloatRange(min=0, min_open=True), help="Letters a second, at most."
)
@click.option("--concurrency", type=click.IntRange(min=1), help="Requests under way, at most.")
@click.option(
    "--report",
    "report_path",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="The report: .csv, .xlsx, .html or .json; several beside the mailing unless set.",
)
@ledger_option
@click.option(
    "--cluster",
    metavar="ADDRESS",
    help="Render on a Dask cluster, as tcp://scheduler:8786; `local` starts one on this machine.",
)
@click.pass_context
def send(
    ctx: click.Context,
    mailing: Path,
    *,
    sandbox: bool,
    base_url: str | None,
    chosen: ListChoice,
    rows: RowSet | None,
    limit: int | None,
    retry_rejected: bool,
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
        raise click.UsageError("--sandbox and --base-url name two places to send to; choose one.")
    loaded = chosen.of(Mailing.load(mailing)).sending(rate=rate, concurrency=concurrency)
    target = Target.sandbox() if sandbox else Target.api(loaded, base_url)

    def agreed(plan: Plan) -> bool:
        show_plan(stdout(), plan)
        if all_or_nothing and plan.checked.held:
            raise SettingsError(
                f"{plural(plan.checked.held, 'row')} kept back, and --all-or-nothing is set.",
                hint=f"`batchsend check {mailing}` shows what is wrong with them.",
            )
        if dry_run:
            say(stdout(), "Nothing was sent: this was a dry run.")
            return False
        if not plan.to_send.height or target.is_sandbox or yes:
            return True
        return _ask(plan)

    with _terminated_like_interrupted(), show_progress(stderr()) as progress:
        sent = send_mailing(
            loaded,
            target,
            selection=Selection(rows=rows, limit=limit, retry_rejected=retry_rejected),
            ledger=ledger or loaded.ledger,
            report=report_path,
            cluster=cluster,
            agreed=agreed,
            progress=progress,
            notice=lambda sentence: say(stderr(), sentence),
        )
    if sent is None:
        if not dry_run:
            say(stdout(), "Nothing was sent.")
        ctx.exit(0 if dry_run else NOTHING_DONE)
    show_sent(stdout(), sent)
    ctx.exit(exit_status(sent))


def _ask(plan: Plan) -> bool:
    if not sys.stdin.isatty():
        raise SettingsError(
            "Nobody is there to ask whether to send.",
            hint="Add --yes to send without asking, as from a scheduler.",
        )
    question = f"Send {plural(plan.to_send.height, 'letter')} to {plan.target.destination}?"
    return click.confirm(question)


@contextmanager
def _terminated_like_interrupted() -> Iterator[None]:
    """SIGTERM drains and reports, as Ctrl-C does."""
    before = signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)

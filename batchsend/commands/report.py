"""`batchsend report`: the report again, from the ledger."""

from __future__ import annotations

from pathlib import Path

import click

from batchsend.commands.options import ledger_option
from batchsend.commands.summary import show_summary, show_to_correct
from batchsend.commands.terminal import stdout
from batchsend.mailing import Mailing
from batchsend.pipeline import report as report_mailing

__all__ = ["report"]


@click.command
@click.argument("mailing", type=click.Path(path_type=Path))
@click.option(
    "--report",
    "report_path",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where to write it; its usual place beside the mailing unless set.",
)
@ledger_option
@click.pass_context
def report(
    ctx: click.Context,
    mailing: Path,
    report_path: Path | None,
    ledger: Path | None,
) -> None:
    """Write the report of a mailing's last run again, from the ledger."""
    loaded = Mailing.load(mailing)
    written = report_mailing(
        loaded,
        report=report_path,
        ledger=ledger or loaded.ledger,
    )
    show_summary(stdout(), written)
    show_to_correct(stdout(), written.to_correct)
    ctx.exit(0 if written.selected.all_accepted else 1)

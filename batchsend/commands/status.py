"""`batchsend status`: what the API says has become of the letters it accepted."""

from __future__ import annotations

from pathlib import Path

import click

from batchsend.commands.invoking.invocation import ExitStatus
from batchsend.commands.invoking.options import ledger_option, period_option
from batchsend.commands.printing.output import facts, finish, output_options, say, stderr, stdout
from batchsend.commands.printing.summary import report_facts
from batchsend.language import _, ngettext
from batchsend.mailing import Mailing
from batchsend.operations.report import report_real
from batchsend.operations.status import ask_for_status


@click.command
@click.argument("mailing", type=click.Path(path_type=Path))
@period_option
@ledger_option
@output_options
def status(mailing: Path, period: str | None, ledger: Path | None) -> None:
    """Ask the API whether accepted letters were delivered.

    Those of the period that was sent last are asked about, or of --period. The answers go into its
    report.

    How to ask is not documented by the API: describe it under [status] in mailing.toml.
    """
    loaded = Mailing.load(mailing)
    answers = ask_for_status(loaded, ledger=ledger, period=period)
    facts(
        stdout(),
        {
            answer: ngettext("{number:,} letter", "{number:,} letters", number)
            for answer, number in answers.items()
        },
    )
    written = report_real(loaded, ledger=ledger, period=period)
    say(stderr(), _("Report: {path}", path=written.path))
    finish(ExitStatus.DONE, {"answers": answers, **report_facts(written)})

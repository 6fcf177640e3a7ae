"""`batchsend approve`: a second person's consent, before a mailing is sent."""

from __future__ import annotations

from pathlib import Path

import click

from batchsend.commands.invoking.invocation import ExitStatus
from batchsend.commands.invoking.options import ListChoice, ledger_option, list_options
from batchsend.commands.printing.before_sending import pages_facts, pages_json, show_held_pages
from batchsend.commands.printing.output import (
    asked,
    attention,
    facts,
    finish,
    must_have_somebody_to_ask,
    output_options,
    say,
    stderr,
    stdout,
)
from batchsend.commands.printing.progress import show_progress
from batchsend.language import _, figure, ngettext
from batchsend.mailing import Mailing
from batchsend.operations.approve import approve as approve_mailing
from batchsend.operations.approve import to_approve


@click.command
@click.argument("mailing", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask.")
@list_options
@ledger_option
@output_options
def approve(mailing: Path, *, yes: bool, chosen: ListChoice, ledger: Path | None) -> None:
    """Approve a mailing that another user is going to send.

    Where [send] approval is set, nothing is sent that no other user of the system (of the
    database, where the ledger is in PostgreSQL) has approved as it is.
    Exit status: 0 approved, 2 not approved.
    """
    loaded = chosen.of(Mailing.load(mailing))
    if not yes:
        must_have_somebody_to_ask()
    with show_progress(stderr(), "Rendering") as progress:
        found = to_approve(loaded, progress=progress)
    rows = ngettext("{number:,} row", "{number:,} rows", found.rows)
    facts(
        stdout(),
        {
            _("Mailing"): loaded.name,
            _("List"): f"{found.list_path}, {rows}",
            _("Letters"): figure(found.facts.letters),
            _("Rows held back"): figure(found.held),
            **pages_facts(found.pages),
        },
    )
    show_held_pages(found.pages)
    told = {
        "mailing": loaded.name,
        "letters": found.facts.letters,
        "rows_kept_back": found.held,
        "pages": pages_json(found.pages),
    }
    question = ngettext(
        "Approve {number:,} letter?", "Approve {number:,} letters?", found.facts.letters
    )
    if not yes and not asked(question):
        say(attention(), _("Nothing was approved."))
        finish(ExitStatus.NOTHING_DONE, told)
    say(stdout(), approve_mailing(found, ledger))
    finish(ExitStatus.DONE, told)

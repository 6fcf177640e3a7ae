"""`batchsend letter`: one letter as it was sent."""

from __future__ import annotations

from pathlib import Path

import click

from batchsend.commands.invoking.invocation import ExitStatus
from batchsend.commands.invoking.options import ledger_option
from batchsend.commands.printing.output import finish, output_options, say, stdout
from batchsend.language import _
from batchsend.mailing import Mailing
from batchsend.operations.sent_letter import sent_letter, write_letter
from batchsend.text import file_stem


@click.command
@click.argument("mailing", type=click.Path(path_type=Path))
@click.argument("identifier", required=False)
@click.option(
    "--row",
    type=click.IntRange(min=1),
    metavar="N",
    help="The letter of this row of the list that was sent last, instead of an identifier.",
)
@click.option(
    "--to",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where to write it; otherwise here, under its identifier.",
)
@ledger_option
@output_options
def letter(
    mailing: Path, identifier: str | None, row: int | None, to: Path | None, ledger: Path | None
) -> None:
    """Write the PDF of a letter as it was sent.

    There are copies where [copies] is set in mailing.toml. No file is written over.
    """
    if (identifier is None) == (row is None):
        raise click.UsageError(_("Name the letter by its identifier or by --row, one of the two."))
    found = sent_letter(Mailing.load(mailing), identifier, row=row, ledger=ledger)
    about = found.copy.about
    path = to or Path(f"{file_stem(about.identifier) or about.row}.pdf")
    write_letter(found, path)
    say(stdout(), str(path))
    when = _("{moment:%Y-%m-%d %H:%M}", moment=about.answered.astimezone())
    say(
        stdout(),
        _(
            "As sent to {destination} on {when}, in run {run}.",
            destination=about.destination,
            when=when,
            run=about.run,
        )
        if found.accepted
        else _(
            "As it may have reached {destination} on {when}, in run {run}: the answer was lost.",
            destination=about.destination,
            when=when,
            run=about.run,
        ),
    )
    facts = {
        "file": path,
        "identifier": about.identifier,
        "row": about.row,
        "destination": about.destination,
        "run": about.run,
        "answered": about.answered,
        "accepted": found.accepted,
    }
    finish(ExitStatus.DONE, facts)

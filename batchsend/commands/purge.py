"""`batchsend purge`: personal data that is no longer needed goes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from batchsend.commands.exit_status import ExitStatus
from batchsend.commands.options import ledger_option
from batchsend.commands.output import finish, output_options
from batchsend.commands.terminal import say, stdout, warn
from batchsend.language import _, ngettext
from batchsend.mailing import Mailing
from batchsend.operations.purge import purge as purge_mailing


@click.command
@click.argument("mailing", type=click.Path(path_type=Path))
@click.option(
    "--older-than",
    type=click.IntRange(0, 36_500),
    required=True,
    metavar="DAYS",
    help="Of runs that began more than this many days ago.",
)
@ledger_option
@output_options
def purge(mailing: Path, older_than: int, ledger: Path | None) -> None:
    """Remove personal data of earlier runs.

    That is checked lists, rehearsed letters, previews and messages.

    What was sent, and what came of it, stays in the ledger for ever, so that nobody is written to
    twice. Reports stay too; delete them when you no longer need them.
    """
    before = datetime.now(UTC) - timedelta(days=older_than)
    cleared = purge_mailing(Mailing.load(mailing), before, ledger=ledger)
    say(
        stdout(),
        _(
            "Removed: {lists}, {documents}, what was said of {letters} and {attempts}, and "
            "{recipients} from the register.",
            lists=ngettext(
                "{number:,} checked list", "{number:,} checked lists", cleared.ledger.snapshots
            ),
            documents=ngettext("{number:,} document", "{number:,} documents", cleared.documents),
            letters=ngettext("{number:,} letter", "{number:,} letters", cleared.ledger.letters),
            attempts=ngettext("{number:,} attempt", "{number:,} attempts", cleared.ledger.attempts),
            recipients=ngettext(
                "{number:,} recipient", "{number:,} recipients", cleared.recipients
            ),
        ),
    )
    if cleared.not_cleared:
        warn(cleared.not_cleared)
    removed = {
        "checked_lists": cleared.ledger.snapshots,
        "documents": cleared.documents,
        "letters": cleared.ledger.letters,
        "attempts": cleared.ledger.attempts,
        "registered_recipients": cleared.recipients,
    }
    finish(ExitStatus.DONE, {"before": before, "removed": removed})

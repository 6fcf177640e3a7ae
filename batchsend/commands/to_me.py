"""`batchsend send --to-me ROW`: one letter to the operator."""

from __future__ import annotations

from typing import NoReturn

from batchsend.commands.invoking.exit_status import ExitStatus
from batchsend.commands.invoking.invocation import remember_sending_started
from batchsend.commands.printing.output import finish
from batchsend.commands.printing.terminal import (
    asked,
    attention,
    facts,
    must_have_somebody_to_ask,
    remember_warning,
    say,
    stderr,
    stdout,
    warn,
)
from batchsend.language import _, ngettext
from batchsend.mailing import Mailing
from batchsend.operations.target import Target
from batchsend.operations.to_me import letter_to_me, send_to_me


def send_one_to_me(
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


def _notice(sentence: str) -> None:
    remember_warning(sentence)
    say(stderr(), sentence)

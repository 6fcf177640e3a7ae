"""`batchsend settle`: decide what became of the letters whose answer was lost."""

from __future__ import annotations

from pathlib import Path

import click
import polars as pl
from rich.table import Table
from rich.text import Text

from batchsend.command_line import command_line
from batchsend.commands.invoking.invocation import ExitStatus
from batchsend.commands.invoking.options import ledger_option, period_option
from batchsend.commands.printing.next_steps import Step, show_steps
from batchsend.commands.printing.output import (
    attention,
    finish,
    output_options,
    print_table,
    say,
    stdout,
)
from batchsend.errors import SettingsError
from batchsend.language import _, either, joined, ngettext
from batchsend.mailing import Mailing
from batchsend.operations.settle import Decision, Unknown, decisions_from, unknown_letters
from batchsend.operations.settle import settle as settle_letters
from batchsend.operations.status import settle_by_asking
from batchsend.sending import destination as address


@click.command
@click.argument("mailing", type=click.Path(path_type=Path))
@click.argument("identifiers", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Every letter that is unknown.")
@click.option("--accepted", is_flag=True, help="The API has them.")
@click.option("--resend", is_flag=True, help="Send them again next time.")
@click.option("--failed", is_flag=True, help="They were not taken; they go next time.")
@click.option(
    "--from",
    "decisions_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Decisions from a CSV file or workbook with the columns identifier and decision.",
)
@click.option(
    "--destination",
    metavar="URL",
    help="Only letters to this API, where the mailing was sent to several.",
)
@period_option
@ledger_option
@output_options
def settle(
    mailing: Path,
    *,
    identifiers: tuple[str, ...],
    every: bool,
    accepted: bool,
    resend: bool,
    failed: bool,
    decisions_file: Path | None,
    destination: str | None,
    period: str | None,
    ledger: Path | None,
) -> None:
    """Decide about letters whose answer was lost.

    Without a decision, these letters are listed.

    Ask the provider about each of them first: a letter that is sent again may arrive twice.
    Where [status] is set, the API is asked first. Without a decision the letters are listed.
    Exit status: 0 none is unknown, 1 some are.
    """
    decision = _the_one_of(accepted=accepted, resend=resend, failed=failed)
    loaded = Mailing.load(mailing)
    settled = asked = settle_by_asking(loaded, ledger=ledger)
    if asked:
        say(
            stdout(),
            ngettext(
                "The API could tell about {number:,} letter.",
                "The API could tell about {number:,} letters.",
                asked,
            ),
        )
    before = unknown_letters(loaded, ledger=ledger, period=period)
    if destination is not None:
        destination = address(destination)
        before = before.at(destination)
    chosen = _chosen(before, identifiers, every, decision)
    if decisions_file is not None:
        chosen = _together(chosen, decisions_file)
    if chosen:
        decided = settle_letters(loaded, chosen, destination=destination, ledger=ledger)
        settled += decided
        say(
            stdout(), ngettext("{number:,} letter settled.", "{number:,} letters settled.", decided)
        )
    left = unknown_letters(loaded, ledger=ledger, period=period)
    _show(left)
    elsewhere = () if ledger is None else ("--ledger", ledger)
    steps = _steps(loaded, chosen, before, left, period, elsewhere)
    show_steps(stdout(), steps)
    facts = {
        "settled": settled,
        "unknown": left.letters.to_dicts(),
        "next": [step.command for step in steps],
    }
    finish(ExitStatus.SOME_NOT if left.letters.height else ExitStatus.DONE, facts)


def _steps(  # noqa: PLR0917 - what was decided, and where
    loaded: Mailing,
    chosen: dict[str, Decision],
    before: Unknown,
    left: Unknown,
    period: str | None,
    ledger: tuple[str | Path, ...],
) -> list[Step]:
    """What to do next: decide about the others, or send what is to go again."""
    if left.letters.height:
        settling = command_line("settle", loaded.path, *_of_period(period), *ledger)
        command = f"{settling} IDENTIFIER --accepted"
        why = _("Ask the provider about each. Where it has the letter (otherwise --failed)")
        return [Step(why, command)]
    if set(chosen.values()) - {"accepted"}:
        # They may have gone elsewhere than the environment says now.
        ours = before.letters.filter(pl.col("identifier").is_in(list(chosen)))
        places = ours.select("destination", "period").rows()
        return [
            Step(
                _("To send them again"),
                command_line(
                    "send", loaded.path, *_of_period(of), *ledger, "--base-url", destination
                ),
            )
            for destination, of in sorted(set(places), key=str)
        ]
    return []


def _of_period(period: str | None) -> tuple[str, ...]:
    return () if period is None else ("--period", period)


def _the_one_of(*, accepted: bool, resend: bool, failed: bool) -> Decision | None:
    said: dict[Decision, bool] = {"accepted": accepted, "resend": resend, "failed": failed}
    decisions = [decision for decision, is_said in said.items() if is_said]
    if len(decisions) > 1:
        options = joined(f"--{decision}" for decision in decisions)
        raise click.UsageError(_("Say one decision, not {options}.", options=options))
    return decisions[0] if decisions else None


def _chosen(
    unknown: Unknown, identifiers: tuple[str, ...], every: bool, decision: Decision | None
) -> dict[str, Decision]:
    if every:
        identifiers = tuple(unknown.letters["identifier"])
    if identifiers and decision is None:
        raise click.UsageError(_("Say how they ended: --accepted, --resend or --failed."))
    if decision is None:
        return {}
    if not identifiers and not every:
        raise click.UsageError(_("Name the letters by their identifiers, or say --all."))
    return dict.fromkeys(identifiers, decision)


def _together(chosen: dict[str, Decision], file: Path) -> dict[str, Decision]:
    """What was decided on the command line and in a file; SettingsError where they contradict."""
    from_file = decisions_from(file)
    for identifier, decision in from_file.items():
        if chosen.get(identifier, decision) != decision:
            raise SettingsError(
                _(
                    "{file} says {decision} of {identifier}, and the command line says {chosen}.",
                    file=file,
                    decision=decision,
                    identifier=identifier,
                    chosen=chosen[identifier],
                ),
                hint=_("Decide about it in one place."),
            )
    return chosen | from_file


def _show(unknown: Unknown) -> None:
    if not unknown.letters.height:
        say(
            stdout(),
            _(
                "No letter to {destinations} is unknown.",
                destinations=either(unknown.destinations),
            ),
        )
        return
    for destination in unknown.destinations:
        letters = unknown.at(destination).letters
        if letters.height:
            _show_letters(destination, letters)


def _show_letters(destination: str, letters: pl.DataFrame) -> None:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in (_("Row"), _("Identifier"), _("Sent (UTC)"), _("Why it is not known")):
        table.add_column(heading, overflow="fold")
    shown = letters.select("row", "identifier", "submitted_at", "reason")
    for row, identifier, sent, reason in shown.iter_rows():
        when = f"{sent:%Y-%m-%d %H:%M:%S}" if sent else ""
        table.add_row(str(row), Text(identifier), when, Text(reason))
    print_table(attention(), table)
    say(
        attention(),
        ngettext(
            "{number:,} letter to {destination} may or may not have been taken.",
            "{number:,} letters to {destination} may or may not have been taken.",
            letters.height,
            destination=destination,
        ),
    )

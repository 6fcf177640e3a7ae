"""`batchsend init`: a mailing folder from a list."""

from __future__ import annotations

from pathlib import Path

import click

from batchsend.command_line import command_line
from batchsend.commands.invoking.reading_options import list_settings, reading_options
from batchsend.commands.letter_from import show_turned
from batchsend.commands.printing.before_sending import show_skips
from batchsend.commands.printing.output import facts, say, stderr, stdout
from batchsend.language import N_, _, joined, ngettext
from batchsend.mailing import STDIN, must_be_named
from batchsend.starter import Started, start_mailing

_ABOUT_PERIODS = N_(
    "The mailing has no period, so no letter of it goes twice, ever. If it is sent every "
    "month, set period in mailing.toml and let Identifier use {{ period }}."
)


@click.command
@click.argument("list_path", metavar="LIST", type=click.Path(path_type=Path))
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--letter",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The letter, a Word document or a web page that Word saved, turned into HTML once.",
)
@click.option(
    "--period",
    metavar="PERIOD",
    help="Which sending of the mailing this is, such as 2027-01, where it is sent again and again.",
)
@reading_options
def init(
    list_path: Path,
    folder: Path | None,
    letter: Path | None,
    period: str | None,
    reading: dict[str, object],
) -> None:
    """Make a mailing folder from a list.

    The folder gets a mailing.toml, a letter and a .env.example. DIR is made where it is
    missing; it is called as the list unless named. The list stays where it is.
    """
    if list_path == STDIN:
        raise click.UsageError(_("init needs the list as a file, since the mailing will name it."))
    settings = list_settings({"path": list_path, **reading})
    if period is not None:
        must_be_named(period)
    started = start_mailing(settings, folder or Path(list_path.stem), letter, period=period)
    say(stdout(), str(started.mailing))
    for note in started.notes:
        say(stderr(), note)
    if started.turned is not None:
        show_turned(started.turned)
    _show_mapped(started)
    show_skips(started.skips)
    if started.skips:
        say(
            stderr(),
            _(
                "They get no letter: see skip in {mailing}, or delete it there.",
                mailing=started.mailing,
            ),
        )
    if period is None:
        say(stderr(), _ABOUT_PERIODS)
    _show_steps(started)


def _show_mapped(started: Started) -> None:
    """What of the request comes from which columns."""
    found = {
        f"  {mapped.field}": _("from {headings}", headings=mapped.headings)
        if mapped.columns
        else _("{text} for all", text=mapped.text)
        for mapped in started.mapped
        if mapped.text
    }
    say(stderr(), _("Found for the letter API's request:"))
    facts(stderr(), found)
    if started.rest:
        headings = joined(" ".join(column.heading.split()) for column in started.rest)
        say(stderr(), _("Other columns, for the text of the letter: {headings}", headings=headings))


def _show_steps(started: Started) -> None:
    """What is left to a person, in order."""
    missing = [mapped.field for mapped in started.mapped if not mapped.text]
    doubtful = [mapped.field for mapped in started.mapped if not mapped.certain]
    letter = started.mailing.parent / "letter" / "letter.html"
    steps = [
        _(
            "Open {mailing} and fill in the sender, under [payload.Letter.Invoicer].",
            mailing=started.mailing,
        ),
        _("There too: fill in {missing}, which no column looks like.", missing=joined(missing))
        if missing
        else "",
        ngettext(
            "There too: see that {doubtful} comes from the right column.",
            "There too: see that {doubtful} come from the right column.",
            len(doubtful),
            doubtful=joined(doubtful),
        )
        if doubtful
        else "",
        _("Read the letter in {letter}.", letter=letter)
        if started.turned
        else _("Write the letter in {letter}.", letter=letter),
        _("Then: {command}", command=command_line("check", started.mailing)),
    ]
    for number, step in enumerate(filter(None, steps), 1):
        say(stderr(), f"{number}. {step}")

"""`batchsend init`: a mailing folder from a list."""

from __future__ import annotations

from pathlib import Path

import click

from batchsend.commands.invocation import command_line
from batchsend.commands.left_out import show_skips
from batchsend.commands.letter_from import show_turned
from batchsend.commands.reading_options import list_settings, reading_options
from batchsend.commands.terminal import facts, joined, say, stderr, stdout
from batchsend.mailing import STDIN, must_be_named
from batchsend.starter import Started, start_mailing

_ABOUT_PERIODS = (
    "The mailing has no period, so no letter of it goes twice, ever. If it is sent every month, "
    "set period in mailing.toml and let Identifier use {{ period }}."
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
        raise click.UsageError("init needs the list as a file, since the mailing will name it.")
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
        say(stderr(), f"They get no letter: see skip in {started.mailing}, or delete it there.")
    if period is None:
        say(stderr(), _ABOUT_PERIODS)
    _show_steps(started)


def _show_mapped(started: Started) -> None:
    """What of the request comes from which columns."""
    found = {
        f"  {mapped.field}": f"from {mapped.headings}"
        if mapped.columns
        else f"{mapped.text} for all"
        for mapped in started.mapped
        if mapped.text
    }
    say(stderr(), "Found for the letter API's request:")
    facts(stderr(), found)
    if started.rest:
        headings = joined(" ".join(column.heading.split()) for column in started.rest)
        say(stderr(), f"Other columns, for the text of the letter: {headings}")


def _show_steps(started: Started) -> None:
    """What is left to a person, in order."""
    missing = [mapped.field for mapped in started.mapped if not mapped.text]
    doubtful = [mapped.field for mapped in started.mapped if not mapped.certain]
    verb = "Read" if started.turned else "Write"
    steps = [
        f"Open {started.mailing} and fill in the sender, under [payload.Letter.Invoicer].",
        f"There too: fill in {joined(missing)}, which no column looks like." if missing else "",
        f"There too: see that {joined(doubtful)} {_come(doubtful)} from the right column."
        if doubtful
        else "",
        f"{verb} the letter in {started.mailing.parent / 'letter' / 'letter.html'}.",
        f"Then: {command_line('check', started.mailing)}",
    ]
    for number, step in enumerate(filter(None, steps), 1):
        say(stderr(), f"{number}. {step}")


def _come(fields: list[str]) -> str:
    return "comes" if len(fields) == 1 else "come"

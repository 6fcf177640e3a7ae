"""`batchsend person`: all that is kept of one letter's recipient."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from batchsend.command_line import command_line
from batchsend.commands.invoking.invocation import ExitStatus
from batchsend.commands.invoking.options import ledger_option
from batchsend.commands.printing.output import finish, one_line, output_options, say, stdout
from batchsend.language import _
from batchsend.mailing import Mailing
from batchsend.operations.person import Kept, kept_of

_TIMES = frozenset({"started", "ended"})


@click.command
@click.argument("mailing", type=click.Path(path_type=Path))
@click.argument("identifier")
@ledger_option
@output_options
def person(mailing: Path, identifier: str, ledger: Path | None) -> None:
    """Put out all that is kept of one letter's recipient.

    From ledger, checked lists, corrections, copies and register, as for a request of access.

    National ids are shown in full.

    Exit status: 0 something is kept, 1 nothing is.
    """
    kept = kept_of(Mailing.load(mailing), identifier, ledger=ledger)
    _show(kept, mailing)
    finish(ExitStatus.SOME_NOT if kept.is_nothing else ExitStatus.DONE, asdict(kept))


def _show(kept: Kept, path: Path) -> None:
    if kept.is_nothing:
        say(stdout(), _("Nothing is kept of {identifier}.", identifier=kept.identifier))
        return
    say(stdout(), _("All that is kept of {identifier}", identifier=kept.identifier))
    _part(_("Letters, in the ledger"), kept.letters)
    _part("Requests", kept.attempts)
    _part("Decisions", kept.decisions)
    _part(
        _("Rows of checked lists"),
        (
            {"list": row.snapshot.name, "row": row.row, **row.cells, "held back": row.reasons}
            for row in kept.rows
        ),
    )
    _part("Corrections", ({"line": line} for line in kept.corrections))
    _part(_("Copies of what was sent"), map(asdict, kept.copies))
    if kept.copies:
        command = command_line("letter", path, kept.identifier)
        say(stdout(), _("To have it as it was sent, as a PDF: {command}", command=command))
    _part("This user's register", map(_with_times, kept.registered))
    _part("Files", ({"file": path} for path in kept.files))


def _part(heading: str, entries: Iterable[Mapping[str, object]]) -> None:
    there = [entry for entry in entries if entry]
    if not there:
        return
    say(stdout(), f"\n{heading}")
    for number, entry in enumerate(there):
        if number:
            say(stdout(), "")
        for name, value in entry.items():
            if value not in {None, ""}:
                say(stdout(), f"  {one_line(name)}: {one_line(_text(value))}")


def _with_times(entry: Mapping[str, object]) -> dict[str, object]:
    """With its times as times, which the register has as text."""
    return {name: _time(value) if name in _TIMES else value for name, value in entry.items()}


def _time(value: object) -> object:
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        return value


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return _("{moment:%Y-%m-%d %H:%M:%S %Z}", moment=value.astimezone())
    return str(value)

"""`batchsend preview`: the letters of some rows, to be looked at."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

import click

from batchsend.command_line import command_line
from batchsend.commands.invoking.invocation import ExitStatus
from batchsend.commands.invoking.options import ROWS, ListChoice, list_options
from batchsend.commands.printing.next_steps import Step, show_steps
from batchsend.commands.printing.output import (
    finish,
    output_options,
    remember_warning,
    say,
    stderr,
    stdout,
    warn,
)
from batchsend.errors import BatchsendError
from batchsend.language import _, ngettext
from batchsend.letters import RowSet
from batchsend.mailing import STDIN, Mailing
from batchsend.operations.periods import as_chosen
from batchsend.operations.preview import preview as preview_mailing
from batchsend.operations.preview import watch
from batchsend.previews import Preview

FAILURES_TOLD = 20


@click.command
@click.argument("mailing", type=click.Path(path_type=Path))
@list_options
@click.option("--rows", type=ROWS, help="Rows as the spreadsheet numbers them: 2,5-9.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder to write to; `preview` beside the mailing unless set.",
)
@click.option("--marks", is_flag=True, help="Draw window, margins and zones over the pictures.")
@click.option(
    "--watch", "watching", is_flag=True, help="Write them again each time a file is saved."
)
@output_options
def preview(  # noqa: PLR0917 - click passes them by name
    mailing: Path,
    chosen: ListChoice,
    rows: RowSet | None,
    out: Path | None,
    marks: bool,
    watching: bool,
) -> None:
    """Write some letters as PDF and pictures.

    An index.html lets you leaf through them.

    Nothing is sent. Without --rows, about a dozen letters that are worth looking at: the longest
    name and address, the most rows, each channel, each language. Secrets and national ids are
    masked in the requests.
    """
    loaded = chosen.of(Mailing.load(mailing))
    folder = out or loaded.folder / "preview"
    if watching:
        if loaded.list.path == STDIN:
            raise click.UsageError(_("--watch cannot see what comes from standard input change."))
        _watch(lambda: chosen.of(Mailing.load(mailing)), folder, rows, marks)
        return
    shown = preview_mailing(loaded, out=folder, rows=rows, marks=marks)
    _tell(shown)
    say(stdout(), str(shown.index))
    rehearsing = command_line("send", loaded.path, *as_chosen(loaded), "--sandbox")
    if shown.written:
        show_steps(stderr(), [Step(_("To rehearse, with nothing posted"), rehearsing)])
    facts = {
        "index": shown.index,
        "written": shown.written,
        "not_shown": [{"row": row, "reason": reason} for row, reason in shown.not_shown],
        "next": [rehearsing] if shown.written else [],
    }
    finish(ExitStatus.SOME_NOT if shown.not_shown else ExitStatus.DONE, facts)


def _watch(load: Callable[[], Mailing], out: Path, rows: RowSet | None, marks: bool) -> None:
    """Go on until Ctrl-C, which is how one ends it."""
    try:
        with closing(watch(load, out=out, rows=rows, marks=marks)) as previews:
            for shown in previews:
                if isinstance(shown, BatchsendError):
                    say(stderr(), f"{datetime.now():%H:%M:%S} {shown}", style="red")
                    continue
                _tell_failures(shown)
                written = ngettext(
                    "{number:,} letter written to {index}",
                    "{number:,} letters written to {index}",
                    shown.written,
                    index=shown.index,
                )
                say(stdout(), f"{datetime.now():%H:%M:%S} {written}")
    except KeyboardInterrupt:
        say(stderr(), _("No longer watching."))


def _tell(shown: Preview) -> None:
    """Which letters these are, and what is worth knowing of them."""
    for letter in shown.letters:
        about = list(letter.why)
        if letter.warnings:
            about.append(
                ngettext("{number:,} warning", "{number:,} warnings", len(letter.warnings))
            )
        for warning in letter.warnings:
            remember_warning(f"Row {letter.row}: {warning}")
        if about and not letter.error:
            say(stderr(), _("Row {row}: {about}", row=letter.row, about=", ".join(about)))
    _tell_failures(shown)
    say(
        stderr(),
        ngettext(
            "{number:,} letter written. Open this in a browser:",
            "{number:,} letters written. Open this in a browser:",
            shown.written,
        ),
    )


def _tell_failures(shown: Preview) -> None:
    for row, reason in shown.not_shown[:FAILURES_TOLD]:
        warn(_("Row {row} makes no letter: {reason}", row=row, reason=reason), style="red")
    more = len(shown.not_shown) - FAILURES_TOLD
    if more > 0:
        warn(
            ngettext(
                "… and {number:,} row more; `batchsend check` names them.",
                "… and {number:,} rows more; `batchsend check` names them.",
                more,
            ),
            style="red",
        )

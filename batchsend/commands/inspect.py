"""`batchsend inspect`: how a list is read."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

import click
import polars as pl
from rich.table import Table

from batchsend.commands.invoking.invocation import ExitStatus, output_mode
from batchsend.commands.invoking.reading_options import list_settings, reading_options
from batchsend.commands.printing.before_sending import show_skips
from batchsend.commands.printing.output import (
    facts,
    finish,
    one_line,
    output_options,
    print_table,
    problems_table,
    say,
    stderr,
    stdout,
)
from batchsend.language import _, ngettext
from batchsend.lists import LEFT_OUT, RecipientList, holds_national_ids, read_list, texts_of
from batchsend.masking import masked, masked_where_valid
from batchsend.scratch import ScratchFolder
from batchsend.starter import Skip, proposed_skips

SAMPLE = 5
ROWS_AT_ONCE = 20_000


@click.command
@click.argument("list_path", metavar="LIST", type=click.Path(path_type=Path, allow_dash=True))
@reading_options
@click.option("--csv", "as_csv", is_flag=True, help="Print every row as UTF-8 CSV instead.")
@output_options
def inspect(list_path: Path, reading: dict[str, object], as_csv: bool) -> None:
    """Show how a list is read.

    Its kind, encoding, headings and rows.

    LIST is a CSV file or a workbook; `-` reads text from standard input.
    """
    if as_csv and output_mode().as_json:
        raise click.UsageError(_("--csv and --json are two ways to print it; choose one."))
    settings = list_settings({"path": list_path, **reading})
    with ScratchFolder() as workspace:
        recipients = read_list(settings, folder=Path(), workspace=workspace)
        if as_csv:
            _print_csv(recipients)
        else:
            _describe(recipients)
        _tell(recipients)
        skips = () if as_csv else proposed_skips(recipients)
        show_skips(skips)
        for skip in skips:
            setting = json.dumps(skip.expression, ensure_ascii=False)
            say(stderr(), _("To leave them out, under [list]: skip = {setting}", setting=setting))
        _tell_of_corrections(list_path)
        finish(ExitStatus.DONE, _facts(recipients, skips))


def _tell_of_corrections(list_path: Path) -> None:
    """A list is shown as it is; a mailing beside it may have corrections."""
    for path in sorted(list_path.absolute().parent.glob("*corrections.jsonl")):
        say(
            stderr(),
            _("{name} beside this list may correct it; it is shown without that.", name=path.name),
        )


def _print_csv(recipients: RecipientList) -> None:
    out = _utf8_stdout()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["row", *(column.heading for column in recipients.columns)])
    for batch in recipients.rows.collect_batches(chunk_size=ROWS_AT_ONCE):
        texts = texts_of(batch, recipients.columns)
        writer.writerows((row, *cells) for row, cells in zip(batch["row"], texts, strict=True))
    out.flush()


def _utf8_stdout() -> TextIO:
    # A Windows console's own code page cannot write every name there is.
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", newline="")
    return sys.stdout


def _facts(recipients: RecipientList, skips: Sequence[Skip]) -> dict[str, object]:
    return {
        "list": recipients.path,
        "findings": dict(recipients.findings),
        "columns": [
            {"heading": column.heading, "name": column.name} for column in recipients.columns
        ],
        "rows": _rows(recipients) if output_mode().as_json else None,
        "problems": recipients.problems.to_dicts(),
        "proposed_skips": [
            {"heading": each.column.heading, "skip": each.expression, "rows": each.rows}
            for each in skips
        ],
        "left_out": recipients.left_out.select(LEFT_OUT.names()).to_dicts(),
        "notes": recipients.notes,
    }


def _rows(recipients: RecipientList) -> int:
    return int(recipients.rows.select(pl.len()).collect().item())


def _describe(recipients: RecipientList) -> None:
    console = stdout()
    rows = _rows(recipients)
    facts(
        console,
        {
            "file": str(recipients.path),
            **recipients.findings,
            "columns": str(len(recipients.columns)),
            "rows": f"{rows:,}",
        },
    )
    columns = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in (
        _("Column"),
        _("Named in templates"),
        *([_("First rows")] if rows else []),
    ):
        columns.add_column(heading, overflow="fold")
    sample = (
        recipients.rows.head(SAMPLE)
        .collect()
        .with_columns(column.shown.alias(column.key) for column in recipients.columns)
    )
    for column in recipients.columns:
        mask = masked if holds_national_ids(column) else masked_where_valid
        cells = " | ".join(mask(cell) for cell in sample[column.key] if cell)
        columns.add_row(one_line(column.heading or _("(no heading)")), column.name, one_line(cells))
    console.print()
    print_table(console, columns)


def _tell(recipients: RecipientList) -> None:
    if recipients.notes:
        say(stderr(), " ".join(recipients.notes))
    if recipients.problems.height:
        say(
            stderr(),
            ngettext(
                "{number:,} problem in reading:",
                "{number:,} problems in reading:",
                recipients.problems.height,
            ),
        )
        problems_table(stderr(), recipients.problems)

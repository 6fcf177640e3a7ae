"""What has to be corrected: written for a person, and read again once it is.

Nobody's corrections are ever written over: a workbook that has been saved since is left alone.
"""

from __future__ import annotations

import glob
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import polars as pl

from batchsend.errors import ReportError
from batchsend.language import _
from batchsend.ledger import STANDING
from batchsend.letters import Checked, Snapshot
from batchsend.lists import ListSettings, RecipientList, read_list
from batchsend.mailing import Mailing
from batchsend.reports import (
    MOST_WRITTEN,
    NeedsAttention,
    RowsReport,
    is_reasons,
    is_untouched,
    needs_attention,
    rows_report,
)
from batchsend.text import column_name


@dataclass(frozen=True, slots=True)
class ToCorrect:
    """A needs-attention workbook."""

    path: Path | None
    """Where it is; None where there was nothing to write, or no writing it."""
    rows: int
    """Rows that need correcting."""
    not_written: str = ""
    """Why it could not be written, in a sentence; empty when it was."""

    @property
    def left_out(self) -> int:
        """Rows that a workbook could not take."""
        return max(0, self.rows - MOST_WRITTEN)


def write_held(path: Path, checked: Checked) -> ToCorrect:
    """Write the rows that a check has held back to `path`; an old one goes where there are none.

    Raises ReportError, also where there is a file that this may not write over.
    """
    if path.exists() and not is_untouched(path):
        raise ReportError(
            _(
                "{path} was not written by batchsend, or has been saved since, and is not changed.",
                path=path,
            ),
            hint=_("Name another file."),
        )
    nothing_sent = rows_report(checked.snapshot, STANDING.to_frame(), complete=False)
    attention = needs_attention(checked.snapshot, nothing_sent, checked.snapshot.faults())
    if attention.rows:
        attention.write(path)
    else:
        _remove(path)
    return ToCorrect(path if attention.rows else None, attention.rows)


def write_beside(report: Path, mailing: Mailing, snapshot: Snapshot, rows: RowsReport) -> ToCorrect:
    """Write what came back of a run beside its report, under a name that is free."""
    attention = needs_attention(snapshot, rows, snapshot.faults())
    usual = report.parent / mailing.needs_attention
    try:
        return ToCorrect(_write_anew(usual, attention), attention.rows)
    except ReportError as error:
        return ToCorrect(None, attention.rows, str(error))


def _write_anew(usual: Path, attention: NeedsAttention) -> Path | None:
    """Write it to the first place that is free or has an untouched one; the others of those go."""
    place = _free(usual)
    if attention.rows:
        attention.write(place)
    for old in _untouched(usual):
        if not (attention.rows and old == place):
            _remove(old)
    return place if attention.rows else None


def place_to_correct(mailing: Mailing) -> Path:
    """A workbook beside the mailing that its rows can be written to, none of it anybody's work."""
    return _free(mailing.folder / mailing.needs_attention)


def _free(usual: Path) -> Path:
    return next(each for each in _places(usual) if not each.exists() or is_untouched(each))


def _places(usual: Path) -> Iterator[Path]:
    yield usual
    yield from (usual.with_stem(f"{usual.stem}-{number}") for number in count(2))


def _untouched(usual: Path) -> list[Path]:
    numbered = re.compile(rf"{re.escape(usual.stem)}(-\d+)?")
    return [
        path
        for path in usual.parent.glob(f"{glob.escape(usual.stem)}*{usual.suffix}")
        if numbered.fullmatch(path.stem) and is_untouched(path)
    ]


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise ReportError(
            _(
                "{path} is out of date and cannot be removed: {strerror}.",
                path=path,
                strerror=error.strerror,
            )
        ) from error


def read_recipients(settings: ListSettings, *, folder: Path, workspace: Path) -> RecipientList:
    """Read a list as `read_list` does, but for the column that a needs-attention workbook adds."""
    recipients = read_list(settings, folder=folder, workspace=workspace)
    if not any(is_reasons(column.heading) for column in recipients.columns):
        return recipients
    if settings.footer_rows is None and settings.path != Path("-"):
        # All its rows were recipients, even one that looks like a footer.
        every = settings.model_copy(update={"footer_rows": 0})
        recipients = read_list(every, folder=folder, workspace=workspace)
    return _without_reasons(recipients)


def _without_reasons(recipients: RecipientList) -> RecipientList:
    old = [column for column in recipients.columns if not is_reasons(column.heading)]
    columns = tuple(
        replace(column, index=at, name=column_name(column.heading) or f"column_{at + 1}")
        for at, column in enumerate(old)
    )
    cells = [pl.col(was.key).alias(now.key) for was, now in zip(old, columns, strict=True)]
    cells += [
        pl.col(was.shown_key).alias(now.shown_key)
        for was, now in zip(old, columns, strict=True)
        if was.formatted
    ]
    left = [column.heading for column in recipients.columns if is_reasons(column.heading)]
    return replace(
        recipients,
        columns=columns,
        rows=recipients.rows.select("row", *cells),
        problems=recipients.problems.filter(~pl.col("column").is_in(left)),
    )

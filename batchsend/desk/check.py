"""Screen 5, the check: what is wrong, grouped by its cause, and each letter that is ready."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from batchsend.desk.folder import mailing_at
from batchsend.desk.forms import asked, field, number
from batchsend.desk.seams import Cell, correct_cells
from batchsend.desk.sender import must_have_sender
from batchsend.desk.view import busy, go_to, page
from batchsend.desk.work import CheckedList, work_of
from batchsend.errors import BatchsendError
from batchsend.language import _
from batchsend.operations.check_pages import check_pages
from batchsend.operations.needs_attention import place_to_correct

GROUPS = 100
"""Causes on a page; a list that has more has one that makes them all."""
ROWS = 25


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing that is wrong, in however many rows."""

    column: str
    message: str
    held: bool
    rows: int
    first: list[tuple[int, str]]
    """The first rows and what stands in them."""


def _check(request: Request) -> Response:
    mailing = mailing_at(request)
    try:
        must_have_sender(mailing)
        ready = work_of(request).check(mailing)
    except BatchsendError as error:
        return page(request, "check_stopped.html", mailing=mailing, status=422, error=error)
    if ready is None:
        return busy(request, mailing, _("Every row is being checked …"))
    checked = ready.checked
    causes = _causes(checked.problems, number(asked(request, "all")))
    return page(
        request,
        "check.html",
        mailing=mailing,
        checked=checked,
        to_look_at=[cause for cause in causes if cause.held],
        warned=[cause for cause in causes if not cause.held],
        notes=checked.notes,
        left_out=checked.snapshot.left_out.height,
        rows_shown=ROWS,
        can_correct=correct_cells is not None,
        named=_named(ready, causes),
    )


def _causes(problems: pl.DataFrame, whole: int) -> list[Cause]:
    """By cause, those that hold rows back first, then the most frequent."""
    most = ROWS if not whole else ROWS * 40
    grouped = (
        problems.group_by("severity", "column", "message")
        .agg(
            rows=pl.len(),
            first=pl.struct("row", "value").sort_by("row").head(most),
        )
        .sort("severity", "rows", "column", "message", descending=[False, True, False, False])
        .head(GROUPS)
    )
    return [
        Cause(
            column,
            message,
            severity == "error",
            rows,
            [(each["row"], each["value"]) for each in first],
        )
        for severity, column, message, rows, first in grouped.iter_rows()
    ]


def _named(ready: CheckedList, causes: list[Cause]) -> dict[int, str]:
    """Who is in the rows that are shown, as far as their letters or cells say."""
    rows = [row for cause in causes for row, _ in cause.first]
    frame = ready.checked.snapshot.frame.filter(pl.col("row").is_in(rows))
    columns = [
        c for c in ready.checked.snapshot.columns if c.key not in ready.checked.snapshot.sensitive
    ]
    shown = frame.select(
        "row", *(column.shown.alias(column.key) for column in columns[:4])
    ).collect()
    return {row: " · ".join(cell for cell in cells if cell) for row, *cells in shown.iter_rows()}


def _correct(request: Request) -> Response:
    mailing = mailing_at(request)
    if Cell is None or correct_cells is None:
        raise HTTPException(404)
    cell = Cell(number(field(request, "row")), field(request, "column"), field(request, "value"))
    correct_cells(mailing, [cell])
    return go_to(request, mailing, "check")


def _workbook(request: Request) -> Response:
    mailing = mailing_at(request)
    to_correct = check_pages(mailing, workbook=place_to_correct(mailing), seconds=0).to_correct
    if to_correct is None or to_correct.path is None:
        return go_to(request, mailing, "check")
    return FileResponse(to_correct.path, filename=to_correct.path.name)


routes = [
    Route("/mailing/{mailing:path}/check", _check),
    Route("/mailing/{mailing:path}/check/correct", _correct, methods=["POST"]),
    Route("/mailing/{mailing:path}/check/workbook", _workbook, methods=["POST"]),
]

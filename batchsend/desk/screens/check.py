"""Screen 5, the check: what is wrong, grouped by its cause, and each letter that is ready."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from batchsend.desk.folder import mailing_at
from batchsend.desk.forms import asked, field, number
from batchsend.desk.screens.letter.sender import must_have_sender
from batchsend.desk.screens.new_mailing import MOST, said, too_large
from batchsend.desk.screens.rows_twice import rows_twice
from batchsend.desk.view import address, busy, go_to, page, without_commands
from batchsend.desk.work import CheckedList, work_of
from batchsend.errors import BatchsendError
from batchsend.language import _
from batchsend.letters import Checked, Sharing
from batchsend.mailing import Mailing
from batchsend.operations.check import notes_of_letter
from batchsend.operations.correct import (
    Cell,
    Corrected,
    correct_cells,
    take_workbook,
    take_workbooks,
    undo,
)
from batchsend.operations.looking.letter_troubles import without_folders
from batchsend.operations.mailing_list.corrected import untaken
from batchsend.operations.needs_attention import place_to_correct, write_held
from batchsend.scratch import ScratchFolder
from batchsend.web import TooLargeError, name_of_upload, save_upload

GROUPS = 100
"""Causes on a page; a list that has more has one that makes them all."""
ROWS = 25
CORRECTIONS = 100
ROWS_TOGETHER = 1_000
"""Rows of one letter for which there are buttons."""


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing that is wrong, in however many rows."""

    column: str
    message: str
    held: bool
    rows: int
    first: list[tuple[int, str]]
    """The first rows and what stands in them."""
    cures: tuple[Corrected, ...]
    """Those that its cells have, where there is only one answer."""
    twice: Sharing | None = None
    """The rows, where they would be one letter twice."""


def _check(request: Request) -> Response:
    mailing = mailing_at(request)
    try:
        must_have_sender(mailing)
        ready = work_of(request).check(mailing)
        letters = work_of(request).first_letters(ready) if ready else None
    except BatchsendError as error:
        return page(request, "check_stopped.html", mailing=mailing, status=422, error=error)
    if ready is None:
        return busy(request, mailing, _("Every row is being checked …"))
    if letters is None:
        return busy(request, mailing, _("The letters are being made ready …"))
    checked = ready.checked
    of_letter = notes_of_letter(checked, mailing, ready.templates)
    causes = _causes(ready, number(asked(request, "all")))
    return page(
        request,
        "check.html",
        mailing=mailing,
        checked=checked,
        to_look_at=[cause for cause in causes if cause.held],
        warned=[cause for cause in causes if not cause.held],
        wrong_pages=[each for each in letters if each.printed.error],
        of_letter=[without_folders(note, mailing) for note in of_letter],
        of_list=[note for note in checked.notes if note not in of_letter],
        left_out=checked.snapshot.left_out.height,
        rows_shown=ROWS,
        headings={column.heading for column in checked.snapshot.columns},
        named=_named(ready, causes),
        cells=_cells(ready, causes),
        taken=work_of(request).taken.get(mailing.path) if asked(request, "entered") else None,
        beside=[path.name for path in untaken(mailing)],
        corrections=ready.corrections,
        corrections_shown=CORRECTIONS,
        drop_to=address(request, mailing, "check/taken"),
        drop_most=MOST,
        drop_title=_("Drop the corrected workbook here"),
    )


def _causes(ready: CheckedList, whole: int) -> list[Cause]:
    """By cause, those that hold rows back first, then the most frequent."""
    most = ROWS if not whole else ROWS * 40
    problems = _still_to_say(ready.checked)
    cures = pl.DataFrame(
        [(cure.row, cure.column, at) for at, cure in enumerate(ready.cures)],
        schema={"row": pl.UInt32(), "column": pl.String(), "cure": pl.UInt32()},
        orient="row",
    )
    grouped = (
        problems.join(cures, on=["row", "column"], how="left")
        .group_by("severity", "column", "message")
        .agg(
            rows=pl.len(),
            first=pl.struct("row", "value").sort_by("row").head(most),
            cures=pl.col("cure").drop_nulls().sort(),
            all_rows=pl.col("row").head(ROWS_TOGETHER),
        )
        .sort("severity", "rows", "column", "message", descending=[False, True, False, False])
        .head(GROUPS)
    )
    shared = {each.rows: each for each in rows_twice(ready)} if ready.checked.held else {}
    return [
        Cause(
            column,
            message,
            severity == "error",
            rows,
            [(each["row"], each["value"]) for each in first],
            tuple(ready.cures[at] for at in found),
            shared.get(tuple(sorted(all_rows))) if severity == "error" and column else None,
        )
        for severity, column, message, rows, first, found, all_rows in grouped.iter_rows()
    ]


def _still_to_say(checked: Checked) -> pl.DataFrame:
    """The problems without the warnings of rows that get no letter as they are: what is wrong there
    comes first, and is all that is said of the cell."""
    if not checked.held:
        return checked.problems
    held = checked.snapshot.frame.filter("held").select("row").collect(engine="streaming")["row"]
    warned = pl.col("severity") == "warning"
    return checked.problems.filter(~(warned & pl.col("row").is_in(held.implode())))


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


def _cells(ready: CheckedList, causes: list[Cause]) -> dict[tuple[int, str], str]:
    """What stands in the cells that can be corrected, by row and heading, where a problem says
    only a part of one: what is typed takes the place of the whole cell."""
    snapshot = ready.checked.snapshot
    named = {cause.column for cause in causes}
    columns = [
        column
        for column in snapshot.columns
        if column.heading in named and column.key not in snapshot.sensitive
    ]
    rows = [row for cause in causes for row, _ in cause.first]
    shown = snapshot.frame.filter(pl.col("row").is_in(rows)).select(
        "row", *(column.shown.alias(column.key) for column in columns)
    )
    return {
        (row, column.heading): cell
        for row, *found in shown.collect(engine="streaming").iter_rows()
        for column, cell in zip(columns, found, strict=True)
    }


def _correct(request: Request) -> Response:
    mailing = mailing_at(request)
    cell = Cell(number(field(request, "row")), field(request, "column"), field(request, "value"))
    work_of(request).taken[mailing.path] = correct_cells(mailing, [cell])
    return go_to(request, mailing, "check?entered=1")


def _cure(request: Request) -> Response:
    """Enter every cure of a cause that has only one answer, as many as the page said."""
    mailing = mailing_at(request)
    ready = work_of(request).checked(mailing)
    cause, expected = field(request, "cause"), number(field(request, "expected"))
    found = [each.cures for each in _causes(ready, 0) if f"{each.column}: {each.message}" == cause]
    cures = found[0] if found else ()
    if cures and len(cures) == expected:
        cells = [Cell(cure.row, cure.column, cure.now) for cure in cures]
        work_of(request).taken[mailing.path] = correct_cells(mailing, cells)
    return go_to(request, mailing, "check?entered=1")


def _undo(request: Request) -> Response:
    """Take back what was entered together last, or what is corrected in a row."""
    mailing = mailing_at(request)
    row = number(field(request, "row")) or None
    work_of(request).taken[mailing.path] = undo(mailing, row=row)
    return go_to(request, mailing, "check?entered=1")


def _workbook(request: Request) -> Response:
    mailing = mailing_at(request)
    ready = work_of(request).checked(mailing)
    written = write_held(place_to_correct(mailing), mailing, ready.checked)
    if written.path is None:
        return go_to(request, mailing, "check")
    return FileResponse(written.path, filename=f"{mailing.folder.name} {written.path.name}")


async def _dropped(request: Request) -> Response:
    """A corrected workbook that was dropped."""
    mailing, name = mailing_at(request), name_of_upload(request)
    with ScratchFolder() as private:
        try:
            if not await save_upload(request, private / name, most=MOST) or name.startswith("~$"):
                return said(_("This is not the workbook: save and close it in Excel, and drop it."))
            taken = await run_in_threadpool(take_workbook, mailing, private / name)
        except TooLargeError:
            return too_large()
        except BatchsendError as error:
            return said(error.message, *without_commands(error.hint))
    work_of(request).taken[mailing.path] = taken
    return JSONResponse({"go": address(request, mailing, "check?entered=1")})


def _beside(request: Request) -> Response:
    """Take the workbooks that somebody has corrected beside the list."""
    mailing: Mailing = mailing_at(request)
    for taken in take_workbooks(mailing):
        work_of(request).taken[mailing.path] = taken
    return go_to(request, mailing, "check?entered=1")


routes = [
    Route("/mailing/{mailing:path}/check", _check),
    Route("/mailing/{mailing:path}/check/correct", _correct, methods=["POST"]),
    Route("/mailing/{mailing:path}/check/cure", _cure, methods=["POST"]),
    Route("/mailing/{mailing:path}/check/undo", _undo, methods=["POST"]),
    Route("/mailing/{mailing:path}/check/workbook", _workbook, methods=["POST"]),
    Route("/mailing/{mailing:path}/check/taken", _dropped, methods=["POST"]),
    Route("/mailing/{mailing:path}/check/beside", _beside, methods=["POST"]),
]

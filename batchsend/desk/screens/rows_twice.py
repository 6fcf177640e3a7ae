"""Rows that would be one letter twice: the ways out of it, each with its button on the check."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from batchsend.desk.folder import mailing_at
from batchsend.desk.forms import field, number
from batchsend.desk.leaving_out import only_row
from batchsend.desk.screens.your_list import leave_out_by
from batchsend.desk.settings_file import Keys, change
from batchsend.desk.view import go_to
from batchsend.desk.work import CheckedList, work_of
from batchsend.letters import Sharing, sharing
from batchsend.starter import name_of

MOST = 100
"""Letters whose rows are looked at; the others come up once these are mended."""


def rows_twice(ready: CheckedList) -> list[Sharing]:
    """The rows of a checked list that would be one letter twice."""
    mailing = ready.mailing
    return sharing(
        ready.checked.snapshot,
        mailing.payload,
        mailing.checks.country,
        grouped=bool(mailing.list.group_by),
        most=MOST,
    )


def _mended(request: Request) -> Response:
    """Make one letter of the rows, or leave one of them out, as the check knows them now."""
    mailing = mailing_at(request)
    ready = work_of(request).checked(mailing)
    row, way = number(field(request, "row")), field(request, "way")
    found = next((each for each in rows_twice(ready) if row in each.rows), None)
    values: dict[Keys, object] = {}
    if found is not None and way == "one" and found.group_by:
        values["list", "group_by"] = list(found.group_by)
    elif found is not None and way == "copies" and found.copies:
        values["list", "copies"] = "skip"
    if values:
        change(mailing.path, values)
    elif found is not None and way == "out" and row in found.apart:
        cells = [(name_of(column), cell) for column, cell in found.apart[row]]
        leave_out_by(mailing, [*mailing.list.skips, only_row(cells)])
    return go_to(request, mailing, "check")


routes = [Route("/mailing/{mailing:path}/check/twice", _mended, methods=["POST"])]

"""Screen 2, your list: the sheet with its row numbers, and what is taken for a recipient."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from batchsend.desk.folder import mailing_at, path_at
from batchsend.desk.forms import asked, field, number
from batchsend.desk.settings_file import Keys, change
from batchsend.desk.sheet import SheetView
from batchsend.desk.view import busy, go_to, page
from batchsend.desk.work import work_of
from batchsend.language import _
from batchsend.mailing import Mailing
from batchsend.starter import Mapped, mapped_of

AT_ONCE = 60
SEPARATORS = {";": ";", ",": ",", "tab": "tab", "|": "|"}
INVOICEE = ("payload", "Letter", "Invoicee")


def _list(request: Request) -> Response:
    mailing = mailing_at(request)
    view = work_of(request).sheet(mailing)
    if view is None:
        return busy(request, mailing, _("The list is being read …"))
    rows, recipients = view.count()
    first = min(number(asked(request, "from")), max(0, rows - 1))
    lines = list(view.lines(first, AT_ONCE))
    return page(
        request,
        "list.html",
        mailing=mailing,
        file=mailing.list.path.name,
        view=view,
        lines=lines,
        width=len(view.grid.columns),
        rows=rows,
        recipients=recipients,
        first=first,
        step=AT_ONCE,
        chosen=mailing.list,
        separators=SEPARATORS,
        is_text="separator" in view.grid.findings,
        notes=view.recipients.notes if view.recipients else (),
    )


def _read_so(request: Request) -> Response:
    """Another sheet, heading row or separator: the columns are looked for again in it."""
    path = path_at(request)
    values: dict[Keys, object] = {}
    for name in ("sheet", "separator"):
        if name in request.state.form:
            values["list", name] = field(request, name) or None
    if "header_row" in request.state.form:
        values["list", "header_row"] = number(field(request, "header_row")) or None
    if "hidden" in request.state.form:
        values["list", "hidden"] = "read" if field(request, "hidden") == "read" else None
    if "footer_rows" in request.state.form:
        values["list", "footer_rows"] = number(field(request, "footer_rows"))
    mailing = change(path, values)
    if values.keys() & {("list", "sheet"), ("list", "separator"), ("list", "header_row")}:
        _find_columns(request, mailing)
    return go_to(request, mailing, "list")


def _find_columns(request: Request, mailing: Mailing) -> None:
    view: SheetView | None = None
    while view is None:
        view = work_of(request).sheet(mailing)
    if view.recipients is not None:
        change(mailing.path, found_columns(mapped_of(mailing.folder.name, view.recipients)))


def found_columns(mapped: tuple[Mapped, ...]) -> dict[Keys, object]:
    """What was found, as mailing.toml has it."""
    identifier, *recipient = mapped
    return {
        ("payload", "Letter", "Identifier"): identifier.text,
        **{(*INVOICEE, each.field): each.text for each in recipient},
    }


routes = [
    Route("/mailing/{mailing:path}/list", _list),
    Route("/mailing/{mailing:path}/list/reading", _read_so, methods=["POST"]),
]

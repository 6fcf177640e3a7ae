"""Screen 2, your list: the sheet with its row numbers, and what is taken for a recipient."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from batchsend.desk.columns import shown
from batchsend.desk.folder import mailing_at, path_at
from batchsend.desk.forms import asked, field, number
from batchsend.desk.leaving_out import cells_named, with_one, without_one
from batchsend.desk.settings_file import Keys, change
from batchsend.desk.sheet import SheetView
from batchsend.desk.view import busy, go_to, page
from batchsend.desk.work import waited_for, work_of
from batchsend.errors import SettingsError
from batchsend.language import _, ngettext
from batchsend.mailing import Mailing
from batchsend.starter import Mapped, Skip, mapped_of, name_of

AT_ONCE = 60
NAMED = 8
"""Rows that are named one by one."""
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
        hidden=view.hidden(),
        recipients=recipients,
        first=first,
        step=AT_ONCE,
        chosen=mailing.list,
        separators=SEPARATORS,
        is_text="separator" in view.grid.findings,
        notes=view.recipients.notes if view.recipients else (),
        proposed=[each for each in view.proposed if not _said(mailing, each)],
        skips=_in_force(mailing, view),
        together=_headings(mailing.list.group_by, view),
    )


def _said(mailing: Mailing, proposed: Skip) -> bool:
    """Whether the mailing says so already, perhaps but for rows that were taken in."""
    said = proposed.expression.removeprefix("{{").removesuffix("}}").strip()
    return any(said in skip for skip in mailing.list.skips)


def _in_force(mailing: Mailing, view: SheetView) -> list[tuple[int, str]]:
    """What leaves rows out on purpose: its place under `skip`, and that in a sentence."""
    known = view.with_skipped.columns if view.with_skipped else ()
    columns = {name_of(column): shown(column) for column in known}
    rows = {each.expression: each.rows for each in view.proposed}
    return [
        (at, _in_words(skip, columns, rows.get(skip, ())))
        for at, skip in enumerate(mailing.list.skips)
    ]


def _in_words(skip: str, columns: Mapping[str, str], rows: Sequence[int]) -> str:
    if cells := cells_named(skip):
        said = ", ".join(f"{columns.get(name, name)} “{cell}”" for name, cell in cells)
        return _("A row is left out that you chose: {said}.", said=said)
    column = next((title for name, title in columns.items() if name in skip), skip)
    if rows:
        return ngettext(
            "{number} row is left out by what {column} says (row {rows}).",
            "{number} rows are left out by what {column} says (rows {rows}).",
            len(rows),
            column=column,
            rows=", ".join(map(str, rows[:NAMED])) + (", …" if len(rows) > NAMED else ""),
        )
    return _("Rows are left out by what {column} says.", column=column)


def _headings(names: Sequence[str], view: SheetView) -> str:
    """What a person calls the columns by which rows are put together into one letter."""
    known = view.with_skipped.columns if view.with_skipped else ()
    columns = {name_of(column): shown(column) for column in known}
    return ", ".join(columns.get(name, name) for name in names)


def _row(request: Request) -> Response:
    """Leave a row out, or take it in."""
    mailing = mailing_at(request)
    view, row = _view(request, mailing), number(field(request, "row"))
    cell = view.key_of(row)
    if cell is None or view.key is None:
        raise SettingsError(
            _("No column tells row {row} from all others, so it cannot be named.", row=row),
            hint=_("Add a column to your list that is different in every row."),
        )
    told = with_one if field(request, "take") == "in" else without_one
    leave_out_by(mailing, told(mailing.list.skips, name_of(view.key), cell))
    return go_to(request, mailing, f"list?from={number(field(request, 'from'))}")


def _proposed(request: Request) -> Response:
    """Leave out what the list seems to say, or take back what leaves rows out."""
    mailing = mailing_at(request)
    skips = list(mailing.list.skips)
    if "undo" in request.state.form:
        at = number(field(request, "undo"), len(skips))
        leave_out_by(mailing, [each for place, each in enumerate(skips) if place != at])
    else:
        expressions = [each.expression for each in _view(request, mailing).proposed]
        if (expression := field(request, "expression")) in expressions:
            leave_out_by(mailing, [*skips, expression])
    return go_to(request, mailing, "list")


def leave_out_by(mailing: Mailing, skips: list[str]) -> None:
    """Say in mailing.toml which rows are left out on purpose."""
    change(mailing.path, {("list", "skip"): skips[0] if len(skips) == 1 else skips or None})


def _view(request: Request, mailing: Mailing) -> SheetView:
    return waited_for(lambda: work_of(request).sheet(mailing))


def _read_so(request: Request) -> Response:
    """Another sheet, heading row or separator: the columns are looked for again in it."""
    path = path_at(request)
    values: dict[Keys, object] = {}
    for name in ("sheet", "separator"):
        if name in request.state.form:
            values["list", name] = field(request, name) or None
    if "header_row" in request.state.form:
        values["list", "header_row"] = number(field(request, "header_row")) or None
    if "copies" in request.state.form:
        values["list", "copies"] = None
    if "group_by" in request.state.form:
        values["list", "group_by"] = None
    if "hidden" in request.state.form:
        values["list", "hidden"] = "read" if field(request, "hidden") == "read" else None
    if "footer_rows" in request.state.form:
        values["list", "footer_rows"] = number(field(request, "footer_rows"))
    mailing = change(path, values)
    if values.keys() & {("list", "sheet"), ("list", "separator"), ("list", "header_row")}:
        _find_columns(request, mailing)
    return go_to(request, mailing, "list")


def _find_columns(request: Request, mailing: Mailing) -> None:
    view = _view(request, mailing)
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
    Route("/mailing/{mailing:path}/list/row", _row, methods=["POST"]),
    Route("/mailing/{mailing:path}/list/skip", _proposed, methods=["POST"]),
]

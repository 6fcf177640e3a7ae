"""Screen 11, tidy: what personal data lies where, and the old of it removed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from batchsend.desk.folder import mailing_at
from batchsend.desk.forms import field, number
from batchsend.desk.view import page
from batchsend.errors import LedgerError
from batchsend.mailing import Mailing
from batchsend.operations.purge import Cleared, purge, purge_plan

DAYS = 90
SHOWN = 200
FEW = 5
"""Files of a folder that are named one by one."""


def _tidy(request: Request, cleared: Cleared | None = None) -> Response:
    mailing = mailing_at(request)
    sent = request.state.form if request.method == "POST" else request.query_params
    days = number(_last(sent, "days"), DAYS)
    reports = _last(sent, "reports") == "too"
    before = datetime.now(UTC) - timedelta(days=days)
    try:
        planned = purge_plan(mailing, before, reports=reports)
    except LedgerError:
        return page(request, "tidy_none.html", mailing=mailing)
    return page(
        request,
        "tidy.html",
        mailing=mailing,
        days=days,
        reports=reports,
        going=_together(mailing, ((path, "") for path in planned.goes))[:SHOWN],
        most=SHOWN,
        going_count=len(planned.goes),
        staying=_together(mailing, ((each.path, each.why) for each in planned.stays))[:SHOWN],
        cleared=cleared,
    )


def _together(mailing: Mailing, files: Iterable[tuple[Path, str]]) -> list[tuple[str, int, str]]:
    """Each file with why; of more than a few in one folder, the folder, how many and why."""
    folders: dict[tuple[Path, str], list[Path]] = {}
    for path, why in files:
        folders.setdefault((path.parent, why), []).append(path)
    shown: list[tuple[str, int, str]] = []
    for (folder, why), paths in folders.items():
        if len(paths) > FEW and folder != mailing.folder:
            shown.append((f"{_named(mailing, folder)}/", len(paths), why))
        else:
            shown += [(_named(mailing, path), 1, why) for path in paths]
    return shown


def _last(sent: Mapping[str, str] | Mapping[str, list[str]], name: str) -> str:
    found = sent.get(name) or ""
    return found if isinstance(found, str) else found[-1]


def _named(mailing: Mailing, path: Path) -> str:
    return (
        str(path.relative_to(mailing.folder)) if path.is_relative_to(mailing.folder) else str(path)
    )


def _clear(request: Request) -> Response:
    mailing = mailing_at(request)
    before = datetime.now(UTC) - timedelta(days=number(field(request, "days"), DAYS))
    cleared = purge(mailing, before, reports=field(request, "reports") == "too")
    return _tidy(request, cleared)


routes = [
    Route("/mailing/{mailing:path}/tidy", _tidy),
    Route("/mailing/{mailing:path}/tidy/clear", _clear, methods=["POST"]),
]

"""Screen 8, under way: how a run goes. Closing the page stops nothing."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from batchsend.desk.folder import mailing_at, path_at
from batchsend.desk.forms import asked
from batchsend.desk.running import Running
from batchsend.desk.said_again import said_again
from batchsend.desk.view import go_to, page
from batchsend.desk.work import work_of
from batchsend.language import _, current_language, ngettext, speaking
from batchsend.mailing import Mailing
from batchsend.operations.history.runs import run_elsewhere
from batchsend.web import events

MINUTE = 60


def _under_way(request: Request) -> Response:
    mailing = mailing_at(request)
    run = work_of(request).run(mailing)
    if run is None or not run.under_way:
        elsewhere = run_elsewhere(mailing)
        if elsewhere is not None:
            return page(request, "under_way_elsewhere.html", mailing=mailing, run=elsewhere)
    if run is None:
        return go_to(request, mailing, "receipt" if asked(request, "seen") else "send")
    return page(request, "under_way.html", mailing=mailing, run=run, said=_said(run), sent=run.sent)


async def _told(request: Request) -> Response:
    path, work, language = path_at(request), work_of(request), current_language()

    def news() -> dict[str, Any] | None:
        run = work.run_at(path)
        if run is None or not run.under_way:
            return None
        with speaking(language):
            return {"done": run.done, "total": run.total, **_said(run)}

    return events(request, news)


def _said(run: Running) -> dict[str, str]:
    """How it goes, in words."""
    return {
        "count": _count(run),
        "left": _left(run),
        "notice": said_again(run.notices[-1]) if run.notices else "",
    }


def _count(run: Running) -> str:
    return ngettext(
        "{done} of {number} letter", "{done} of {number} letters", run.total, done=run.done
    )


def _left(run: Running) -> str:
    if run.stopping:
        return _("Stopping: the letters under way are waited for.")
    seconds = run.seconds_left
    if seconds is None:
        return _("The first letters are being made.")
    if seconds < MINUTE:
        return _("Less than a minute left.")
    return ngettext(
        "About {number} minute left.", "About {number} minutes left.", round(seconds / MINUTE)
    )


def _stop(request: Request) -> Response:
    mailing: Mailing = mailing_at(request)
    if (run := work_of(request).run(mailing)) is not None:
        run.stop()
    return go_to(request, mailing, "under-way")


routes = [
    Route("/mailing/{mailing:path}/under-way", _under_way),
    Route("/mailing/{mailing:path}/under-way/events", _told),
    Route("/mailing/{mailing:path}/under-way/stop", _stop, methods=["POST"]),
]

"""The application: every screen's routes behind one guard."""

from __future__ import annotations

import logging
from asyncio import to_thread
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from batchsend.desk import language
from batchsend.desk.folder import Folder, path_at
from batchsend.desk.language import Speaking
from batchsend.desk.screens import (
    approving,
    check,
    letter,
    look,
    new_mailing,
    next_month,
    people,
    receipt,
    rows_twice,
    sending,
    start,
    tidying,
    to_me,
    under_way,
    your_list,
)
from batchsend.desk.screens.letter.page import LivePages
from batchsend.desk.screens.letter.word import DroppedLetters
from batchsend.desk.view import page, problem, refused
from batchsend.desk.work import Work
from batchsend.errors import BatchsendError
from batchsend.language import _
from batchsend.web import Door, Guard, Headers

SCREENS = (
    language,
    start,
    new_mailing,
    your_list,
    people,
    *letter.SCREENS,
    check,
    rows_twice,
    look,
    sending,
    to_me,
    approving,
    under_way,
    receipt,
    next_month,
    tidying,
)
"""Every module with routes of its own."""
FREE = ("/static/", "/web/")
_log = logging.getLogger(__name__)


def make_app(folder: Folder, door: Door, work: Work) -> Starlette:
    """The desk's pages. `app.state` has `folder`, `door` and `work`."""
    app = Starlette(
        routes=[
            Mount("/web", StaticFiles(directory=str(files("batchsend.web") / "static"))),
            Mount("/static", StaticFiles(directory=str(files("batchsend.desk") / "static"))),
            *(route for screen in SCREENS for route in screen.routes),
        ],
        exception_handlers={
            BatchsendError: _in_words,
            HTTPException: _nothing_here,
            Exception: _fault,
        },
        lifespan=_until_it_ends,
    )
    app.state.folder, app.state.door, app.state.work = folder, door, work
    app.state.live, app.state.dropped_letters = LivePages(), DroppedLetters()
    return app


@asynccontextmanager
async def _until_it_ends(app: Starlette) -> AsyncIterator[None]:
    yield
    await to_thread(app.state.live.close)


def behind_door(app: Starlette, door: Door, used: Callable[[], None]) -> ASGIApp:
    """The same for those who may come in; `used` is called whenever one of them asks for anything.

    Outside of Starlette, so that nothing of it answers without: not even its own errors.
    """
    inside = _Used(Speaking(app), used)
    return Headers(Guard(inside, door=door, refuse=refused, free=FREE))


class _Used:
    def __init__(self, app: ASGIApp, used: Callable[[], None]) -> None:
        self._app, self._used = app, used

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self._used()
        await self._app(scope, receive, send)


def _in_words(request: Request, error: Exception) -> Response:
    if not isinstance(error, BatchsendError):
        raise error
    return problem(request, error, mailing=_mailing(request))


def _mailing(request: Request) -> Path | None:
    """The mailing that the address is of, if it is of one."""
    try:
        return path_at(request)
    except (HTTPException, KeyError):
        return None


def _nothing_here(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    said = _("There is nothing at this address.")
    return page(request, "problem.html", status=status, said=said, hint=None)


def _fault(request: Request, error: Exception) -> Response:
    _log.exception("A page failed.", exc_info=error)
    said = _("This is a fault in batchsend, not in your files ({kind}).", kind=type(error).__name__)
    return page(request, "problem.html", status=500, said=said, hint=None)

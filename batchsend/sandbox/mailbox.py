"""Mailbox: everything at the sandbox's address but the taking of letters.

Its pages, their forms, what they are told, and the record that tests read, for this machine only.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any, TypeVar

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from batchsend.sandbox.asgi import body_of, fields_of
from batchsend.sandbox.faults import Faults, FaultSchedule, told
from batchsend.sandbox.letterbox import Letterbox, Received, file_name
from batchsend.sandbox.listing import Wanted
from batchsend.sandbox.page import Pages, Pictures
from batchsend.web import Headers, events, from_our_page, names_this_machine

Content = TypeVar("Content", str, bytes)
LONGEST_NUMBER = 11
"""Digits of a letter's number in an address."""
PDF_POLICY = (
    # For the viewer that a browser makes a page of itself.
    "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'none'"
)


def mailbox(box: Letterbox, course: FaultSchedule) -> ASGIApp:
    """What a person sees of a letterbox, how its faults are set, and what tests read of both."""
    seen, record = _Seen(box, course), _Record(box, course)
    app = Starlette(
        routes=[
            Mount("/web", StaticFiles(directory=str(files("batchsend.web") / "static"))),
            Mount("/static", StaticFiles(directory=str(files("batchsend.sandbox") / "static"))),
            Route("/", seen.welcome),
            Route("/events", seen.told),
            Route("/letters/{number}", seen.letter),
            Route("/letters/{number}/pages/{page}.png", seen.picture),
            Route("/faults", seen.faults),
            Route("/faults", seen.set_faults, methods=["POST"]),
            Route("/faults/none", seen.take_faults_back, methods=["POST"]),
            Route("/empty", seen.empty, methods=["POST"]),
            Route("/sandbox/faults", record.faults),
            Route("/sandbox/faults", record.set_faults, methods=["POST"]),
            Route("/sandbox/requests", record.requests),
            Route("/sandbox/letters", record.letters),
            Route("/sandbox/letters", record.empty, methods=["DELETE"]),
            Route("/sandbox/letters/{number}/pdf", record.pdf),
        ],
        exception_handlers={HTTPException: _nothing_here},
    )
    app.router.redirect_slashes = False
    return Headers(_ForThisMachine(app))


class _ForThisMachine:
    """An application that does not answer to names of other machines."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not names_this_machine(Request(scope)):
            await _said(403, "The sandbox answers to this machine only.")(scope, receive, send)
            return
        await self._app(scope, receive, send)


class _Seen:
    """What a browser shows."""

    def __init__(self, box: Letterbox, course: FaultSchedule) -> None:
        self._box = box
        self._course = course
        self._pictures = Pictures(box)
        self._pages = Pages(box, course, self._pictures)

    async def welcome(self, request: Request) -> Response:
        asked = request.query_params
        since, host = _number(asked.get("since", "")), request.headers["host"]
        page = await self._pages.welcome(Wanted.of(asked), f"http://{host}", since or 0)
        return HTMLResponse(page)

    async def letter(self, request: Request) -> Response:
        number = _asked_for(request, "number")
        page = await self._pages.letter(number, Wanted.of(request.query_params))
        return HTMLResponse(_there(page))

    async def picture(self, request: Request) -> Response:
        number, page = _asked_for(request, "number"), _asked_for(request, "page")
        picture = await self._pictures.page(number, page)
        return Response(_there(picture), media_type="image/png")

    async def faults(self, request: Request) -> Response:
        asked = request.query_params
        return HTMLResponse(await self._pages.faults(Wanted.of(asked), done="done" in asked))

    async def set_faults(self, request: Request) -> Response:
        _must_be_from_our_page(request)
        form = fields_of(await body_of(request.receive) or b"")
        said = told(form)
        if said.faults is None:
            return HTMLResponse(await self._pages.faults(Wanted(), form, said.wrong), 400)
        self._course.change(said.faults)
        return RedirectResponse("/faults?done=1", 303)

    async def take_faults_back(self, request: Request) -> Response:
        _must_be_from_our_page(request)
        self._course.change(Faults())
        return RedirectResponse("/faults?done=1", 303)

    async def empty(self, request: Request) -> Response:
        _must_be_from_our_page(request)
        self._box.empty()
        return RedirectResponse("/", 303)

    async def told(self, request: Request) -> Response:
        """How the mailbox stands, whenever it is other than before."""
        return events(request, self._pages.state)


class _Record:
    """What tests read and set."""

    def __init__(self, box: Letterbox, course: FaultSchedule) -> None:
        self._box = box
        self._course = course

    async def faults(self, _request: Request) -> Response:
        return JSONResponse(self._course.faults.model_dump(mode="json"))

    async def set_faults(self, request: Request) -> Response:
        kind = request.headers.get("content-type", "").partition(";")[0].strip()
        if kind != "application/json":
            return _said(415, "Faults are set in JSON.")
        try:
            self._course.change(Faults.model_validate_json(await body_of(request.receive) or b""))
        except ValidationError as error:
            problems = error.errors(include_url=False, include_context=False)
            return _said(400, "No such faults.", errors=problems)
        return await self.faults(request)

    async def requests(self, _request: Request) -> Response:
        return JSONResponse([request.as_json() for request in self._box.requests])

    async def letters(self, _request: Request) -> Response:
        return JSONResponse(list(map(self._whole, self._box.letters())))

    async def empty(self, _request: Request) -> Response:
        self._box.empty()
        return JSONResponse([])

    async def pdf(self, request: Request) -> Response:
        number = _asked_for(request, "number")
        fields = self._box.fields(number) or {}
        name = file_name(number, fields.get("Identifier", ""))
        headers = {
            "content-disposition": f'inline; filename="{name}.pdf"',
            "content-security-policy": PDF_POLICY,
        }
        return Response(
            _there(self._box.pdf(number)), media_type="application/pdf", headers=headers
        )

    def _whole(self, letter: Received) -> dict[str, Any]:
        return {**letter.as_json(), "fields": self._box.fields(letter.number)}


def _number(text: str) -> int | None:
    fits = text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER
    return int(text) if fits else None


def _asked_for(request: Request, name: str) -> int:
    """A number in the address; 404 where it is none."""
    number = _number(request.path_params[name])
    if number is None:
        raise HTTPException(404)
    return number


def _there(content: Content | None) -> Content:
    """The same where there is any, else 404."""
    if not content:
        raise HTTPException(404)
    return content


def _must_be_from_our_page(request: Request) -> None:
    if not from_our_page(request, {request.headers["host"]}):
        raise HTTPException(403, "Only the sandbox's own page may ask for this.")


def _nothing_here(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    words = {404: "There is nothing here.", 405: "There is nothing to be done here."}
    return _said(status, words.get(status, getattr(error, "detail", "")))


def _said(status: int, message: str, **more: Any) -> Response:
    return JSONResponse({"Message": message, **more}, status)

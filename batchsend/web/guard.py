"""Guard: what is answered at all. It stands before every page and cannot be forgotten by one.

In this order: a loopback `Host`; then the link, the only way in; then the cookie; then, for what
changes anything, that our own page asked for it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from batchsend.language import _
from batchsend.web.door import ENTER, Door

LARGEST_FORM = 2 * 1024 * 1024
FORM = "application/x-www-form-urlencoded"
TOKEN = "x-batchsend-token"  # noqa: S105 - a header's name
COME_IN = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>batchsend</title>'
    '<link rel="icon" href="/web/icon.svg"><meta http-equiv="refresh" content="0;url=/">'
    '<p><a href="/">batchsend</a></p></html>'
)
"""No redirect: a browser that was led here by a file would not send a strict cookie along."""

Refuse = Callable[[Request, int], Response]
"""The page that says why not: the status is 403, 405 or 413."""


class Guard:
    """An ASGI application behind the door. The fields of a form are put into `request.state.form`.

    `free` are beginnings of paths that anybody on this machine may read: style, scripts.
    """

    def __init__(
        self, app: ASGIApp, *, door: Door, refuse: Refuse, free: tuple[str, ...] = ()
    ) -> None:
        self._app = app
        self._door = door
        self._refuse = refuse
        self._free = free

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass it on."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        request = Request(scope, receive)
        answer = self._answer(request)
        if answer is None and request.method == "POST":
            answer, receive = await self._asked_by_our_page(request, receive)
        await (self._app if answer is None else answer)(scope, receive, send)

    def _answer(self, request: Request) -> Response | None:
        """What there is to answer before anything is read; None to go on."""
        path = request.url.path
        if request.headers.getlist("host") not in [[host] for host in self._door.hosts]:
            return Response(_("This page is for this machine only."), 403, media_type="text/plain")
        if request.method == "GET" and path.startswith(ENTER):
            return self._come_in(request, path)
        if request.method in {"GET", "HEAD"} and path.startswith(self._free):
            return None
        known = self._door.knows(request.cookies.get(self._door.cookie, ""))
        if not known or not from_our_page(request, self._door.hosts):
            return self._refuse(request, 403)
        if request.method not in {"GET", "HEAD", "POST"}:
            return self._refuse(request, 405)
        return None

    def _come_in(self, request: Request, path: str) -> Response:
        if not self._door.opens(path):
            return self._refuse(request, 403)
        answer = HTMLResponse(COME_IN)
        answer.set_cookie(self._door.cookie, self._door.session, httponly=True, samesite="strict")
        return answer

    async def _asked_by_our_page(
        self, request: Request, receive: Receive
    ) -> tuple[Response | None, Receive]:
        """None where the page's token is there, and how the body is received then."""
        token = request.headers.get(TOKEN)
        form: dict[str, list[str]] = {}
        if request.headers.get("content-type", "").partition(";")[0].strip() == FORM:
            body = await _body(request)
            if body is None:
                return self._refuse(request, 413), receive
            for name, value in parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True):
                form.setdefault(name, []).append(value)
            receive = _said_again(body, receive)
            token = token or form.get("token", [""])[0]
        if not self._door.gave(token or ""):
            return self._refuse(request, 403), receive
        request.state.form = form
        return None, receive


async def _body(request: Request) -> bytes | None:
    """The body of a form; None where it is larger than any of ours."""
    pieces: list[bytes] = []
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > LARGEST_FORM:
            return None
        pieces.append(piece)
    return b"".join(pieces)


def _said_again(body: bytes, receive: Receive) -> Receive:
    """A body that has been read, to be read once more; then what comes after it."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again


LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})


def names_this_machine(request: Request) -> bool:
    """Whether `Host` is a name of this machine, with any port."""
    host = request.headers.get("host", "")
    name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
    return name in LOCAL_NAMES


def from_our_page(request: Request, hosts: Collection[str]) -> bool:
    """Whether a page at one of `hosts` asks, or somebody who typed the address.

    What changes anything, a POST, must say where it comes from (Fetch Metadata, W3C; the Origin
    header, RFC 6454). Pages of other ports are of the same site.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    # A form of ours says `null`, since our pages tell nobody where they are.
    ours = origin in {f"http://{host}" for host in hosts}
    if not (ours or origin is None or (origin == "null" and site is not None)):
        return False
    if request.method == "POST":
        return site == "same-origin" or (site is None and ours)
    return site in {None, "same-origin", "none"}

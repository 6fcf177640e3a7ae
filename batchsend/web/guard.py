"""Who may come in, what is answered at all, and what every answer tells the browser not to do.

Guard stands before every page and cannot be forgotten by one. In this order: a loopback `Host`;
then the link, the only way in; then the cookie; then, for what changes anything, that our own page
asked for it. Door knows link and cookie: a link works once, and the cookie keeps the door open. The
link's key may be shared with other processes of the same user, which can then make links, too. The
keys of cookie and forms never leave this process but to the browser that came in.
"""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from batchsend.language import _

GOOD_FOR = 120
"""Seconds in which a link works."""
ENTER = "/enter/"


def new_link(key: str, now: float | None = None) -> str:
    """The path of a link that works once, from now on for two minutes."""
    said = f"{int(time.time() if now is None else now) + GOOD_FOR}.{secrets.token_urlsafe(16)}"
    return f"{ENTER}{said}.{_mac(key, said)}"


@dataclass(slots=True)
class Door:
    """The door of one server, on one port."""

    port: int
    link_key: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    _session: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    _used: dict[str, int] = field(default_factory=dict)

    @property
    def hosts(self) -> frozenset[str]:
        """What `Host` may say: a page elsewhere may point a name of its own to this machine."""
        return frozenset(f"{name}:{self.port}" for name in ("127.0.0.1", "localhost", "[::1]"))

    @property
    def cookie(self) -> str:
        """The cookie's name: cookies are the same for all ports of a machine."""
        return f"batchsend-{self.port}"

    @property
    def session(self) -> str:
        """The cookie's value."""
        return self._session

    @property
    def token(self) -> str:
        """What a page's own forms and scripts send along."""
        return _mac(self._session, "form")

    def opens(self, link: str, now: float | None = None) -> bool:
        """Whether a link may come in; from then on it may not."""
        said, _, mac = link.removeprefix(ENTER).rpartition(".")
        if not hmac.compare_digest(_mac(self.link_key, said).encode(), mac.encode()):
            return False
        at = time.time() if now is None else now
        self._used = {each: until for each, until in self._used.items() if until > at}
        until = int(said.partition(".")[0])
        if until <= at or said in self._used:
            return False
        self._used[said] = until
        return True

    def knows(self, cookie: str) -> bool:
        """Whether a cookie is the one that was given."""
        return hmac.compare_digest(self._session.encode(), cookie.encode())

    def gave(self, token: str) -> bool:
        """Whether a form or a script is of a page that was shown."""
        return hmac.compare_digest(self.token.encode(), token.encode())


def _mac(key: str, said: str) -> str:
    return hmac.new(key.encode(), said.encode(), "sha256").hexdigest()


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


POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "'none'",
}
"""Nothing inline, nothing from elsewhere, no text that becomes markup (CSP level 3)."""
ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


def content_policy(parts: dict[str, str] | None = None) -> str:
    """The value of Content-Security-Policy; `parts` take the place of parts of POLICY."""
    whole = {**POLICY, **(parts or {})}
    return "; ".join(f"{key} {value}" for key, value in whole.items())


class Headers:
    """An ASGI application whose answers have them. `policy` takes the place of parts of POLICY."""

    def __init__(self, app: ASGIApp, policy: dict[str, str] | None = None) -> None:
        self._app = app
        self._headers = {**ALWAYS, "content-security-policy": content_policy(policy)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and add to its answer."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers)

"""Which language a page is in: as somebody chose on the desk, else as the browser asks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from batchsend.desk.wording import WORDS
from batchsend.language import current_language, facing, language_named, speaking

COOKIE = "batchsend-language"


@contextmanager
def chosen_language(request: Request) -> Iterator[None]:
    """Speak it within the block, in the desk's own words."""
    with speaking(language_of(request)), facing("desk", WORDS):
        yield


def language_of(request: Request) -> str:
    """A key of LANGUAGES."""
    if chosen := language_named(request.cookies.get(COOKIE, "")):
        return chosen
    for asked in request.headers.get("accept-language", "").split(",")[:20]:
        if found := language_named(asked.partition(";")[0]):
            return found
    return current_language()


class Speaking:
    """An ASGI application that is spoken to in the language of each request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with chosen_language(Request(scope)):
            await self._app(scope, receive, send)


async def _choose(request: Request) -> Response:
    form = request.state.form
    chosen = language_named(form.get("language", [""])[0])
    back = form.get("back", ["/"])[0]
    # A path of ours: `//elsewhere` would be another host.
    answer = RedirectResponse(back if back.startswith("/") and back[1:2] not in "/\\" else "/", 303)
    if chosen:
        answer.set_cookie(COOKIE, chosen, max_age=31_536_000, httponly=True, samesite="strict")
    return answer


routes = [Route("/language", _choose, methods=["POST"])]

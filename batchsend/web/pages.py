"""Pages: Jinja2 with everything escaped, texts from elsewhere made fit to be shown, the news that
an open page gets (server-sent events), and the files that are dropped on one.

A page sends a file as the body of a request and nothing else, so that there is nothing to take
apart; what the file is called is no more than a text.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import orjson
from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from batchsend.language import install


def legible(text: object) -> str:
    """Text whose control characters show, and do nothing.

    >>> legible("a\\x1b[31m\\u202eb")
    'a�[31m�b'
    """
    return "".join(sign if sign.isprintable() or sign in "\n\xa0" else "�" for sign in str(text))


def environment(package: str) -> Environment:
    """The pages of a package's folder `pages`, in the language spoken as they are made.

    They extend `web/frame.html`, which needs `language`, and `token` where there is a door.
    """
    own, ours = PackageLoader(package, "pages"), PackageLoader("batchsend.web", "pages")
    env = Environment(
        loader=ChoiceLoader([own, PrefixLoader({"web": ours})]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    install(env)
    env.filters["legible"] = legible
    return env


MOST_LISTENERS = 40
EVERY = 0.3
"""Seconds between two looks."""
SIGN_OF_LIFE = 50
"""Looks without news after which something is sent all the same, to find out who is gone."""

News = Callable[[], dict[str, Any] | None]
"""How things stand, to be told where it is other than before; None ends the telling."""

_listening: set[object] = set()


def events(request: Request, news: News) -> Response:
    """An answer that goes on until `news` is None or the page is gone.

    204 where too many listen: it tells a browser not to try again.
    """
    if len(_listening) >= MOST_LISTENERS:
        return Response(status_code=204)
    return StreamingResponse(_told(request, news), media_type="text/event-stream")


async def _told(request: Request, news: News) -> AsyncIterator[bytes]:
    me, last, quiet = object(), None, 0
    _listening.add(me)
    try:
        while not await request.is_disconnected():
            now = news()
            if now is None:
                yield b"event: end\ndata: {}\n\n"
                return
            quiet = 0 if now != last else quiet + 1
            if now != last:
                last = now
                yield b"data: " + orjson.dumps(now) + b"\n\n"
            elif not quiet % SIGN_OF_LIFE:
                yield b":\n\n"
            await asyncio.sleep(EVERY)
    finally:
        _listening.discard(me)


NAME = "x-batchsend-name"
LONGEST_NAME = 120
_ODD = frozenset('<>:"/\\|?*')


class TooLargeError(Exception):
    """The file is larger than it may be; none of it is kept."""


async def save_upload(request: Request, place: Path, *, most: int) -> int:
    """Write the body of a request to a new file; its bytes. Raises TooLargeError, OSError."""
    told = request.headers.get("content-length", "")
    if told.isdigit() and int(told) > most:
        raise TooLargeError
    size = 0
    try:
        with place.open("xb") as file:
            async for piece in request.stream():
                size += len(piece)
                if size > most:
                    raise TooLargeError
                file.write(piece)
    except BaseException:
        place.unlink(missing_ok=True)
        raise
    return size


def name_of_upload(request: Request) -> str:
    """What the file is called, as a file may be called here: no folder, nothing hidden or odd."""
    return safe_name(unquote(request.headers.get(NAME, "")))


def safe_name(given: str) -> str:
    """A name for a file of ours, made of what somebody calls theirs.

    >>> safe_name("../../Leietakere 2026.xlsx"), safe_name("C:\\\\lists\\\\a.csv"), safe_name("..")
    ('Leietakere 2026.xlsx', 'a.csv', 'file')
    """
    last = given.replace("\\", "/").rpartition("/")[2]
    kept = "".join(c for c in last if c.isprintable() and c not in _ODD).strip(" .")
    stem, dot, kind = kept.rpartition(".")
    if not dot:
        return kept[:LONGEST_NAME] or "file"
    return f"{stem[: LONGEST_NAME - 10]}.{kind[:9]}"

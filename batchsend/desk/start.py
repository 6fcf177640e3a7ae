"""Screen 1, the start: drop a list, or open a mailing."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from batchsend.desk.folder import folder_of
from batchsend.desk.new_mailing import MOST
from batchsend.desk.view import address, page

AT_ONCE = 50


def _start(request: Request) -> Response:
    folder = folder_of(request)
    words = request.query_params.get("q", "").strip().lower()
    found = sorted(folder.mailings(), key=lambda each: each[1], reverse=True)
    chosen = [path for path, _ in found if words in str(path.parent).lower()]
    first = max(0, _number(request.query_params.get("from", "0")))
    shown = [_line(request, path) for path in chosen[first : first + AT_ONCE]]
    return page(
        request,
        "start.html",
        mailings=shown,
        total=len(found),
        matching=len(chosen),
        first=first,
        step=AT_ONCE,
        words=words,
        folder=str(folder.root),
        drop_to="/new",
        drop_most=MOST,
    )


def _line(request: Request, path: Path) -> dict[str, str]:
    return {"name": path.parent.name, "address": address(request, path, "list")}


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


routes = [Route("/", _start)]

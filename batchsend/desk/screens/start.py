"""Screen 1, the start: drop a list, or open a mailing."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from batchsend.desk.folder import folder_of
from batchsend.desk.forms import asked, number
from batchsend.desk.screens.new_mailing import MOST
from batchsend.desk.standing import standing
from batchsend.desk.view import address, page

AT_ONCE = 25


def _start(request: Request) -> Response:
    """The mailings, the last written first; only those that are shown are opened."""
    folder, words = folder_of(request), asked(request, "q").lower()
    found = sorted(folder.mailings(), key=lambda each: each[1], reverse=True)
    matching = [each for each in found if words in folder.name_of(each[0].parent).lower()]
    first = number(asked(request, "from"))
    return page(
        request,
        "start.html",
        mailings=[
            (
                standing(path, written),
                address(request, path, "list"),
                address(request, path, "receipt"),
                folder.name_of(path.parent),
            )
            for path, written in matching[first : first + AT_ONCE]
        ],
        total=len(found),
        matching=len(matching),
        first=first,
        step=AT_ONCE,
        words=words,
        folder=str(folder.root),
        drop_to="/new",
        drop_most=MOST,
    )


routes = [Route("/", _start)]

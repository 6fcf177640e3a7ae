"""The finished page beside the letter's text, and whose it is."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from batchsend.desk.editing import NotADocumentError
from batchsend.desk.folder import folder_of, mailing_at
from batchsend.desk.forms import asked, number
from batchsend.desk.screens.letter.asked import read_json, refusal, text_of
from batchsend.desk.screens.letter.file import LetterFile
from batchsend.desk.view import at_screen
from batchsend.errors import BatchsendError
from batchsend.language import _
from batchsend.mailing import Mailing
from batchsend.operations.looking.letter_troubles import in_desk_words
from batchsend.operations.looking.live_page import LivePage
from batchsend.starter import reference

MAILINGS = 3
"""So many have a worker of their own at a time."""
KEPT = 40
"""Pictures that can still be asked for."""


class LivePages:
    """The live pages of a desk."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pages: OrderedDict[Path, LivePage] = OrderedDict()
        self._pictures: OrderedDict[str, bytes] = OrderedDict()

    def of(self, mailing: Mailing) -> LivePage:
        """That of a mailing; the one that was used longest ago makes room for it."""
        with self._lock:
            page = self._pages.pop(mailing.path, None) or LivePage()
            self._pages[mailing.path] = page
            old = self._pages.popitem(last=False)[1] if len(self._pages) > MAILINGS else None
        if old is not None:
            old.close()
        return page

    def keep(self, picture: bytes) -> str:
        """Keep a picture for a while; the name to ask for it by, which nobody can guess."""
        name = secrets.token_urlsafe(16)
        with self._lock:
            self._pictures[name] = picture
            while len(self._pictures) > KEPT:
                self._pictures.popitem(last=False)
        return name

    def picture(self, name: str) -> bytes | None:
        """The picture of that name, if it is still kept."""
        return self._pictures.get(name)

    def close(self) -> None:
        """End the workers."""
        for page in self._pages.values():
            page.close()
        self._pages.clear()


async def _page(request: Request) -> Response:
    mailing = mailing_at(request)
    live = live_of(request)
    try:
        sent = await read_json(request)
        text, row = text_of(sent), sent.get("row")
        letter = LetterFile.of(mailing, folder_of(request), str(sent.get("key", "")))
    except (NotADocumentError, ValueError, RecursionError):
        return refusal(_("This letter cannot be shown. Open the page again."), 400)
    except BatchsendError as error:
        return refusal(in_desk_words(error, mailing), 409)
    proof = await run_in_threadpool(
        lambda: live.of(mailing).proof(
            mailing,
            text,
            row if isinstance(row, int) and 0 < row < 2**31 else None,
            key=letter.key,
            limits=sent.get("limits") is True,
        )
    )
    if proof is None:
        return JSONResponse({"overtaken": True})
    person = proof.person
    return JSONResponse(
        {
            "pictures": [live.keep(picture) for picture in proof.pictures],
            "pages": proof.pages,
            "troubles": [at_screen(each, "letter") for each in proof.troubles],
            "unknown": proof.unknown,
            "person": {"row": person.row, "name": person.name} if person else None,
        }
    )


def _picture(request: Request) -> Response:
    found = live_of(request).picture(request.path_params["name"])
    if found is None:
        raise HTTPException(404)
    return Response(found, media_type="image/png")


def _people(request: Request) -> Response:
    mailing = mailing_at(request)
    try:
        people = (
            live_of(request)
            .of(mailing)
            .people(mailing, asked(request, "q"), key=asked(request, "key"))
        )
    except BatchsendError as error:
        return refusal(in_desk_words(error, mailing), 409)
    return JSONResponse([{"row": p.row, "name": p.name, "why": p.why} for p in people])


def _fields(request: Request) -> Response:
    mailing = mailing_at(request)
    row = number(asked(request, "row")) or None
    try:
        found = live_of(request).of(mailing).samples(mailing, row)
    except BatchsendError as error:
        return refusal(in_desk_words(error, mailing), 409)
    columns = [
        {
            "name": column.name,
            "label": " ".join(column.heading.split()),
            "source": reference(column),
            "sample": sample[:60],
        }
        for column, sample in found
    ]
    ours = [
        {"name": "", "label": _("Today's date"), "source": "{{ today() | long_date }}"},
        {"name": "", "label": _("Recipient's name"), "source": "{{ letter.Invoicee.Name }}"},
        {"name": "", "label": _("Sender's name"), "source": "{{ letter.Invoicer.Name }}"},
    ]
    return JSONResponse({"columns": columns, "ours": ours})


def live_of(request: Request) -> LivePages:
    """The desk's live pages."""
    live: LivePages = request.app.state.live
    return live


routes = [
    Route("/mailing/{mailing:path}/letter/page", _page, methods=["POST"]),
    Route("/mailing/{mailing:path}/letter/whose", _people),
    Route("/mailing/{mailing:path}/letter/fields", _fields),
    Route("/letter-picture/{name}.png", _picture),
]

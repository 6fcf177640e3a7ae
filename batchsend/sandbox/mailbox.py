"""Mailbox: everything at the sandbox's address but the taking of letters.

Its pages, what they fetch, their forms, and the record that tests read, for this machine only.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from pydantic import ValidationError

from batchsend.sandbox.fault_form import told
from batchsend.sandbox.faults import Faults, FaultSchedule
from batchsend.sandbox.incoming import (
    asked_locally,
    body_of,
    fields_of,
    from_our_page,
    header,
    query,
)
from batchsend.sandbox.letterbox import Letterbox, Received
from batchsend.sandbox.letterfiles import file_name
from batchsend.sandbox.listing import Wanted
from batchsend.sandbox.live import Live
from batchsend.sandbox.page import STATIC, News, Pages, static
from batchsend.sandbox.pictures import Pictures
from batchsend.sandbox.replies import Reply

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

NUMBER = "([0-9]{1,11})"
LETTER = re.compile(f"/letters/{NUMBER}")
PICTURE = re.compile(f"/letters/{NUMBER}/pages/{NUMBER}[.]png")
PDF = re.compile(f"/sandbox/letters/{NUMBER}/pdf")
NOWHERE = Reply.json(404, {"Message": "There is nothing here."})


class Mailbox:
    """What a person sees of a letterbox, and how its faults are set."""

    def __init__(self, box: Letterbox, course: FaultSchedule) -> None:
        self._box = box
        self._course = course
        self._pictures = Pictures(box)
        self._pages = Pages(box, course, self._pictures)
        self._live = Live()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, as ASGI servers ask."""
        method, path = scope["method"], scope["path"]
        if not asked_locally(scope):
            reply = Reply.json(403, {"Message": "The sandbox answers to this machine only."})
        elif method == "GET" and path == "/events":
            asked = query(scope)
            news = News(self._pages, Wanted.of(asked), asked.get("since", ""))
            await self._live.listen(news, receive, send)
            return
        elif method == "GET":
            reply = await self._shown(path, query(scope), header(scope, b"host"))
        elif method == "POST":
            reply = await self._done(path, scope, receive)
        elif (method, path) == ("DELETE", "/sandbox/letters"):
            self._box.empty()
            reply = Reply.record([])
        else:
            reply = Reply.json(405, {"Message": "There is nothing to be done here."})
        await reply.send(send)

    async def _shown(self, path: str, asked: dict[str, str], host: str) -> Reply:
        if page := await self._page(path, asked, host):
            return Reply.page(page)
        return await self._file(path) or self._recorded(path)

    async def _page(self, path: str, asked: dict[str, str], host: str) -> str:
        wanted, part = Wanted.of(asked), asked.get("part", "")
        if path == "/" and part == "list":
            return await self._pages.listed(wanted)
        if path == "/":
            return await self._pages.welcome(wanted, part, f"http://{host}")
        if path == "/faults":
            return await self._pages.faults(wanted, part, done="done" in asked)
        letter = LETTER.fullmatch(path)
        return await self._pages.letter(int(letter[1]), wanted, part) if letter else ""

    async def _file(self, path: str) -> Reply | None:
        if path in STATIC:
            return Reply.file(STATIC[path], static(path))
        if found := PICTURE.fullmatch(path):
            picture = await self._pictures.page(int(found[1]), int(found[2]))
            return Reply.file("image/png", picture) if picture else None
        return self._pdf(int(found[1])) if (found := PDF.fullmatch(path)) else None

    def _pdf(self, number: int) -> Reply | None:
        pdf, fields = self._box.pdf(number), self._box.fields(number) or {}
        if pdf is None:
            return None
        name = file_name(number, fields.get("Identifier", ""))
        return Reply.file("application/pdf", pdf, f"{name}.pdf")

    def _recorded(self, path: str) -> Reply:
        match path:
            case "/sandbox/faults":
                return Reply.record(self._course.faults.model_dump(mode="json"))
            case "/sandbox/requests":
                return Reply.record([request.as_json() for request in self._box.requests])
            case "/sandbox/letters":
                return Reply.record(list(map(self._whole, self._box.letters())))
        return NOWHERE

    def _whole(self, letter: Received) -> dict[str, Any]:
        return {**letter.as_json(), "fields": self._box.fields(letter.number)}

    async def _done(self, path: str, scope: Scope, receive: Receive) -> Reply:
        if path == "/sandbox/faults":
            return await self._told_in_json(scope, receive)
        if path not in {"/faults", "/faults/none", "/empty"}:
            return Reply.json(405, {"Message": "There is nothing to be done here."})
        if not from_our_page(scope):
            return Reply.json(403, {"Message": "Only the sandbox's own page may ask for this."})
        form = fields_of(await body_of(receive) or b"")
        if path == "/empty":
            self._box.empty()
            return Reply.see("/")
        said = told({} if path == "/faults/none" else form)
        if said.faults is None:
            page = await self._pages.faults(Wanted(), "", form, said.wrong)
            return Reply.page(page, 400)
        self._course.change(said.faults)
        return Reply.see("/faults?done=1")

    async def _told_in_json(self, scope: Scope, receive: Receive) -> Reply:
        if header(scope, b"content-type").partition(";")[0].strip() != "application/json":
            return Reply.json(415, {"Message": "Faults are set in JSON."})
        body = await body_of(receive)
        try:
            self._course.change(Faults.model_validate_json(body or b""))
        except ValidationError as error:
            problems = error.errors(include_url=False, include_context=False)
            return Reply.json(400, {"Message": "No such faults.", "errors": problems})
        return Reply.record(self._course.faults.model_dump(mode="json"))

"""The mailbox's pages: the list of requests, newest first, beside a letter or the faults; and
pictures of the letters' PDFs, counted and drawn beside the event loop.

Everything that came from a request is escaped by the templates, which are in `pages/`. The pages
are whole without their script; with it they take parts from one another. A picture does no harm
whatever the PDF holds, and every browser shows it. PDFium is not for several threads at once, so
there is one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import cache
from io import BytesIO
from typing import Any

import pypdfium2
from jinja2 import Environment
from markupsafe import Markup

from batchsend.sandbox import letterbox
from batchsend.sandbox.faults import GROUPS, FaultSchedule, values_of
from batchsend.sandbox.letterbox import Letterbox, Received
from batchsend.sandbox.listing import (
    KINDS,
    SHOWN,
    Wanted,
    answer,
    clock,
    happened,
    line,
    listing,
    shown_fields,
)
from batchsend.web import environment

DOTS_PER_INCH = 120
LONGEST_SIDE = 2400
"""Pixels: a page may say that it is as large as a house."""
MOST_COUNTS = 20_000


class Pictures:
    """The pages of what is in a letterbox."""

    def __init__(self, box: Letterbox) -> None:
        self._box = box
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="pictures")
        self._counts: dict[int, int] = {}

    async def pages(self, numbers: Iterable[int]) -> dict[int, int]:
        """How many pages each letter has, those left out whose PDF is gone or cannot be read."""
        asked = list(numbers)
        missing = [number for number in asked if number not in self._counts]
        pdfs = {number: pdf for number in missing if (pdf := self._box.pdf(number)) is not None}
        if pdfs:
            if len(self._counts) > MOST_COUNTS:
                self._counts.clear()
            loop = asyncio.get_running_loop()
            self._counts.update(await loop.run_in_executor(self._thread, _counted, pdfs))
        return {number: self._counts[number] for number in asked if self._counts.get(number)}

    async def page(self, number: int, page: int) -> bytes | None:
        """A page as PNG, the first is 1; None where there is none, or it cannot be drawn."""
        pdf = self._box.pdf(number)
        if pdf is None:
            return None
        return await asyncio.get_running_loop().run_in_executor(self._thread, _drawn, pdf, page)


def _counted(pdfs: dict[int, bytes]) -> dict[int, int]:
    return {number: _count(pdf) for number, pdf in pdfs.items()}


def _count(pdf: bytes) -> int:
    try:
        with closing(pypdfium2.PdfDocument(pdf)) as document:
            return len(document)
    except pypdfium2.PdfiumError:
        return 0


def _drawn(pdf: bytes, page: int) -> bytes | None:
    try:
        with closing(pypdfium2.PdfDocument(pdf)) as document:
            if not 0 < page <= len(document):
                return None
            sheet = document[page - 1]
            scale = min(DOTS_PER_INCH / 72, LONGEST_SIDE / max(sheet.get_size()))
            file = BytesIO()
            sheet.render(scale=scale).to_pil().convert("RGB").save(file, "PNG", compress_level=3)
            return file.getvalue()
    except (pypdfium2.PdfiumError, ValueError, MemoryError):
        return None


AT_ONCE = 40
"""New lines that a page is sent at once; when there are more, they take the place of its list."""
PICTURES_SHOWN = 40
"""Pages of a letter shown as pictures; the PDF has them all."""
KEPT = {
    "requests": letterbox.MOST_REQUESTS,
    "letters": letterbox.MOST_LETTERS,
    "files": letterbox.MOST_FILES,
    "megabytes": letterbox.LARGEST // 1024**2,
}


def breakable(path: str) -> str:
    """A field's path that may go on in the next line after a dot."""
    return Markup(".<wbr>").join(path.split("."))


@cache
def _templates() -> Environment:
    pages = environment("batchsend.sandbox")
    pages.filters |= {"thousands": "{:,}".format, "clock": clock, "breakable": breakable}
    pages.globals |= {
        "answer_words": answer,
        "happened": happened,
        "kept": KEPT,
        "kinds": KINDS,
        "language": "en",
    }
    return pages


class Pages:
    """The pages of one sandbox."""

    def __init__(self, box: Letterbox, course: FaultSchedule, pictures: Pictures) -> None:
        self.box = box
        self.course = course
        self._pictures = pictures

    async def welcome(self, wanted: Wanted, address: str, since: int = 0) -> str:
        """How to send to it, and what it answered so far; beside it the requests since a place."""
        return await self._page("welcome.html", wanted, since, address=address)

    async def letter(self, number: int, wanted: Wanted) -> str:
        """One request, with its letter's fields and pages. Empty when it is not on record."""
        request = self.box.request(number)
        if request is None:
            return ""
        pages = (await self._pictures.pages([number])).get(number, 0)
        return await self._page(
            "letter.html",
            wanted,
            request=request,
            line=line(self.box, request),
            fields=list(shown_fields(self.box.fields(number) or {})),
            has_pdf=self.box.pdf(number) is not None,
            page_count=pages,
            pictures=min(pages, PICTURES_SHOWN),
            others=self._others(request),
        )

    async def faults(
        self,
        wanted: Wanted,
        values: Mapping[str, str] | None = None,
        wrong: Mapping[str, str] | None = None,
        *,
        done: bool = False,
    ) -> str:
        """The form for the faults; `values` are what was filled in when something is `wrong`."""
        if values is None:
            values = values_of(self.course.ahead())
        return await self._page(
            "faults.html",
            wanted,
            groups=GROUPS,
            values=values,
            wrong=wrong or {},
            done=done,
        )

    def faulty(self) -> bool:
        """Whether anything may go wrong with the next requests."""
        ahead = self.course.ahead()
        struck = any(ahead.rates.values()) or ahead.script or ahead.letters
        return bool(struck or ahead.refuse_repeats)

    def state(self) -> dict[str, Any]:
        """What a page that is open compares itself with."""
        box = self.box
        return {"seen": box.seen, "emptied": box.times_emptied, "faulty": self.faulty()}

    async def _page(self, template: str, wanted: Wanted, since: int = 0, **more: Any) -> str:
        request = more.get("request")
        listed = await self._list(wanted, since, request.number if request else 0)
        page = _templates().get_template(template)
        return page.render(listed, faulty=self.faulty(), **more)

    async def _list(self, wanted: Wanted, since: int, current: int) -> dict[str, Any]:
        seen = self.box.seen
        found = await listing(self.box, wanted, AT_ONCE if since else SHOWN, since)
        return {
            "box": self.box,
            "older": found.older,
            "lines": found.lines,
            "pages": await self._pictures.pages(line.number for line in found.lines),
            "wanted": wanted,
            "seen": seen,
            "current": current,
        }

    def _others(self, request: Received) -> list[Received]:
        """All requests with the identifier of this one, oldest first, where there are several."""
        if not request.identifier:
            return []
        found = [other for other in self.box.requests if other.identifier == request.identifier]
        return found if len(found) > 1 else []

"""The mailbox's pages: the list of requests, newest first, beside a letter or the faults.

Everything that came from a request is escaped by the templates, which are in `pages/`. The pages
are whole without their script; with it they take parts from one another.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from batchsend.sandbox import letterbox, letterfiles
from batchsend.sandbox.fault_form import GROUPS, values_of
from batchsend.sandbox.faults import FaultSchedule
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
from batchsend.sandbox.pictures import Pictures
from batchsend.web import environment

AT_ONCE = 40
"""New lines that a page is sent at once; when there are more, they take the place of its list."""
PICTURES_SHOWN = 40
"""Pages of a letter shown as pictures; the PDF has them all."""
KEPT = {
    "requests": letterbox.MOST_REQUESTS,
    "letters": letterbox.MOST_LETTERS,
    "files": letterfiles.MOST,
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

"""The mailbox's pages: the list of requests, newest first, beside a letter or the faults.

Everything that came from a request is escaped by the templates, which are in `pages/`. The pages
are whole without their script; with it they fetch parts of themselves, and news.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from batchsend.sandbox import letterbox, letterfiles
from batchsend.sandbox.fault_form import GROUPS, values_of
from batchsend.sandbox.faults import FaultSchedule
from batchsend.sandbox.letterbox import Letterbox, Received
from batchsend.sandbox.listing import (
    KINDS,
    Wanted,
    answer,
    clock,
    happened,
    line,
    listing,
    shown_fields,
)
from batchsend.sandbox.pictures import Pictures

STATIC = {
    "/mailbox.css": "text/css; charset=utf-8",
    "/mailbox.js": "text/javascript; charset=utf-8",
    "/mailbox.svg": "image/svg+xml",
}
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


def legible(text: object) -> str:
    """Text whose control characters show, and do nothing.

    >>> legible("a\\x1b[31m\\u202eb")
    'a�[31m�b'
    """
    return "".join(sign if sign.isprintable() or sign in "\n\xa0" else "�" for sign in str(text))


_env = Environment(
    loader=PackageLoader("batchsend.sandbox", "pages"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def breakable(path: str) -> str:
    """A field's path that may go on in the next line after a dot."""
    return Markup(".<wbr>").join(path.split("."))


_env.filters |= {
    "legible": legible,
    "thousands": "{:,}".format,
    "clock": clock,
    "breakable": breakable,
}
_env.globals |= {
    "answer_words": answer,
    "happened": happened,
    "kinds": KINDS,
    "kept": KEPT,
}


@cache
def static(path: str) -> bytes:
    """A file that the pages fetch, one of STATIC."""
    return (files("batchsend.sandbox") / "pages" / path.strip("/")).read_bytes()


class Pages:
    """The pages of one sandbox. `part` asks for the right-hand pane alone."""

    def __init__(self, box: Letterbox, course: FaultSchedule, pictures: Pictures) -> None:
        self.box = box
        self.course = course
        self._pictures = pictures

    async def welcome(self, wanted: Wanted, part: str, address: str) -> str:
        """How to send to it, and what it answered so far."""
        return await self._page("welcome.html", wanted, part, address=address)

    async def letter(self, number: int, wanted: Wanted, part: str) -> str:
        """One request, with its letter's fields and pages. Empty when it is not on record."""
        request = self.box.request(number)
        if request is None:
            return ""
        pages = (await self._pictures.pages([number])).get(number, 0)
        return await self._page(
            "letter.html",
            wanted,
            part,
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
        part: str,
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
            part,
            groups=GROUPS,
            values=values,
            wrong=wrong or {},
            done=done,
        )

    async def listed(self, wanted: Wanted) -> str:
        """The list alone."""
        return _env.get_template("list.html").render(await self._list(wanted))

    async def rows(self, wanted: Wanted, since: int) -> tuple[str, int, bool]:
        """The lines that are new since a place, how many, and whether they are not all."""
        found = await listing(self.box, wanted, AT_ONCE, since)
        pages = await self._pictures.pages(line.number for line in found.lines)
        html = _env.get_template("rows.html").render(
            lines=found.lines, pages=pages, wanted=wanted, current=0
        )
        return html, len(found.lines), found.older is not None

    def counts(self) -> str:
        """What stands at the top."""
        return _env.get_template("counts.html").render(box=self.box)

    def faulty(self) -> bool:
        """Whether anything may go wrong with the next requests."""
        ahead = self.course.ahead()
        struck = any(ahead.rates.values()) or ahead.script or ahead.letters
        return bool(struck or ahead.refuse_repeats)

    def answers(self) -> str:
        """What requests were answered, and how often."""
        return _env.get_template("answers.html").render(box=self.box)

    async def _page(self, template: str, wanted: Wanted, part: str, **more: Any) -> str:
        page = _env.get_template(template)
        if part:
            return page.render(frame="part.html", wanted=wanted, box=self.box, **more)
        request = more.get("request")
        listed = await self._list(wanted, request.number if request else 0)
        return page.render(listed, frame="page.html", faulty=self.faulty(), **more)

    async def _list(self, wanted: Wanted, current: int = 0) -> dict[str, Any]:
        seen = self.box.seen
        found = await listing(self.box, wanted)
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


class News:
    """What one open page has not been told yet."""

    def __init__(self, pages: Pages, wanted: Wanted, since: str) -> None:
        self._pages = pages
        self._wanted = wanted
        self._seen = int(since) if since.isascii() and since.isdigit() else pages.box.seen
        self._emptied = pages.box.times_emptied
        self._told: object = None

    async def __call__(self) -> dict[str, Any] | None:
        """The news since last asked, if there are any."""
        box, since = self._pages.box, self._seen
        state = (box.seen, box.times_emptied, self._pages.course.ahead())
        if state == self._told:
            return None
        self._told, self._seen = state, box.seen
        if box.times_emptied != self._emptied:
            self._emptied = box.times_emptied
            return {"emptied": True}
        rows, fresh, more = "", 0, False
        if self._wanted.before is None and box.seen > since:
            rows, fresh, more = await self._pages.rows(self._wanted, since)
        return {
            "counts": self._pages.counts(),
            "answers": self._pages.answers(),
            "faulty": self._pages.faulty(),
            "rows": rows,
            "fresh": fresh,
            "more": more,
            "seen": self._seen,
        }

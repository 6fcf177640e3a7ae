"""What PlutoPrint gets wrong at the foot of a page, put right by printing the letter once more.

It cuts through the lines of columns that begin lower on a page. It does not know
`break-before: avoid` nor `break-after: avoid`, so that a table's sum may stand alone on the next
page, and a heading at the foot of this one. Knows nothing of letters; lines that stay cut through
are found by the page checks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import lxml.html
from lxml.html import HtmlElement

from batchsend.rendering.page_checks import FULL_SIZE, bare, check_pages
from batchsend.rendering.pdf.opened import open_pdf
from batchsend.rendering.pdf.text import page_texts
from batchsend.rendering.settings import PageRules

_COLUMNS = re.compile(r"(?<![\w-])(?:columns|column-count|column-width)\s*:(?!\s*(?:1|auto)\b)")
_AVOID = re.compile(r"(?:page-)?break-before\s*:\s*avoid", re.IGNORECASE)
_SELECTOR = re.compile(r"(tr|tbody|)((?:[.#][\w-]+)*)(:last-(?:child|of-type))?")
"""The last part of one that may mean a row, or the first row of a body."""
_SUM = re.compile(
    r"(?:sum|total|totalt|totalsum|i alt|til sammen|å betale|to pay|amount due|balance)\b",
    re.IGNORECASE,
)
"""What the last row of a table begins with that nobody wants to see alone."""
_ONE_OF = 3
"""Rows of a table that has such a sum, at least."""
_HEADING_RULE = re.compile(
    r"\b(h[1-6])\b[^{}]*\{[^{}]*(?:page-)?break-after\s*:\s*avoid", re.IGNORECASE
)
_ROW = re.compile(r"<tr\b", re.IGNORECASE)
_TABLE = re.compile(r"<table\b[^>]*>", re.IGNORECASE)
_TABLE_END = re.compile(r"</table\s*>", re.IGNORECASE)
_HEAD = re.compile(r"<(colgroup|thead)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_BEGINNING = 12
"""Letters by which the beginning of a text is told."""
_NEW_PAGE = '<div style="break-before: page">'


def whole_columns(css: str) -> str:
    """The same style sheet, or HTML, with columns that begin on a page of their own if need be."""
    return _COLUMNS.sub(lambda found: f"break-inside: avoid; {found[0]}", css)


class PageFeet:
    """What a template's style sheets ask for that may go wrong there."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        css = "\n".join(texts.values())
        self._columns = _COLUMNS.search(css) is not None
        self._kept = list(_rows_meant(css))
        """What the rows are like that may not begin a page."""
        self._headings = frozenset(map(str.lower, _HEADING_RULE.findall(css)))
        """The headings that may not end one."""

    def cut_columns(self, pdf: bytes) -> bool:
        """Whether a page's foot cuts through a line, in a letter with columns."""
        if not self._columns:
            return False
        return any(each.rule == "cut" for each in check_pages(pdf, PageRules(), {}, FULL_SIZE))

    def kept_together(self, html: str, pdf: bytes) -> str:
        """The HTML with a new page before a heading that stands alone, or before the row above one
        that does; or as it is.
        """
        asked = self._kept or _AVOID.search(html) or _SUM.search(html)
        if not asked and not self._headings:
            return html
        document = lxml.html.document_fromstring(html)
        with open_pdf(pdf) as opened:
            pages = [bare(text or "") for text in page_texts(opened)]
        rows = list(document.iter("tr")) if asked else []
        starts = [found.start() for found in _ROW.finditer(html)]
        if len(rows) == len(starts):  # else one stands in a comment
            for number, above in self._rows_below_another(rows):
                row = rows[number]
                if any(_is_on(row, page) and not _is_on(above, page) for page in pages[1:]):
                    return _parted(html, starts[rows.index(above)])
        for name in self._headings:
            headings = list(document.iter(name))
            starts = [found.start() for found in re.finditer(rf"<{name}\b", html, re.IGNORECASE)]
            if len(headings) == len(starts):
                for heading, start in zip(headings, starts, strict=True):
                    if _ends_a_page(heading, pages):
                        return f"{html[:start]}{_NEW_PAGE}</div>{html[start:]}"
        return html

    def _rows_below_another(self, rows: list[HtmlElement]) -> Iterator[tuple[int, HtmlElement]]:
        """Each row that may not begin a page, by its number, and the row that is to begin it."""
        kept = [self._is_kept(row) for row in rows]
        for number, row in enumerate(rows):
            above = number - 1
            while above > 0 and kept[above]:
                above -= 1
            if kept[number] and number:
                table = next(row.iterancestors("table"), None)
                if rows[above].getparent().tag != "thead" and table in rows[above].iterancestors(
                    "table"
                ):
                    yield number, rows[above]

    def _is_kept(self, row: HtmlElement) -> bool:
        body = row.getparent()
        above, below = row.getprevious(), row.getnext()
        return (
            _AVOID.search(row.get("style") or "") is not None
            or any(each.means(row, "tr", last=below is None) for each in self._kept)
            or (
                above is None
                and any(
                    each.means(body, "tbody", last=body.getnext() is None) for each in self._kept
                )
            )
            or (
                below is None
                and len(body) >= _ONE_OF
                and _SUM.match(" ".join(" ".join(row.itertext()).split())) is not None
            )
        )


@dataclass(frozen=True, slots=True)
class _Meant:
    """What a style sheet says of the rows that it means."""

    tag: str
    names: frozenset[str]
    """Of classes, as `.sum`, or of the element, as `#sum`."""
    last: bool

    def means(self, element: HtmlElement, tag: str, *, last: bool) -> bool:
        names = {f".{name}" for name in (element.get("class") or "").split()}
        names.add(f"#{element.get('id')}")
        return (
            element.tag == tag
            and self.tag in {"", tag}
            and self.names <= names
            and (last or not self.last)
        )


def _rows_meant(css: str) -> Iterator[_Meant]:
    """What each rule with `break-before: avoid` may mean of a table."""
    for rule in css.split("}"):
        before, _brace, said = rule.rpartition("{")
        if not _AVOID.search(said):
            continue
        for selector in before.split(","):
            last = re.split(r"[\s>+~]+", selector.strip())[-1]
            found = _SELECTOR.fullmatch(last)
            if found and (found[2] or found[3]):
                names = frozenset(re.findall(r"[.#][\w-]+", found[2]))
                yield _Meant(found[1], names, found[3] is not None)


def _ends_a_page(heading: HtmlElement, pages: list[str]) -> bool:
    """Whether what follows a heading begins on the page after it."""
    below = heading.getnext()
    text = bare(heading.text_content())
    begin = bare(below.text_content())[:_BEGINNING] if below is not None else ""
    return bool(text and begin) and any(
        text in page and f"{text}{begin}" not in page and begin in after and text not in after
        for page, after in pairwise(pages)
    )


def _is_on(row: HtmlElement, page: str) -> bool:
    return all(bare(cell.text_content()) in page for cell in row if isinstance(cell.tag, str))


def _parted(html: str, at: int) -> str:
    """The table parted there: its second half, with the head again, begins a page."""
    tables = [found for found in _TABLE.finditer(html) if found.end() <= at]
    end = _TABLE_END.search(html, at)
    if not tables or end is None:
        return html
    table = tables[-1]
    between = html[table.end() : at]
    if _TABLE_END.search(between):
        return html  # a table within a table
    if not _ROW.search(re.sub(_HEAD, "", between)):  # the first row: the whole table goes
        return (
            f"{html[: table.start()]}{_NEW_PAGE}{html[table.start() : end.end()]}</div>"
            f"{html[end.end() :]}"
        )
    head = "".join(found[0] for found in _HEAD.finditer(between))
    return (
        f"{html[:at]}</tbody></table>{_NEW_PAGE}{table[0]}{head}<tbody>"
        f"{html[at : end.end()]}</div>{html[end.end() :]}"
    )

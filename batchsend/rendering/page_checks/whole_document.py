"""The whole document: its pages, bytes, PDF version and encryption; and what the engine printed
smaller, because something was wider than the page, or did not print at all.
"""

from __future__ import annotations

from collections.abc import Iterator

from batchsend.language import _
from batchsend.rendering.page_checks.subject import Finding, Finished
from batchsend.rendering.settings import PageRules


def limits(finished: Finished) -> Iterator[Finding]:
    """What a printer or mailbox cannot take, whatever stands on the pages."""
    pdf, rules = finished.pdf, finished.rules
    yield from too_long(pdf.page_count, rules)
    if rules.max_kilobytes is not None and finished.size > rules.max_kilobytes * 1000:
        size = finished.size / 1000
        yield Finding(
            "size",
            _(
                "{size:.0f} kB, at most {max_kilobytes:g} kB are accepted",
                size=size,
                max_kilobytes=rules.max_kilobytes,
            ),
        )
    if _version(pdf.version) > _version(rules.max_version):
        yield Finding(
            "version",
            _(
                "PDF {version}, at most {max_version} is taken",
                version=pdf.version,
                max_version=rules.max_version,
            ),
        )
    if pdf.encrypted:
        yield Finding("encryption", _("the document is encrypted"))


def too_long(pages: int, rules: PageRules) -> Iterator[Finding]:
    """Whether so many pages are too many."""
    if rules.max_pages is not None and pages > rules.max_pages:
        sheets = (pages + 1) // 2
        yield Finding(
            "pages",
            _(
                "{pages} pages ({sheets} sheets), at most {max_pages} fit",
                pages=pages,
                sheets=sheets,
                max_pages=rules.max_pages,
            ),
        )


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".") if part.isdecimal())


SMALLEST = 0.98
"""Nobody sees that 10 points became 9.8."""


def shrunk(finished: Finished) -> Iterator[Finding]:
    """One, where everything is printed at less than 98 % of the size asked for."""
    layout = finished.layout
    if layout.scale < SMALLEST:
        wide = layout.too_wide or _("something without text")
        yield Finding(
            "shrunk",
            _(
                "{wide} is wider than the page, so everything is printed at {scale:.0%} of "
                "its size",
                wide=wide,
                scale=layout.scale,
            ),
        )


def vanished(finished: Finished) -> Iterator[Finding]:
    """One, where there are any."""
    missing = finished.layout.vanished
    if missing:
        text = _(
            "{what} is not printed: it stands outside the page's margins, or is cut off",
            what=missing,
        )
        yield Finding("cut", text, 1)

"""The finished pages, held against a channel's rules.

It looks at what is really on the page, not at the template. Each finding says which rule, which
page, what text and how many millimetres. The address has a module of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from batchsend.rendering.address import address_findings
from batchsend.rendering.findings import Finding, named, worst
from batchsend.rendering.page_settings import PageRules
from batchsend.rendering.pdf import Box, Mark, Page, Pdf, open_pdf
from batchsend.rendering.recipient import recipient_findings

A4_WIDTH, A4_HEIGHT = 210, 297
SHRUNK = 10
"""Digipost's validator: an A4 page may be this much smaller, not larger."""
ROUNDING = 0.5
"""Millimetres that nobody sees: 210 mm is 595.276 points, and 595 and 596 are both usual."""
TURNED_ANTICLOCKWISE = 3


def check_pages(pdf: bytes, rules: PageRules, fields: Mapping[str, Any]) -> list[Finding]:
    """Every rule that the document breaks; `fields` is the request's `Letter` object.

    Raises RenderingError where it is no readable PDF.
    """
    with open_pdf(pdf) as document:
        found = list(_document(document, len(pdf), rules))
        for page in document.pages():
            found += _page(page, rules, fields)
    return [finding for finding in found if getattr(rules.rules, finding.rule) != "off"]


def check_recipient(pdf: bytes, rules: PageRules, fields: Mapping[str, Any]) -> list[Finding]:
    """Whether a ready-made letter is its recipient's. RenderingError where it cannot be read."""
    if rules.rules.recipient == "off":
        return []
    with open_pdf(pdf) as document:
        return list(recipient_findings(document, fields))


def _document(pdf: Pdf, size: int, rules: PageRules) -> Iterator[Finding]:
    if rules.max_pages is not None and pdf.page_count > rules.max_pages:
        sheets = (pdf.page_count + 1) // 2
        yield Finding(
            "pages",
            f"{pdf.page_count} pages ({sheets} sheets), at most {rules.max_pages} fit",
        )
    if rules.max_kilobytes is not None and size > rules.max_kilobytes * 1000:
        yield Finding(
            "size", f"{size / 1000:.0f} kB, at most {rules.max_kilobytes:g} kB are accepted"
        )
    if _version(pdf.version) > _version(rules.max_version):
        yield Finding("version", f"PDF {pdf.version}, at most {rules.max_version} is taken")
    if pdf.encrypted:
        yield Finding("encryption", "the document is encrypted")


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".") if part.isdecimal())


def _page(page: Page, rules: PageRules, fields: Mapping[str, Any]) -> Iterator[Finding]:
    yield from _paper(page)
    marks = page.marks()
    for mark in marks:
        if mark.is_text and not page.embedded(mark):
            yield Finding(
                "fonts", f"{named(page, mark)} is in a font that is not embedded", page.number
            )
            break
    yield from _edges(page, marks, rules)
    if rules.window is not None and page.number == 1:
        yield from address_findings(page, marks, rules, fields)


def _paper(page: Page) -> Iterator[Finding]:
    width, height = page.width, page.height
    if page.quarter_turns == TURNED_ANTICLOCKWISE and width > height:
        width, height = height, width
    fits = (
        A4_WIDTH - SHRUNK - ROUNDING <= width <= A4_WIDTH + ROUNDING
        and A4_HEIGHT - SHRUNK - ROUNDING <= height <= A4_HEIGHT + ROUNDING
    )
    if not fits:
        yield Finding("paper", f"{width:.0f} x {height:.0f} mm is not A4 (210 x 297)", page.number)


def _edges(page: Page, marks: list[Mark], rules: PageRules) -> Iterator[Finding]:
    """What stands in the barcode zone or the left margin; the zone's own rule comes first."""
    zone = None
    if rules.barcode is not None:
        area = rules.barcode
        zone = Box(area.left, area.top, area.left + area.width, area.top + area.height)
    margin = rules.left_margin or 0
    in_zone: list[tuple[float, Mark]] = []
    in_margin: list[tuple[float, Mark]] = []
    for mark in marks:
        if zone is not None and mark.box.touches(zone):
            box = page.visible(mark)
            if box is not None and box.touches(zone):
                in_zone.append((zone.right - max(zone.left, box.left), mark))
                continue
        if mark.box.left < margin - ROUNDING:
            box = page.visible(mark)
            if box is not None and box.left < margin - ROUNDING:
                in_margin.append((margin - box.left, mark))
    if in_zone and zone is not None:
        far, mark, more = worst(in_zone)
        yield Finding(
            "barcode",
            f"{named(page, mark)} reaches {far:.1f} mm into the zone kept for the inserting "
            f"machine ({zone.left:g} to {zone.right:g} mm from the left, {zone.top:g} to "
            f"{zone.bottom:g} from the top){more}",
            page.number,
        )
    if in_margin:
        far, mark, more = worst(in_margin)
        yield Finding(
            "margin",
            f"{named(page, mark)} starts {margin - far:.1f} mm from the left edge, "
            f"{margin:g} mm must stay free{more}",
            page.number,
        )

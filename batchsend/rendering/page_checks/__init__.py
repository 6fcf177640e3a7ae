"""The finished pages, held against a channel's rules.

They look at what is really on the page, not at the template. Each finding says which rule, which
page, what text and how many millimetres. A new check is a file and a line in one of two tuples.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from batchsend.errors import RenderingError
from batchsend.rendering.page_checks.address import address
from batchsend.rendering.page_checks.cut_lines import cut_lines
from batchsend.rendering.page_checks.fonts import fonts
from batchsend.rendering.page_checks.overprinted import overprinted
from batchsend.rendering.page_checks.paper import left_edge, outside, paper
from batchsend.rendering.page_checks.recipient import recipient_findings
from batchsend.rendering.page_checks.subject import (
    FULL_SIZE,
    READY_MADE,
    Finding,
    Finished,
    Layout,
    Sheet,
)
from batchsend.rendering.page_checks.unseen import unseen
from batchsend.rendering.page_checks.whole_document import (
    SMALLEST,
    limits,
    shrunk,
    too_long,
    vanished,
)
from batchsend.rendering.pdf.joining import joined
from batchsend.rendering.pdf.opened import NO_UNITS, Pdf, open_pdf, user_units
from batchsend.rendering.pdf.text import bare
from batchsend.rendering.settings import PageRules

__all__ = [
    "FULL_SIZE",
    "READY_MADE",
    "SMALLEST",
    "Finding",
    "Layout",
    "bare",
    "check_pages",
    "check_recipient",
    "names_beyond_postcode",
    "too_long",
]

_OF_THE_DOCUMENT: tuple[Callable[[Finished], Iterator[Finding]], ...] = (limits, shrunk, vanished)
_OF_A_PAGE: tuple[Callable[[Sheet], Iterator[Finding]], ...] = (
    paper,
    fonts,
    outside,
    cut_lines,
    left_edge,
    overprinted,
    unseen,
    address,  # the last one: it has no text read afterwards but what it needs
)


def check_pages(
    pdf: bytes,
    rules: PageRules,
    fields: Mapping[str, Any],
    layout: Layout = READY_MADE,
    *,
    enclosed: bool = False,
) -> list[Finding]:
    """Every rule that the document breaks; `fields` is the request's `Letter` object.

    One that is `enclosed` comes after the letter: it has no address on its first page, and its
    version and size are those of the whole.
    Raises RenderingError where it is no readable PDF.
    """
    if enclosed:
        rules = rules.model_copy(update={"window": None, "max_version": "9", "max_kilobytes": None})
    with open_pdf(pdf) as document:
        finished = Finished(document, len(pdf), rules, fields, layout)
        found = [each for check in _OF_THE_DOCUMENT for each in check(finished)]
        if layout.own:
            found += _on_pages(document, rules, fields, layout)
            as_printed = None
        else:
            as_printed = _as_printed(pdf) if document.has_notes else pdf
    if as_printed is not None:
        with open_pdf(as_printed) as document:
            found += _on_pages(document, rules, fields, layout, user_units(as_printed))
    return [finding for finding in found if getattr(rules.rules, finding.rule) != "off"]


def _on_pages(
    document: Pdf,
    rules: PageRules,
    fields: Mapping[str, Any],
    layout: Layout,
    units: Mapping[int, float] = NO_UNITS,
) -> Iterator[Finding]:
    for page in document.pages(units):
        is_last = page.number == document.page_count
        sheet = Sheet(page, is_last, page.marks(), rules, fields, layout)
        for check in _OF_A_PAGE:
            yield from check(sheet)


def _as_printed(pdf: bytes) -> bytes:
    """A ready-made document with its notes, stamps and form fields on its pages."""
    try:
        return joined(pdf, ())
    except RenderingError:  # one of them cannot be drawn: what else there is can be judged
        return pdf


def check_recipient(pdf: bytes, rules: PageRules, fields: Mapping[str, Any]) -> list[Finding]:
    """Whether a ready-made letter is its recipient's. RenderingError where it cannot be read."""
    if rules.rules.recipient == "off":
        return []
    with open_pdf(pdf) as document:
        return list(recipient_findings(document, fields))


def names_beyond_postcode(pdf: bytes, rules: PageRules, fields: Mapping[str, Any]) -> bool:
    """Whether a PDF that can be read names its recipient, CustomerNo or Reference; others have the
    same postcode. RenderingError where it cannot be read."""
    recipient = {**(fields.get("Invoicee") or {}), "PostCode": ""}
    return not check_recipient(pdf, rules, {**fields, "Invoicee": recipient})

"""A document's limits: pages, bytes, PDF version, encryption."""

from __future__ import annotations

from collections.abc import Iterator

from batchsend.language import _
from batchsend.rendering.page_checks.findings import Finding
from batchsend.rendering.page_checks.subject import Finished


def limits(finished: Finished) -> Iterator[Finding]:
    """What a printer or mailbox cannot take, whatever stands on the pages."""
    pdf, rules = finished.pdf, finished.rules
    if rules.max_pages is not None and pdf.page_count > rules.max_pages:
        sheets = (pdf.page_count + 1) // 2
        yield Finding(
            "pages",
            _(
                "{page_count} pages ({sheets} sheets), at most {max_pages} fit",
                page_count=pdf.page_count,
                sheets=sheets,
                max_pages=rules.max_pages,
            ),
        )
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


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".") if part.isdecimal())

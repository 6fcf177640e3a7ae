"""Words that the engine did not print, since they stand above the page's margin."""

from __future__ import annotations

from collections.abc import Iterator

from batchsend.language import _
from batchsend.rendering.page_checks.findings import Finding
from batchsend.rendering.page_checks.subject import Finished


def vanished(finished: Finished) -> Iterator[Finding]:
    """One, where there are any."""
    words = finished.layout.vanished
    if words:
        text = _("“{words}” stands above the page's margin, where nothing is printed", words=words)
        yield Finding("cut", text, 1)

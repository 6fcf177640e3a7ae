"""What the engine did not print, since it stands above or below the page's margins."""

from __future__ import annotations

from collections.abc import Iterator

from batchsend.language import _
from batchsend.rendering.page_checks.findings import Finding
from batchsend.rendering.page_checks.subject import Finished


def vanished(finished: Finished) -> Iterator[Finding]:
    """One, where there are any."""
    missing = finished.layout.vanished
    if missing:
        text = _(
            "{what} stands above or below the page's margins, where nothing is printed",
            what=missing,
        )
        yield Finding("cut", text, 1)

"""What the engine did not print: it stands where nothing is printed, or is cut off."""

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
            "{what} is not printed: it stands outside the page's margins, or is cut off",
            what=missing,
        )
        yield Finding("cut", text, 1)

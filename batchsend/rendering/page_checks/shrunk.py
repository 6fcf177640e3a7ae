"""Letters that the engine printed smaller, because something was wider than the page."""

from __future__ import annotations

from collections.abc import Iterator

from batchsend.language import _
from batchsend.rendering.page_checks.findings import Finding
from batchsend.rendering.page_checks.subject import Finished

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

"""Finding: a rule of the page that a letter breaks, and how it is put into words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from batchsend.language import _, ngettext
from batchsend.rendering.pdf.boxes import Mark
from batchsend.rendering.pdf.page import Page

SLACK: Final = 0.3
"""Millimetres by which ink may pass a line before anybody could see it."""
_SHOWN: Final = 40


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule broken, once for each page."""

    rule: str
    """A field of `Severities`."""
    message: str
    page: int | None = None
    """None where the document as a whole is meant."""

    def __str__(self) -> str:
        if self.page is None:
            return f"{self.rule}: {self.message}"
        return _(
            "page {page}, {rule}: {message}", page=self.page, rule=self.rule, message=self.message
        )


def named(page: Page, mark: Mark) -> str:
    """A mark as a person would point at it."""
    if not mark.is_text:
        return _("a line or picture")
    text = " ".join(page.text(mark).split())
    return f"“{text[:_SHOWN]}{'…' if len(text) > _SHOWN else ''}”"


def worst(found: Sequence[tuple[float, Mark]]) -> tuple[float, Mark, int]:
    """The one that goes farthest, text before drawings, and how many more there are."""
    far, mark = max(found, key=lambda pair: (pair[0], pair[1].is_text))
    return far, mark, len(found) - 1


def and_more(said: str, others: int) -> str:
    """What was said of one mark, and how many others break the same rule on the page."""
    if not others:
        return said
    return ngettext("{said}; so does one more", "{said}; so do {number} more", others, said=said)

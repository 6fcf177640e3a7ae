"""What a page check gets to see: a finished document, or one of its pages, and the channel's rules.

Every check is a function of one of the two that yields a `Finding` for each rule that is broken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from batchsend.language import _, ngettext
from batchsend.rendering.pdf.boxes import Mark
from batchsend.rendering.pdf.opened import Pdf
from batchsend.rendering.pdf.page import Page
from batchsend.rendering.settings import PageRules


@dataclass(frozen=True, slots=True)
class Layout:
    """What only the engine knows of its pages; what a ready-made PDF has is the default."""

    own: bool = False
    """Whether an engine made the pages just now."""
    scale: float = 1
    """How large things are printed, against the size that the template asks for."""
    too_wide: str = ""
    """What made the engine print everything smaller, in words."""
    may_rise: bool = False
    """Whether the template may put something above or below the page's margins."""
    may_clip: bool = False
    """Whether a text may be cut off, as by `overflow: hidden`."""
    goes_aside: bool = False
    """Whether something may begin to the left of the page's margins, which cut it off."""
    may_be_pale: bool = False
    """Whether a text may have a colour that is nearly white."""
    goes_back: bool = False
    """Whether a text goes back over letters of its own line."""
    vanished: str = ""
    """What the engine did not print: the first words, in quotation marks, or a picture."""


READY_MADE = Layout()
FULL_SIZE = Layout(own=True)


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished document."""

    pdf: Pdf
    size: int
    """Bytes."""
    rules: PageRules
    fields: Mapping[str, Any]
    """The request's `Letter` object."""
    layout: Layout


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of it, open."""

    page: Page
    is_last: bool
    marks: list[Mark]
    rules: PageRules
    fields: Mapping[str, Any]
    layout: Layout


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

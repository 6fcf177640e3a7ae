"""What a page check gets to see: a finished document, or one of its pages, and the channel's rules.

Every check is a function of one of the two that yields a `Finding` for each rule that is broken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from batchsend.rendering.page_settings import PageRules
from batchsend.rendering.pdf.boxes import Mark
from batchsend.rendering.pdf.opened import Pdf
from batchsend.rendering.pdf.page import Page


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

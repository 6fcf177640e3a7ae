"""Drawing: what the worker of a live page does. Small, since a worker starts by importing it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from typing import Final

from batchsend.language import _, speaking
from batchsend.letters import Letter
from batchsend.lists import Column
from batchsend.previews import page_pictures
from batchsend.rendering import PageRules, Renderer, Templates

PAGES: Final = 6
"""So many are pictured."""


def ready() -> None:
    """It has loaded what it needs by then."""


def drawn(  # noqa: PLR0913, PLR0917 - it goes to another process as it is
    templates: Templates,
    columns: Sequence[Column],
    letter: Letter,
    rules: PageRules,
    limits: bool,
    language: str,
) -> tuple[tuple[bytes, ...], int, tuple[str, ...]]:
    """The pictures of a letter's pages, their number, and warnings."""
    with speaking(language):
        document = Renderer(templates, columns).render(letter)
    broken = any(RULE.fullmatch(warning) for warning in document.warnings)
    marks = rules if limits or broken else None
    pictures = tuple(islice(page_pictures(document.pdf, marks), PAGES))
    return pictures, document.pages, document.warnings


RULE: Final = re.compile(r"(?:\w+ (?P<page>\d+), )?(?P<rule>[a-z_]+): (?P<said>.+)", re.DOTALL)
"""How a warning of a finished page names the rule that it breaks, in any language."""


def finding(warning: str) -> str:
    """A rule that the page breaks, without the rule's name."""
    found = RULE.fullmatch(warning)
    said = found["said"] if found else warning
    said = said[:1].upper() + said[1:].rstrip(".")
    if found and found["page"]:
        return _("Page {page}: {said}.", page=int(found["page"]), said=said)
    return f"{said}."

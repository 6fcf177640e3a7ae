"""Drawing: what the worker of a live page does. Small, since a worker starts by importing it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Final

from batchsend.language import speaking
from batchsend.letters import Letter
from batchsend.lists import Column
from batchsend.operations.looking.page_findings import RULE
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

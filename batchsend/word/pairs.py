"""Whether each `{% if %}` and `{% for %}` and its end lie where both can go or stay together.

Between them may be paragraphs, or rows, or a part of a text, but never half of one: a letter would
not be a document any more.
"""

from __future__ import annotations

import re

from batchsend.errors import TemplateError
from batchsend.language import _

_PARTS = re.compile(
    r"\{\{.*?\}\}|\{#.*?#\}|\{%[-+]?\s*(?P<word>\w+).*?%\}"
    r"|<(?P<end>/?)(?P<name>[\w:]+)[^>]*?(?P<empty>/?)>",
    re.DOTALL,
)
_OPENING = {"if", "for"}
_BETWEEN = {"elif", "else"}
_PARAGRAPH = "w:p"


def must_be_whole(source: str) -> None:
    """Raise TemplateError naming the statement that has its end in another place."""
    where: list[tuple[str, int]] = []
    waiting: list[tuple[str, list[tuple[str, int]]]] = []
    for found in _PARTS.finditer(source):
        if name := found["name"]:
            if found["end"]:
                if where:
                    where.pop()
            elif not found["empty"]:
                where.append((name, found.start()))
            continue
        word = found["word"] or ""
        if word in _OPENING:
            waiting.append((found[0], list(where)))
        elif waiting and (word in _BETWEEN or word.removeprefix("end") in _OPENING):
            begun, there = waiting[-1]
            if not _fit(there, where):
                raise TemplateError(
                    _(
                        "{begun} and its {found} do not stand in like places.",
                        begun=begun,
                        found=found[0],
                    ),
                    hint=_(
                        "Put each in a paragraph (or table row) of its own, or both into "
                        "the text of one paragraph."
                    ),
                )
            if word.startswith("end"):
                waiting.pop()


def _fit(one: list[tuple[str, int]], other: list[tuple[str, int]]) -> bool:
    """Whether nothing is cut in half between two places."""
    split = [_at_paragraph(place) for place in (one, other)]
    (around, within), (other_around, other_within) = split
    return around == other_around and [n for n, _other in within] == [
        n for n, _other in other_within
    ]


def _at_paragraph(
    place: list[tuple[str, int]],
) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """What is around the innermost paragraph, and what is within it."""
    last = max(
        (n for n, (name, _other) in enumerate(place) if name == _PARAGRAPH), default=len(place)
    )
    return place[:last], place[last:]

"""The field IF: its condition, and which of its runs are shown when it is true and when false.

Source: ECMA-376 part 1, 17.16.5.24.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Sequence
from typing import Any

from lxml import etree

from batchsend.errors import TemplateError
from batchsend.language import _
from batchsend.word.codes import Codes
from batchsend.word.field_instructions import comparison, literal
from batchsend.word.markup import PRESERVE, Element, run_like, w

_INNER = "\ufffc"
"""Stands for a field within the instruction."""
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"'})
_BREAKS = {"\n": "br", "\t": "tab"}
_PART = r'(?:"[^"]*"|[^\s"<>=]+)'
_IF = re.compile(
    rf"\s*IF\s*(?P<left>{_PART})\s*(?P<operator><>|<=|>=|=|<|>)\s*(?P<right>{_PART})"
    r'\s*(?P<yes>"[^"]*"|[^\s"]+)?\s*(?P<no>"[^"]*"|[^\s"\\]+)?\s*(?:\\\*\s*\w+\s*)*$',
    re.IGNORECASE | re.DOTALL,
)

Piece = Any
"""(run, text) of the instruction; or (field, its runs, the expression it is in a comparison), and
the same of a picture, which is none.
"""


def condition(
    pieces: Sequence[Piece],
    said: str,
    codes: Codes,
    coded: Callable[[str], Element],
) -> list[Element]:
    """The runs that take the place of an IF. Raises TemplateError where it is not understood."""
    text, origins = "", []
    for piece in pieces:
        words = _INNER if len(piece) == 3 else piece[1].translate(_QUOTES)
        text += words
        origins += [piece] * len(words)
    # What a field shows may have quotation marks, but it stands as one character here.
    found = _IF.fullmatch(text)
    if found is None:
        raise TemplateError(
            _("the field {{ {said} }} is not understood.", said=" ".join(said.split())),
            hint=_('An IF is { IF «column» = "value" "shown if so" "shown if not" }.'),
        )
    sides = [_side(found, name, origins, said) for name in ("left", "right")]
    test = comparison(sides[0], found["operator"], sides[1])
    runs = [coded(codes.mark(f"{{% if {test} %}}"))]
    runs += _branch(found, "yes", text, origins)
    if found["no"]:
        runs.append(coded(codes.mark("{% else %}")))
        runs += _branch(found, "no", text, origins)
    return [*runs, coded(codes.mark("{% endif %}"))]


def _side(found: re.Match[str], name: str, origins: Sequence[Piece], said: str) -> str:
    """One side of the comparison, as an expression."""
    words = found[name].strip('"')
    if _INNER not in words:
        return literal(words)
    start = found.start(name)
    parts = []
    for part in re.split(f"({_INNER})", found[name]):
        if part == _INNER:
            expression = origins[start][2]
            if not expression:
                raise TemplateError(
                    _("the field {{ {said} }} is not understood.", said=" ".join(said.split()))
                )
            parts.append(expression)
        elif part.strip('"'):
            parts.append(literal(part.strip('"')))
        start += len(part)
    return parts[0] if len(parts) == 1 else f"({' ~ '.join(parts)})"


def _branch(found: re.Match[str], name: str, text: str, origins: Sequence[Piece]) -> list[Element]:
    """The runs of what is shown in one case, each with its own look."""
    if not found[name]:
        return []
    start, end = found.span(name)
    if text[start] == '"':
        start, end = start + 1, end - 1
    runs: list[Element] = []
    while start < end:
        piece = origins[start]
        if len(piece) == 3:
            runs += [copy.deepcopy(run) for run in piece[1]]
            start += 1
            continue
        stop = start
        while stop < end and origins[stop] is piece:
            stop += 1
        runs.append(_said(piece[0], text[start:stop]))
        start = stop
    return runs


def _said(like: Element, text: str) -> Element:
    if text in _BREAKS:
        return run_like(like, etree.Element(w(_BREAKS[text])))
    content = etree.Element(w("t"))
    content.set(PRESERVE, "preserve")
    content.text = text
    return run_like(like, content)

"""A letter's fields, made those of another list."""

from __future__ import annotations

from collections.abc import Mapping

from batchsend.desk.editing.spans import NotUnderstoodError, spans
from batchsend.expressions import environment


def renamed(source: str, names: Mapping[str, str]) -> str:
    """A letter in which some names are others, wherever an expression has them; the rest as it was.

    >>> renamed("leie: {{ leie | money }} {{ x.leie }}", {"leie": 'row["Ny leie"]'})
    'leie: {{ row["Ny leie"] | money }} {{ x.leie }}'
    """
    try:
        found = list(spans(source))
    except NotUnderstoodError:
        return source
    parts, end = [], 0
    for span in found:
        parts += [source[end : span.start], _renamed(source[span.start : span.end], names)]
        end = span.end
    return "".join([*parts, source[end:]])


def _renamed(code: str, names: Mapping[str, str]) -> str:
    tokens = [(kind, text) for _line, kind, text in environment(autoescape=True).lex(code)]
    if "".join(text for _kind, text in tokens) != code:
        return code  # a comment, or lines that end in another way
    parts: list[str] = []
    solid = [text for kind, text in tokens if kind != "whitespace"]
    at = 0
    for kind, text in tokens:
        if kind == "whitespace":
            parts.append(text)
            continue
        before = solid[at - 1] if at else ""
        after = solid[at + 1] if at + 1 < len(solid) else ""
        is_column = kind == "name" and before not in {".", "|", "is"} and after != "="
        parts.append(names.get(text, text) if is_column else text)
        at += 1
    return "".join(parts)

"""Where the Jinja2 of a letter's source stands, in characters of the source as it is on disk.

Jinja2's own lexer gives no positions, changes line ends, and drops what a `-` trims. So the marks
are found here, and its lexer is asked whether it finds the same.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

import jinja2

from batchsend.expressions import environment

_OPENING: Final = re.compile(r"\{([{%#])")
_STRING: Final = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"", re.DOTALL)
_RAW: Final = re.compile(r"\{%[-+]?\s*raw\s*-?%\}")
_KINDS: Final = {"{": "variable", "%": "block", "#": "comment"}
_CLOSING: Final = {"variable": "}}", "block": "%}", "comment": "#}"}
_PAIRS: Final = {")": "(", "]": "[", "}": "{"}
_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Span:
    """One `{{ … }}`, `{% … %}` or `{# … #}`."""

    kind: str
    """`variable`, `block` or `comment`."""
    start: int
    end: int
    inner: str
    """What stands between its marks, without the `-` or `+` beside them."""

    @property
    def word(self) -> str:
        """The first word of it, as `for`; empty where there is none."""
        found = _WORD.match(self.inner.lstrip())
        return found[0] if found else ""


class NotUnderstoodError(ValueError):
    """A source whose Jinja2 cannot be placed, or is no Jinja2."""


def spans(source: str) -> list[Span]:
    """Every mark of Jinja2 in `source`, in order. Raises NotUnderstoodError.

    >>> [(each.kind, each.inner) for each in spans("Hei, {{ navn }}{# her #}!")]
    [('variable', ' navn '), ('comment', ' her ')]
    """
    if _RAW.search(source):
        raise NotUnderstoodError("raw")
    found, at = [], 0
    while opening := _OPENING.search(source, at):
        kind = _KINDS[opening[1]]
        end = _end(source, opening.end(), kind)
        found.append(Span(kind, opening.start(), end, _inner(source[opening.end() : end - 2])))
        at = end
    if [(each.kind, _even(each.inner)) for each in found] != _as_jinja_sees(source):
        raise NotUnderstoodError("seen differently")
    return found


def masked(source: str, found: list[Span]) -> str:
    """`source`, each mark of Jinja2 covered by as many characters that HTML takes for letters."""
    parts, at = [], 0
    for each in found:
        parts += [source[at : each.start], COVER * (each.end - each.start)]
        at = each.end
    return "".join([*parts, source[at:]])


COVER: Final = "\ue000"
"""Of the private use area: it stands in no letter, and a source that has it is not understood."""


def _end(source: str, at: int, kind: str) -> int:
    """Where a mark ends that began just before `at`."""
    closing = _CLOSING[kind]
    if kind == "comment":
        end = source.find(closing, at)
        if end < 0:
            raise NotUnderstoodError("a comment without an end")
        return end + 2
    open_brackets: list[str] = []
    while at < len(source):
        if not open_brackets and source.startswith(closing, at):
            return at + 2
        character = source[at]
        if string := _STRING.match(source, at):
            at = string.end()
            continue
        if character in "([{":
            open_brackets.append(character)
        elif character in _PAIRS and (
            not open_brackets or open_brackets.pop() != _PAIRS[character]
        ):
            raise NotUnderstoodError("brackets that do not fit")
        at += 1
    raise NotUnderstoodError("a mark without an end")


def _inner(text: str) -> str:
    text = text[1:] if text[:1] in {"-", "+"} else text
    return text[:-1] if text[-1:] in {"-", "+"} else text


def _even(text: str) -> str:
    """Without what the two lexers may see differently and nobody else: blanks and signs at ends."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFC", text)).strip("-+")


def _as_jinja_sees(source: str) -> list[tuple[str, str]]:
    """Kind and content of each mark, by Jinja2's lexer."""
    seen: list[tuple[str, str]] = []
    inside: list[str] | None = None
    jinja = environment(autoescape=True)
    try:
        for _, token, value in jinja.lexer.tokeniter(jinja.preprocess(source), None):
            if token in {"variable_begin", "block_begin", "comment_begin"}:
                inside = []
            elif token in {"variable_end", "block_end", "comment_end"} and inside is not None:
                seen.append((token.removesuffix("_end"), _even("".join(inside))))
                inside = None
            elif inside is not None:
                inside.append(value)
    except jinja2.TemplateSyntaxError as error:
        raise NotUnderstoodError(error.message or "no Jinja2") from None
    return seen

"""The editor's document back into the letter's source.

What was not changed is copied, character for character. A paragraph that was changed keeps its own
tags and place; only its text is written. Whatever a browser sends, nothing but text, fields and
pieces of this very source can come out.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from batchsend.desk.editing.document import LOCKED, TEXTS, locked_runs
from batchsend.desk.editing.pieces import LISTS, Piece, TextRun, tidy
from batchsend.desk.editing.spans import NotUnderstoodError, spans

_TAGS: Final = {kind: tag for tag, kind in LISTS.items()} | {"list_item": "li", "paragraph": "p"}
_NEW: Final = frozenset({"paragraph", "heading", *_TAGS})
"""What somebody can add; everything else is a copy of what is there."""
_INSIDE: Final = {
    "doc": frozenset({"paragraph", "heading", "locked", "group", "table", *LISTS.values()}),
    "bullet_list": frozenset({"list_item", "locked_item"}),
    "ordered_list": frozenset({"list_item", "locked_item"}),
    "table": frozenset({"table_section", "table_row", "locked_row"}),
    "table_section": frozenset({"table_row", "locked_row"}),
    "table_row": frozenset({"table_cell", "locked_cell"}),
}
_MARKS: Final = frozenset({"strong", "em"})
_DEEPEST: Final = 30
_LONGEST_FIELD: Final = 2_000


class NotADocumentError(ValueError):
    """What was sent is no document of this letter."""


def written(letter: Piece, source: str, doc: Any) -> str:
    """`source` with the letter's text as `doc` has it.

    `doc` is ProseMirror's JSON as `document` made it, changed by somebody.
    Raises NotADocumentError where it is not.
    """
    writer = _Writer(letter, source)
    return (
        source[: letter.start]
        + writer.inside("doc", letter, _content(doc, "doc"), 0)
        + source[letter.end :]
    )


class _Writer:
    def __init__(self, letter: Piece, source: str) -> None:
        self._source = source
        self._pieces = {piece.number: piece for piece in letter.within()}
        self._locked = dict(locked_runs(letter))
        self._used: set[int] = set()
        self._newline = "\r\n" if "\r\n" in source else "\n"

    def inside(self, kind: str, container: Piece | None, nodes: Sequence[Any], depth: int) -> str:
        """What stands in a container: its blocks, each with the blanks before it."""
        if depth > _DEEPEST:
            raise NotADocumentError("too deep")
        if container is not None and not container.children and _is_empty(nodes):
            return self._source[container.open_end : container.close_start]
        parts: list[str] = []
        gap, bare = self._first_gap(container), False
        for n, node in enumerate(nodes):
            piece = self._original(node)
            is_first_use = piece is not None and piece.number not in self._used
            if piece is not None:
                self._used.add(piece.number)
            is_home = (
                is_first_use
                and piece is not None
                and container is not None
                and piece.parent == container.number
            )
            bare = not bare and self._is_bare(kind, node, n, piece if is_home else None)
            text = self._block(kind, node, piece, bare=bare, depth=depth, copied=not is_first_use)
            if is_home and piece is not None:
                gap = piece.gap or gap
                parts.append(piece.gap)
            elif not bare:
                parts.append(gap)
            parts.append(text)
        return "".join(parts) + self._tail(container, parts)

    def _first_gap(self, container: Piece | None) -> str:
        """The blanks before a new block: those of its siblings."""
        gaps = [each.gap for each in container.children] if container is not None else []
        return next((gap for gap in gaps if "\n" in gap), gaps[0] if gaps else self._newline)

    def _tail(self, container: Piece | None, parts: list[str]) -> str:
        if container is not None and container.children:
            return container.tail
        return self._newline if any("\n" in part for part in parts[:1]) else ""

    def _is_bare(self, inside: str, node: Any, n: int, piece: Piece | None) -> bool:
        """Whether a paragraph stands without tags of its own."""
        if _type(node) != "paragraph":
            return False
        if piece is not None:
            return not piece.tag
        return n == 0 and inside in {"list_item", "table_cell"}

    def _block(  # noqa: PLR0913 - what a block is, and where it stands
        self, inside: str, node: Any, piece: Piece | None, *, bare: bool, depth: int, copied: bool
    ) -> str:
        kind = _type(node)
        if kind not in _INSIDE.get(inside, _INSIDE["doc"]):
            raise NotADocumentError(f"{kind} in {inside}")
        if kind in LOCKED:
            if piece is None or piece.kind != kind:
                raise NotADocumentError("an unknown locked piece")
            return self._source[piece.start : piece.end]
        begin, end = self._tags(kind, node, piece, bare=bare, copied=copied)
        if kind not in TEXTS:
            return f"{begin}{self.inside(kind, piece, _content(node, kind), depth + 1)}{end}"
        runs = tuple(tidy(self._runs(node)))
        if piece is not None and _same(runs, piece.runs) and piece.kind in TEXTS:
            inner = self._source[piece.open_end : piece.close_start]
            return f"{begin}{inner.strip() if bare and piece.tag else inner}{end}"
        lead, tail = (piece.lead, piece.tail) if piece is not None and not bare else ("", "")
        return f"{begin}{lead}{self._text(runs)}{tail}{end}"

    def _tags(
        self, kind: str, node: Any, piece: Piece | None, *, bare: bool, copied: bool
    ) -> tuple[str, str]:
        """A block's own tags, or new ones."""
        if bare:
            return "", ""
        tag = _TAGS.get(kind, "")
        if kind == "heading":
            level = node.get("attrs", {}).get("level")
            if level not in range(1, 7):
                raise NotADocumentError("a heading of no level")
            tag = f"h{level}"
        if (
            piece is not None
            and piece.kind == kind
            and piece.tag
            and piece.tag == (tag or piece.tag)
        ):
            begin = self._source[piece.start : piece.open_end]
            if copied and re.search(r"\sid\s*=", begin, re.IGNORECASE):
                begin = f"<{piece.tag}>"
            return begin, self._source[piece.close_start : piece.end]
        if kind not in _NEW:
            raise NotADocumentError(f"a new {kind}")
        return f"<{tag}>", f"</{tag}>"

    def _original(self, node: Any) -> Piece | None:
        """The piece that a block is, or was copied from."""
        if not isinstance(node, Mapping) or not isinstance(node.get("attrs", {}), Mapping):
            raise NotADocumentError("no node")
        number = node.get("attrs", {}).get("id")
        if number is None:
            return None
        if not isinstance(number, int) or number not in self._pieces:
            raise NotADocumentError("an unknown piece")
        piece = self._pieces[number]
        both_texts = piece.kind in TEXTS and _type(node) in TEXTS
        return piece if piece.kind == _type(node) or both_texts else None

    def _runs(self, node: Any) -> Iterator[TextRun]:
        for each in _content(node, "text"):
            kind, attrs = _type(each), each.get("attrs", {})
            marks = frozenset(_type(mark) for mark in each.get("marks", ()))
            if not marks <= _MARKS or not isinstance(attrs, Mapping):
                raise NotADocumentError("an unknown mark")
            if kind == "text" and isinstance(each.get("text"), str):
                yield TextRun("text", each["text"], marks)
            elif kind == "hard_break":
                yield TextRun("hard_break", "", marks)
            elif kind == "field":
                yield TextRun("field", _field(attrs.get("source")), marks)
            elif kind == "locked_inline" and attrs.get("id") in self._locked:
                yield TextRun("locked_inline", str(attrs["id"]), marks)
            else:
                raise NotADocumentError(f"{kind} in a text")

    def _text(self, runs: Sequence[TextRun]) -> str:
        """Runs as HTML, `<strong>` around `<em>`."""
        parts = []
        for strong, group in groupby(runs, lambda run: "strong" in run.marks):
            inner = []
            for em, few in groupby(group, lambda run: "em" in run.marks):
                text = "".join(map(self._run, few))
                inner.append(f"<em>{text}</em>" if em else text)
            text = "".join(inner)
            parts.append(f"<strong>{text}</strong>" if strong else text)
        return "".join(parts)

    def _run(self, run: TextRun) -> str:
        if run.kind == "text":
            return escaped(run.text)
        if run.kind == "field":
            return run.text
        if run.kind == "hard_break":
            return "<br>"
        node = self._locked[int(run.text)].node
        assert node is not None  # noqa: S101 - locked runs have one
        return self._source[node.start : node.end]


def escaped(text: str) -> str:
    """A text that is neither markup nor Jinja2, whatever stands after it.

    >>> escaped("Bø & {{ navn }}")
    'Bø &amp; &#123;{ navn }}'
    """
    safe = html.escape(text, quote=False)
    safe = re.sub(r"\{(?=[{%#]|$)", "&#123;", safe)
    return "".join(_NAMED.get(character, character) for character in safe)


_NAMED: Final = {"\u00a0": "&nbsp;", "\u00ad": "&shy;", "\0": "\ufffd", "\ue000": "\ufffd"}


def _field(source: Any) -> str:
    """A field's own text, if it is one expression and nothing else."""
    text = source if isinstance(source, str) and len(source) < _LONGEST_FIELD else ""
    try:
        found = [(each.kind, each.start, each.end) for each in spans(text)]
    except NotUnderstoodError:
        found = []
    if found != [("variable", 0, len(text))]:
        raise NotADocumentError("a field that is none")
    return text


def _same(one: Sequence[TextRun], other: Sequence[TextRun]) -> bool:
    return [(r.kind, r.text, r.marks) for r in one] == [(r.kind, r.text, r.marks) for r in other]


def _is_empty(nodes: Sequence[Any]) -> bool:
    return all(_type(node) == "paragraph" and not node.get("content") for node in nodes)


def _content(node: Any, kind: str) -> Sequence[Any]:
    content = node.get("content", []) if isinstance(node, Mapping) else None
    if not isinstance(content, list) or (kind == "doc" and _type(node) != "doc"):
        raise NotADocumentError("no document")
    return content


def _type(node: Any) -> str:
    kind = node.get("type") if isinstance(node, Mapping) else None
    if not isinstance(kind, str):
        raise NotADocumentError("a node without a type")
    return kind

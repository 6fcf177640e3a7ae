"""The tree of a letter's source as what a person edits: paragraphs, lists, tables, fields.

What cannot be edited without losing something of it is a locked piece, shown with its words.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from batchsend.desk.editing.tree import Node

HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
LISTS: Final = {"ul": "bullet_list", "ol": "ordered_list"}
GROUPS: Final = frozenset(
    {"div", "section", "article", "aside", "blockquote", "header", "footer", "main", "figure"}
)
MARKS: Final = {"strong": "strong", "b": "strong", "em": "em", "i": "em"}
SECTIONS: Final = frozenset({"thead", "tbody", "tfoot"})
_BLOCKS: Final = (
    frozenset({"p", "li", "dl", "dt", "dd", "hr", "pre", "tr", "td", "th", "caption", "colgroup"})
    | frozenset({"address", "form", "figcaption", "nav", "fieldset", "details", "script", "style"})
    | HEADINGS.keys()
    | LISTS.keys()
    | GROUPS
    | SECTIONS
    | {"table"}
)
_LOCKED_IN: Final = {
    "bullet_list": "locked_item",
    "ordered_list": "locked_item",
    "table": "locked_row",
    "table_section": "locked_row",
    "table_row": "locked_cell",
}
BLANK: Final = " \t\r\n\f"
_BLANKS: Final = re.compile(f"[{BLANK}]+")


@dataclass(frozen=True, slots=True)
class TextRun:
    """A stretch of a paragraph: text, a field, a line's end, or a locked piece."""

    kind: str
    """`text`, `field`, `hard_break` or `locked_inline`."""
    text: str = ""
    """Of a text what is read, of a field its `{{ … }}`, of a locked piece its number."""
    marks: frozenset[str] = frozenset()
    node: Node | None = None


@dataclass(slots=True)
class Piece:
    """A block of the letter; places are in characters of the whole source."""

    kind: str
    """The name of its node in the editor's document."""
    number: int
    start: int
    open_end: int
    close_start: int
    end: int
    gap: str = ""
    """The blanks before it."""
    tail: str = ""
    """The blanks before its own end, after its last block."""
    tag: str = ""
    """Empty for text that stands in its container without an element of its own."""
    parent: int = 0
    children: list[Piece] = field(default_factory=list)
    runs: tuple[TextRun, ...] = ()
    lead: str = ""
    """The blanks after its own beginning, before its first word."""

    def within(self) -> Iterator[Piece]:
        """It and every piece in it."""
        yield self
        for child in self.children:
            yield from child.within()


def pieces(root: Node, source: str) -> Piece:
    """The letter as one piece of kind `doc`, numbered from 0 in the order of the source."""
    return _Reader(source).container("doc", root)


class _Reader:
    def __init__(self, source: str) -> None:
        self._source = source
        self._count = 0

    def container(self, kind: str, node: Node) -> Piece:
        """A piece with blocks in it, whatever they are."""
        piece = self._piece(kind, node)
        gap = ""
        for part in _parts(node.children, self._source):
            if isinstance(part, str):
                gap += part
                continue
            child = self._block(kind, part)
            child.parent = piece.number
            child.gap, gap = gap, ""
            piece.children.append(child)
        piece.tail = gap
        return piece

    def _block(self, inside: str, part: Node | list[Node]) -> Piece:
        if isinstance(part, list):
            return self._bare(inside, part)
        kind = _kind(inside, part)
        if kind in {"paragraph", "heading"}:
            return self._text(kind, part)
        if kind and any(not self._blank(child) for child in part.children):
            return self._whole(kind, part)
        if kind == "table_cell":
            return self._piece(kind, part)
        return self._locked(inside, part)

    def _whole(self, kind: str, node: Node) -> Piece:
        """A container that can be edited; or locked where something in it has no place there."""
        before = self._count
        piece = self.container(kind, node)
        allowed = {
            "bullet_list": {"list_item", "locked_item"},
            "ordered_list": {"list_item", "locked_item"},
            "table": {"table_section", "table_row", "locked_row"},
            "table_section": {"table_row", "locked_row"},
            "table_row": {"table_cell", "locked_cell"},
        }.get(kind)
        if allowed is None or all(child.kind in allowed for child in piece.children):
            return piece
        self._count = before
        return self._piece("locked", node)

    def _text(self, kind: str, node: Node) -> Piece:
        piece = self._piece(kind, node)
        if any(_is_block(each) for child in node.children for each in child.within()):
            piece.kind = "locked"
            return piece
        self._fill(piece, node.children)
        return piece

    def _bare(self, inside: str, nodes: list[Node]) -> Piece:
        """A run of text in a container, without an element of its own."""
        if inside in _LOCKED_IN:
            return self._piece(_LOCKED_IN[inside], _spanning(nodes))
        piece = self._piece("paragraph", _spanning(nodes))
        piece.tag = ""
        self._fill(piece, nodes)
        return piece

    def _fill(self, piece: Piece, nodes: list[Node]) -> None:
        inner = self._source[piece.open_end : piece.close_start]
        piece.lead = inner[: len(inner) - len(inner.lstrip(BLANK))]
        piece.tail = inner[len(inner.rstrip(BLANK)) :] if inner.strip(BLANK) else ""
        piece.runs = tuple(tidy(self._runs(nodes, frozenset())))

    def _runs(self, nodes: list[Node], marks: frozenset[str]) -> Iterator[TextRun]:
        for node in nodes:
            written = self._source[node.start : node.end]
            if node.kind == "text":
                yield TextRun("text", html.unescape(written), marks)
            elif node.kind == "expression":
                yield TextRun("field", written, marks)
            elif node.name in MARKS and node.kind == "element" and self._plain(node):
                yield from self._runs(node.children, marks | {MARKS[node.name]})
            elif node.name == "br" and node.kind == "element" and self._plain(node):
                yield TextRun("hard_break", "", marks)
            else:
                number = self._next()
                yield TextRun("locked_inline", str(number), marks, node)

    def _plain(self, node: Node) -> bool:
        """Whether an element has no attributes, which the editor would lose."""
        written = self._source[node.start : node.open_end].lower()
        return written.strip("<>/ ") == node.name

    def _locked(self, inside: str, node: Node) -> Piece:
        return self._piece(_LOCKED_IN.get(inside, "locked"), node)

    def _piece(self, kind: str, node: Node) -> Piece:
        tag = node.name if node.kind == "element" else ""
        return Piece(
            kind, self._next(), node.start, node.open_end, node.close_start, node.end, tag=tag
        )

    def _next(self) -> int:
        self._count += 1
        return self._count - 1

    def _blank(self, node: Node) -> bool:
        return node.kind == "text" and not self._source[node.start : node.end].strip(BLANK)


def tidy(runs: Iterator[TextRun]) -> Iterator[TextRun]:
    """Runs as they are compared: blanks as a browser shows them, texts of one look joined."""
    found: list[TextRun] = []
    for run in runs:
        if run.kind != "text":
            _rstrip(found if run.kind == "hard_break" else [])
            found.append(TextRun(run.kind, run.text, run.marks, run.node))
            continue
        text = _BLANKS.sub(" ", run.text)
        last = found[-1] if found else TextRun("hard_break")
        if last.kind == "hard_break" or (last.kind == "text" and last.text.endswith(" ")):
            text = text.lstrip(" ")
        if not text:
            continue
        if last.kind == "text" and last.marks == run.marks:
            found[-1] = TextRun("text", last.text + text, run.marks)
        else:
            found.append(TextRun("text", text, run.marks))
    _rstrip(found)
    yield from found


def _rstrip(found: list[TextRun]) -> None:
    """Take the blank off the end of the last run, and the run with it where that was all."""
    if found and found[-1].kind == "text" and found[-1].text.endswith(" "):
        last = found.pop()
        if text := last.text.rstrip(" "):
            found.append(TextRun("text", text, last.marks))


def _parts(nodes: list[Node], source: str) -> Iterator[Node | list[Node] | str]:
    """A container's children as blocks, runs of text without an element, and blanks between."""
    run: list[Node] = []
    for node in [*nodes, None]:
        if node is not None and not any(_is_block(each) for each in node.within()):
            run.append(node)
            continue
        yield from _run(run, source)
        run = []
        if node is not None:
            yield node


def _run(run: list[Node], source: str) -> Iterator[Node | list[Node] | str]:
    """Text is one part, with whatever stands in it; comments and statements are each their own."""
    texts = [_of_text(part) for node in run for part in _cut(node, source)]
    is_text = any(_reads(node, source) for node in run)
    nodes = [node for node in texts if node is not None]
    if not is_text:
        for node in nodes:
            yield source[node.start : node.end] if node.kind == "text" else node
        return
    first = next(n for n, node in enumerate(nodes) if not _is_blank(node, source))
    last = len(nodes) - next(
        n for n, node in enumerate(reversed(nodes)) if not _is_blank(node, source)
    )
    yield "".join(source[node.start : node.end] for node in nodes[:first])
    yield nodes[first:last]
    yield "".join(source[node.start : node.end] for node in nodes[last:])


def _cut(node: Node, source: str) -> Iterator[tuple[Node, int, int]]:
    """A text as its blanks at the beginning, its words, and its blanks at the end."""
    written = source[node.start : node.end]
    if node.kind != "text" or not written.strip(BLANK):
        yield node, node.start, node.end
        return
    begin = node.start + len(written) - len(written.lstrip(BLANK))
    end = node.start + len(written.rstrip(BLANK))
    for start, stop in ((node.start, begin), (begin, end), (end, node.end)):
        if stop > start:
            yield node, start, stop


def _of_text(part: tuple[Node, int, int]) -> Node | None:
    node, start, end = part
    return Node("text", "", start, end, end, end) if node.kind == "text" else node


def _is_blank(node: Node, source: str) -> bool:
    return node.kind == "text" and not source[node.start : node.end].strip(BLANK)


def _reads(node: Node, source: str) -> bool:
    """Whether it is text by itself, and not only beside text."""
    return node.kind in {"expression", "element"} or (
        node.kind == "text" and not _is_blank(node, source)
    )


def _is_block(node: Node) -> bool:
    return node.kind == "element" and node.name in _BLOCKS


def _spanning(nodes: list[Node]) -> Node:
    start, end = nodes[0].start, nodes[-1].end
    return Node("bare", "", start, start, end, end, nodes)


def _kind(inside: str, node: Node) -> str:
    """What a block is in the editor, in such a container; empty where it has no place there."""
    if node.kind != "element":
        return ""
    if inside in _PLACES:
        return _PLACES[inside].get(node.name, "")
    return _ANYWHERE.get(node.name, "")


_ROWS: Final = {"tr": "table_row"}
_PLACES: Final = {
    **{kind: {"li": "list_item"} for kind in LISTS.values()},
    "table": _ROWS | dict.fromkeys(SECTIONS, "table_section"),
    "table_section": _ROWS,
    "table_row": {"td": "table_cell", "th": "table_cell"},
}
"""What an element is in a container that takes only some, by its tag."""
_ANYWHERE: Final = {
    **dict.fromkeys(HEADINGS, "heading"),
    **dict.fromkeys(GROUPS, "group"),
    **LISTS,
    "p": "paragraph",
    "table": "table",
}

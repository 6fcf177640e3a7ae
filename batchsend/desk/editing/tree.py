"""A part of a letter's source as a tree of elements and of Jinja2's blocks, each with its place.

The tree covers the source without a gap and without an overlap: what is not understood to the
character is refused, and the letter is then edited as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

from batchsend.desk.editing.spans import COVER, NotUnderstoodError, Span, masked, spans

VOID: Final = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)
_PAIRED: Final = frozenset({"for", "if", "macro", "call", "filter", "block", "with", "autoescape"})
_BRANCHES: Final = frozenset({"elif", "else"})


@dataclass(slots=True)
class Node:
    """A piece of the source; places are in characters of the whole source."""

    kind: str
    """`element`, `text`, `expression` (`{{ … }}`), `statement` (`{% … %}`) or `comment`."""
    name: str
    """An element's tag or a statement's first word."""
    start: int
    open_end: int
    close_start: int
    end: int
    children: list[Node] = field(default_factory=list)

    def within(self) -> Iterator[Node]:
        """It and everything in it."""
        yield self
        for child in self.children:
            yield from child.within()


def region(source: str, found: list[Span]) -> tuple[int, int]:
    """Where the letter's own text stands: in `<main>`, or else in `<body>`, or everywhere.

    Raises NotUnderstoodError where there are two of them.
    """
    covered = masked(source, found)
    for name in ("main", "body"):
        opening = list(re.finditer(rf"<{name}(?=[\s>])[^<>]*>", covered, re.IGNORECASE))
        closing = list(re.finditer(rf"</{name}\s*>", covered, re.IGNORECASE))
        if len(opening) > 1 or len(closing) > 1:
            raise NotUnderstoodError(f"<{name}> twice")
        if opening and closing:
            return opening[0].end(), closing[0].start()
    return 0, len(source)


def tree(source: str) -> Node:
    """The letter's own text, as the children of one node. Raises NotUnderstoodError."""
    if COVER in source or "\0" in source:
        raise NotUnderstoodError("a character of no script")
    found = spans(source)
    start, end = region(source, found)
    reader = _Tokens(masked(source, found)[start:end], start)
    root = Node("element", "", start, start, end, end)
    stack = [root]
    for node in _with_jinja(reader.tokens(), found):
        _put(stack, node)
    if len(stack) > 1:
        raise NotUnderstoodError(f"{stack[-1].name} is not closed")
    return root


def _put(stack: list[Node], node: Node) -> None:
    """Hang a token into the tree, or close what it closes."""
    closes = node.kind in {"end", "statement"} and node.name.removeprefix("end")
    if node.kind == "end" or (node.kind == "statement" and node.name.startswith("end")):
        opened = stack.pop()
        wanted = "element" if node.kind == "end" else "statement"
        name = node.name if node.kind == "end" else closes
        if not stack or (opened.kind, opened.name) != (wanted, name):
            raise NotUnderstoodError(f"{node.name} closes {opened.name}")
        opened.close_start, opened.end = node.start, node.end
        return
    if node.kind == "statement" and node.name in _BRANCHES and stack[-1].kind != "statement":
        raise NotUnderstoodError(f"{node.name} without its beginning")
    stack[-1].children.append(node)
    if node.kind == "element" and node.name not in VOID:
        stack.append(node)
    if node.kind == "statement" and node.close_start < 0:
        stack.append(node)


def _with_jinja(tokens: Iterator[Node], found: list[Span]) -> Iterator[Node]:
    """The tokens, texts cut where Jinja2 stands in them; what stands within a tag is its own."""
    for token in tokens:
        if token.kind != "text":
            yield token
            continue
        at = token.start
        for each in (s for s in found if token.start <= s.start < token.end):
            if each.start > at:
                yield _leaf("text", "", at, each.start)
            yield _of_span(each)
            at = each.end
        if at < token.end:
            yield _leaf("text", "", at, token.end)


def _of_span(span: Span) -> Node:
    kind = {"variable": "expression", "block": "statement"}.get(span.kind, span.kind)
    node = _leaf(kind, span.word, span.start, span.end)
    is_pair = span.word in _PAIRED or (span.word == "set" and "=" not in span.inner)
    if span.kind == "block" and is_pair:
        node.close_start = -1  # until its end is found
    return node


def _leaf(kind: str, name: str, start: int, end: int) -> Node:
    return Node(kind, name, start, end, end, end)


class _Tokens(HTMLParser):
    """HTML's tokens with their places; each must be all that stands between it and the next."""

    def __init__(self, text: str, offset: int) -> None:
        super().__init__(convert_charrefs=False)
        self._text, self._offset = text, offset
        self._lines = [0, *(found.end() for found in re.finditer("\n", text))]
        self._found: list[tuple[str, str, int, str | None]] = []

    def tokens(self) -> Iterator[Node]:
        """Elements' beginnings (`element`) and ends (`end`), texts and comments."""
        self.feed(self._text)
        self.close()
        ends = [*(at for _, _, at, _ in self._found[1:]), len(self._text)][: len(self._found)]
        if self._text and (not self._found or self._found[0][2] != 0):
            raise NotUnderstoodError("something before the first token")
        texts: tuple[int, int] | None = None
        for (kind, name, at, written), end in zip(self._found, ends, strict=True):
            there = self._text[at:end]
            if written is None:
                whole = re.fullmatch(rf"</{re.escape(name)}\s*>", there, re.IGNORECASE)
                if whole is None:
                    raise NotUnderstoodError(f"an end of {name} that is none")
            elif written != there:
                raise NotUnderstoodError(f"{there[:20]!r} is not all read")
            if kind == "text":
                texts = (texts[0] if texts else at, end)
                continue
            if texts:
                yield _leaf("text", "", self._offset + texts[0], self._offset + texts[1])
                texts = None
            yield _leaf(kind, name, self._offset + at, self._offset + end)
        if texts:
            yield _leaf("text", "", self._offset + texts[0], self._offset + texts[1])

    def _note(self, kind: str, name: str, written: str | None) -> None:
        line, column = self.getpos()
        self._found.append((kind, name, self._lines[line - 1] + column, written))

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - HTMLParser's
        self._note("element", tag, self.get_starttag_text() or "")

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        if tag not in VOID:
            raise NotUnderstoodError(f"<{tag}/> closes nothing")
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self._note("end", tag, None)

    def handle_data(self, data: str) -> None:
        self._note("text", "", data)

    def handle_entityref(self, name: str) -> None:
        self._reference(f"&{name}")

    def handle_charref(self, name: str) -> None:
        self._reference(f"&#{name}")

    def _reference(self, begun: str) -> None:
        line, column = self.getpos()
        at = self._lines[line - 1] + column
        end = at + len(begun)
        self._note("text", "", self._text[at : end + (self._text[end : end + 1] == ";")])

    def handle_comment(self, data: str) -> None:
        self._note("comment", "", f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        raise NotUnderstoodError(f"<!{decl[:20]}>")

    def unknown_decl(self, data: str) -> None:
        raise NotUnderstoodError(f"<![{data[:20]}]>")

    def handle_pi(self, data: str) -> None:
        raise NotUnderstoodError(f"<?{data[:20]}>")

"""Where a statement belongs: between paragraphs, between rows of a table, or where it stands.

`{% if … %}` alone in a paragraph is about the paragraphs up to its `{% endif %}`; the paragraph
itself goes. Alone in a row of a table, or at its first cell's beginning with its end in the last
cell, it is about rows. A row that shows `rows.X` is repeated. The names of elements are handed in:
the same holds for WordprocessingML and for HTML.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from batchsend.word.codes import Codes
from batchsend.word.columns import EACH, FIELD
from batchsend.word.markup import Element

_TEXT = etree.XPath("descendant::text()")


@dataclass(frozen=True, slots=True)
class Names:
    """What elements are called."""

    paragraph: str
    row: str
    cells: tuple[str, ...]
    text: str | None
    """The element that has text in it; None where any may."""
    pictures: tuple[str, ...]
    closed: tuple[str, ...]
    """Elements that must end with a paragraph."""
    ends: str = ""
    """An element that must not go with its paragraph."""


def put_in_place(root: Element, codes: Codes, names: Names) -> None:
    """Change a tree in place."""
    for row in reversed(list(root.iter(names.row))):
        _place_row(row, codes, names)
    for paragraph in list(root.iter(names.paragraph)):
        _place_paragraph(paragraph, codes, names)


def _texts(element: Element, names: Names, *, own: bool = False) -> Iterator[str]:
    """Marks and texts below an element, in order; `own`: without those of tables in its cells."""
    for text in _TEXT(element):
        holder = text.getparent()
        if names.text is not None and not (text.is_text and holder.tag == names.text):
            continue
        if not own or next(holder.iterancestors(names.row), None) is element:
            yield from _parts(text)


def _parts(text: str) -> Iterator[str]:
    """Marks and what stands between them, blank texts left out."""
    for part in Codes.split(str(text)):
        if Codes.is_mark(part) or part.strip():
            yield part


def _place_row(row: Element, codes: Codes, names: Names) -> None:
    parts = list(_texts(row, names))
    if not parts:
        return
    if all(map(codes.statement, parts)) and not _has_pictures(row, names):
        _move(row, parts)
        _keep_tail(row)
        row.getparent().remove(row)
        return
    own = filter(Codes.is_mark, _texts(row, names, own=True))
    if any(f"{EACH}.{FIELD.prefix}" in codes.restored(mark) for mark in own):
        _around(row, codes.mark(f"{{% for {EACH} in rows %}}"), codes.mark("{% endfor %}"))
        return
    first, last = codes.statement(parts[0]), codes.statement(parts[-1])
    cells = list(row.iter(*names.cells))
    if first in {"for", "if"} and last == f"end{first}" and len(cells) > 1:
        if not _is_whole(parts[1:-1], codes):
            return
        _take_out(row, parts[0], names)
        _take_out(row, parts[-1], names)
        _around(row, parts[0], parts[-1])


def _is_whole(parts: list[str], codes: Codes) -> bool:
    """Whether what begins in here ends in here."""
    depth = 0
    for word in map(codes.statement, parts):
        depth += (word in {"for", "if"}) - (word in {"endfor", "endif"})
        if depth < 0:
            return False
    return depth == 0


def _place_paragraph(paragraph: Element, codes: Codes, names: Names) -> None:
    parts = list(_texts(paragraph, names))
    if not parts or not all(map(codes.statement, parts)) or _has_pictures(paragraph, names):
        return
    parent = paragraph.getparent()
    is_last = parent.tag in names.closed and paragraph.getnext() is None
    _move(paragraph, parts)
    if is_last or (names.ends and next(paragraph.iter(names.ends), None) is not None):
        for part in parts:
            _take_out(paragraph, part, names)
    else:
        _keep_tail(paragraph)
        parent.remove(paragraph)


def _has_pictures(element: Element, names: Names) -> bool:
    return next(element.iter(*names.pictures), None) is not None


def _around(element: Element, before: str, after: str) -> None:
    _move(element, [before])
    element.tail = after + (element.tail or "")


def _move(element: Element, parts: list[str]) -> None:
    """Put marks in front of an element."""
    said = "".join(parts)
    previous = element.getprevious()
    if previous is None:
        parent = element.getparent()
        parent.text = (parent.text or "") + said
    else:
        previous.tail = (previous.tail or "") + said


def _keep_tail(element: Element) -> None:
    """What stands after an element, that it would take along as it goes."""
    if element.tail:
        _move(element, [element.tail])
        element.tail = None


def _take_out(element: Element, mark: str, names: Names) -> None:
    for inner in element.iter(etree.Element):
        if inner.text and mark in inner.text:
            inner.text = inner.text.replace(mark, "", 1)
            return
        if names.text is None and inner is not element and inner.tail and mark in inner.tail:
            inner.tail = inner.tail.replace(mark, "", 1)
            return

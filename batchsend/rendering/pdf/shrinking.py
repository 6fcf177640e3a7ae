"""PlutoPrint's shrinking: where something is wider than the page, it prints everything smaller, in
silence. How much smaller is found by the sizes in the PDF; what is too wide, by printing parts.
Long words are broken first, where the template does not say otherwise.

Knows how cairo writes a PDF, and nothing of templates.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from itertools import chain

import lxml.html
from lxml.html import HtmlElement

from batchsend.language import _
from batchsend.rendering.page_checks import FULL_SIZE, SMALLEST, Layout

_UNSHRUNK = "@page { -pluto-page-scale: 1 }"
"""The style with which PlutoPrint shrinks nothing; what is too wide is cut off instead."""
_BREAKING = "body { overflow-wrap: break-word } th, td { max-width: 75mm }"
_BREAKINGS = (
    # Where it may break words, PlutoPrint breaks each that begins an element in the text.
    f"{_BREAKING} a, abbr, b, code, em, i, small, span, strong, u {{ overflow-wrap: normal }}",
    _BREAKING,
)
"""Styles with which long words are broken, those that do least harm first. A template's own rules
come before them."""
Printed = Callable[[str, str], bytes]
"""HTML and a style, to a PDF."""

_ENOUGH = (3000, 100_000)
"""Bytes of a page's drawing: its first texts mostly stand in the first ones."""
_FIRST = 4
"""Matrices whose sizes tell one template's pages from another's, printed smaller."""
_MATRICES = (b" Tm", b" cm")
"""The PDF operators that put a text, or anything, on the page."""
_PROBE = "x"
"""A text to be measured where an element has none."""
_REMEMBERED = 1000
_SAME = 0.001
_WHOLE = {"table", "img", "svg", "pre", "ul", "ol", "dl"}
"""Elements that are named as they are, not by what is too wide in them."""


class Sizes:
    """Knows the sizes that pages begin with when nothing is shrunk, and so asks only once."""

    def __init__(self) -> None:
        self._full: set[tuple[bytes, ...]] = set()

    def fitted(self, html: str, pdf: bytes, printed: Printed) -> tuple[str, Layout]:
        """The style with which everything fits, and how large `pdf` is printed without; the style
        is empty where none is needed, or none helps.
        """
        scale = self._scale(html, pdf, printed)
        if scale >= SMALLEST:
            return "", FULL_SIZE
        for style in _BREAKINGS:
            broken = printed(html, style)
            if self._scale(html, broken, printed, style) >= SMALLEST:
                return style, FULL_SIZE
        return "", Layout(True, scale, _too_wide(html, scale, printed))

    def _scale(self, html: str, pdf: bytes, printed: Printed, style: str = "") -> float:
        """How large `pdf` is printed against what its `html` asks for."""
        sizes = _sizes(pdf)
        if not sizes or sizes in self._full:
            return 1
        asked = _sizes(printed(html, style + _UNSHRUNK))
        if len(self._full) > _REMEMBERED:
            self._full.clear()
        scale = _scale(sizes, asked)
        if scale >= SMALLEST:
            self._full.add(sizes)
        return scale


def _sizes(pdf: bytes) -> tuple[bytes, ...]:
    """The first sizes on the first page with any: texts', and pictures'."""
    for stream in re.finditer(rb"stream\r?\n", pdf):
        for length in _ENOUGH:
            try:
                packed = pdf[stream.end() : stream.end() + length]
                drawn = zlib.decompressobj().decompress(packed, length)
            except zlib.error:
                break
            # Each operator has a line of its own: a b c d e f cm. The first matrix is the page's.
            lines = [line.split() for line in drawn.split(b"\n") if line.endswith(_MATRICES)]
            found = [(line[0], line[3]) for line in lines if len(line) == 7][1 : 1 + _FIRST]
            if found:
                return tuple(chain.from_iterable(found))
    return ()


def _scale(printed: tuple[bytes, ...], asked: tuple[bytes, ...]) -> float:
    for small, full in zip(printed, asked, strict=False):
        if float(full):
            return abs(float(small) / float(full))
    return 1


def _too_wide(html: str, scale: float, printed: Printed) -> str:
    """The innermost element that alone is shrunk as much as all of them together, in words."""
    document = lxml.html.document_fromstring(html)
    body = document.find("body")
    if body is None:
        return ""
    element: HtmlElement = body
    while element.tag not in _WHOLE:
        for child in _elements(element):
            if _alone(document, child, printed) < scale + _SAME:
                element = child
                break
        else:
            break
    return _named(element) if element is not body else ""


def _alone(document: HtmlElement, element: HtmlElement, printed: Printed) -> float:
    """How much is shrunk when `element` is all that its parent has."""
    parent = element.getparent()
    children, text, tail = list(parent), parent.text, element.tail
    parent[:], parent.text, element.tail = [element], _PROBE, None
    html = lxml.html.tostring(document, encoding="unicode", doctype="<!doctype html>")
    scale = _scale(_sizes(printed(html, "")), _sizes(printed(html, _UNSHRUNK)))
    if scale < 1 - _SAME:
        return scale  # what was beside it is left out from now on
    parent[:], parent.text, element.tail = children, text, tail
    return scale


def _elements(element: HtmlElement) -> Iterator[HtmlElement]:
    return (child for child in list(element) if isinstance(child.tag, str))


def _named(element: HtmlElement) -> str:
    text = " ".join(" ".join(element.itertext()).split())
    shown = f"“{text[:40]}{'…' if len(text) > 40 else ''}”"
    marked = "".join(f' {key}="{element.get(key)}"' for key in ("id", "class") if element.get(key))
    tag = f"<{element.tag}{marked}>"
    return _("{text} in {tag}", text=shown, tag=tag) if text else str(element.get("src") or tag)

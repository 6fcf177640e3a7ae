"""PlutoPrint's shrinking: where something is wider than the page, it prints everything smaller, in
silence. How much smaller is found by a mark of known size; what is too wide, by printing parts.
Long words are broken first, where the template does not say otherwise.

Knows how cairo writes a PDF, and nothing of templates.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress

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

_LONG = (500, 1_000_000)
"""Bytes of a page's drawing in which the mark is looked for: few hold what is drawn first."""
_STREAM = re.compile(rb"stream\r?\n")
_SAME = 0.001
_POINTS = 6.0
_NOTHING = ("margin", "padding", "border", "min-width", "min-height")
MARKED = (
    "head, head::before { display: block !important; position: absolute !important;"
    " left: 0 !important; top: 0 !important; z-index: -1 !important }"
    " head > * { display: none !important }"
    " head::before { content: '' !important; width: 8px !important; height: .05px !important;"
    " background: rgba(254, 253, 255, .004) !important;"
    " visibility: visible !important; opacity: 1 !important; transform: none !important;"
    f" {' '.join(f'{each}: 0 !important;' for each in _NOTHING)} max-width: none !important }} "
)
"""A style that puts a mark on the first page that nobody can see: 6 points wide, and known by its
colour. The head of a document is where no template has anything to show."""
_MARK = re.compile(rb"0\.996078 0\.992157 1 rg /a\d+ gs\s+[-\d.]+ [-\d.]+ ([\d.]+) [-\d.]+ re f")
_WHOLE = {"table", "img", "svg", "pre", "ul", "ol", "dl"}
"""Elements that are named as they are, not by what is too wide in them."""


def fitted(html: str, pdf: bytes, printed: Printed) -> tuple[str, Layout]:
    """The style with which everything fits, and how large `pdf` is printed without; the style
    is empty where none is needed, or none helps.

    Whatever was printed before, a letter is measured by its own pages. Both `pdf` and what
    `printed` makes have the style `MARKED`.
    """
    scale = _scale(html, pdf, printed)
    if scale >= SMALLEST:
        return "", FULL_SIZE
    for style in _BREAKINGS:
        broken = printed(html, style)
        if _scale(html, broken, printed, style) >= SMALLEST:
            return style, FULL_SIZE
    return "", Layout(True, scale, _too_wide(html, scale, printed))


def _scale(html: str, pdf: bytes, printed: Printed, style: str = "") -> float:
    """How large `pdf` is printed against what its `html` asks for."""
    size = _size_of_mark(pdf)
    if not size or size >= SMALLEST:
        return 1
    # It may be that small by the template's own will.
    return size / (_size_of_mark(printed(html, style + _UNSHRUNK)) or 1)


def _size_of_mark(pdf: bytes) -> float:
    """How large the mark is printed, against its size; 0 where there is none."""
    for long in _LONG:
        for stream in _STREAM.finditer(pdf):
            with suppress(zlib.error):
                packed = pdf[stream.end() : stream.end() + long]
                drawing = zlib.decompressobj().decompress(packed, long)
                if found := _MARK.search(drawing):
                    return float(found[1]) / _POINTS
    return 0


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
    parent[:], parent.text, element.tail = [element], None, None
    html = lxml.html.tostring(document, encoding="unicode", doctype="<!doctype html>")
    scale = _scale(html, printed(html, ""), printed)
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

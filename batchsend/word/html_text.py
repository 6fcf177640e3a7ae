"""HTML read from a document, made fit to be a letter's text and to be edited by hand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import Final

import lxml.html
from lxml import etree

from batchsend.lists import Column
from batchsend.word.codes import Codes
from batchsend.word.columns import FIELD, TYPED, fitted, plain
from batchsend.word.markup import Element
from batchsend.word.pairs import must_be_whole
from batchsend.word.places import Names, put_in_place

_HTML: Final = Names(
    paragraph="p",
    row="tr",
    cells=("td", "th"),
    text=None,
    pictures=("img",),
    closed=(),
)
_BLOCKS: Final = ("p", "h1", "h2", "h3", "h4", "ul", "ol", "table", "tr", "thead", "tbody", "div")
_HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")
_SHOWN: Final = 60
_TYPED: Final = re.compile(r"\{\{ " + TYPED.prefix + r"([0-9a-f]+) \}\}")


def as_html(
    tree: Element, codes: Codes, columns: Sequence[Column] | None = None
) -> tuple[str, str, str]:
    """The letter's text as Jinja2, its title, and the address at its top, which is left out.

    Raises TemplateError for a statement whose end cannot be found.
    """
    address = _without_address(tree, codes)
    _apply_looks(tree, codes)
    put_in_place(tree, codes, _HTML)
    for cell in tree.iter("td", "th", "li"):
        _without_single_paragraph(cell)
    for cell in tree.iter("td", "th"):
        _keep_apart(cell)
    for end in list(tree.iter("br")):
        if end.getnext() is None and not (end.tail or "").strip():
            end.drop_tree()
    for empty in list(tree.iter("p", *_HEADINGS)):
        if not len(empty) and not (empty.text or "").strip():
            empty.drop_tree()
    heading = next(tree.iter(*_HEADINGS), None)
    title = plain_words(heading.text_content(), codes) if heading is not None else ""
    source = escape(tree.text or "", quote=False) + "".join(
        lxml.html.tostring(child, encoding="unicode") for child in tree
    )
    source = codes.restored(source)
    must_be_whole(re.sub(r"<(/?)p(?=[\s>])", r"<\1w:p", source))
    named = plain(_quoted(source)) if columns is None else fitted(source, columns)
    return _in_lines(named), title, address


def plain_words(text: str, codes: Codes) -> str:
    """What a text with marks in it says, with «Navn» for fields."""
    restored = codes.restored(text)
    names = [FIELD, TYPED]
    for kind in names:
        restored = re.sub(
            r"\{\{ " + kind.pattern.pattern + r"[^{}]*\}\}",
            lambda found: f"«{bytes.fromhex(found['name']).decode()}»",
            restored,
        )
    restored = re.sub(r"\{\{[^{}]*\| address_block[^{}]*\}\}", "«AddressBlock»", restored)
    bare = re.sub(r"\{[%#].*?[%#]\}", "", re.sub(r"\{\{.*?\}\}", "«…»", restored))
    return " ".join(bare.split())


def _quoted(source: str) -> str:
    """A word in guillemets is a field's where no list is known; several words are a quotation."""

    def shown(found: re.Match[str]) -> str:
        written = bytes.fromhex(found[1]).decode()
        return f"«{escape(written, quote=False)}»" if " " in written else found[0]

    return _TYPED.sub(shown, source)


def _without_address(tree: Element, codes: Codes) -> str:
    """Take out the paragraphs at the top that have nothing but fields in them; pictures stay, as
    the logo that stands above or beside them. One that stands below is the letter's own.
    """
    found: list[Element] = []
    lines: list[str] = []
    for block in tree:
        text = block.text_content()
        parts = [part for part in Codes.split(text) if part.strip(" \u00a0,\t\n")]
        if not parts and block.find(".//img") is not None:
            if any(lines):
                break
            continue
        if block.tag != "p" or not all(Codes.is_mark(p) for p in parts):
            break
        if any(codes.statement(p) or "today()" in codes.restored(p) for p in parts):
            break
        found.append(block)
        lines.append(plain_words(text, codes))
    if not any(lines):
        return ""
    for block in found:
        pictures = list(block.iter("img"))
        if not pictures:
            block.drop_tree()
            continue
        block[:], block.text = pictures, None
        for picture in pictures:
            picture.tail = None
    return ", ".join(filter(None, lines))


def _apply_looks(tree: Element, codes: Codes) -> None:
    for element in list(tree.iter(etree.Element)):
        for attribute in ("text", "tail"):
            text = getattr(element, attribute) or ""
            for part in Codes.split(text):
                look = codes.restored(part) if Codes.is_mark(part) else ""
                if look in {"{#right#}", "{#page#}"}:
                    _apply(element if attribute == "text" else element.getparent(), look, tree)
                    text = text.replace(part, "", 1)
            if text != (getattr(element, attribute) or ""):
                setattr(element, attribute, text)


def _apply(element: Element, look: str, tree: Element) -> None:
    wanted = {"td", "th"} if look == "{#right#}" else {*_BLOCKS} - {"tr", "thead", "tbody"}
    while element is not None and element is not tree and element.tag not in wanted:
        element = element.getparent()
    if element is None or element is tree:
        return
    if look == "{#right#}":
        element.set("class", "number")
        return
    marked = element.text_content().strip()
    after = element.getnext()
    # At the end of a paragraph it is about what comes after.
    at_end = Codes.is_mark(Codes.split(marked)[-1]) if marked else True
    target = after if at_end and after is not None and len(Codes.split(marked)) != 1 else element
    target.set("style", "break-before: page")


def _without_single_paragraph(cell: Element) -> None:
    """A cell or item of one paragraph is its text alone."""
    paragraphs = [child for child in cell if child.tag == "p"]
    if len(paragraphs) == 1 and not (cell.text or "").strip():
        style = paragraphs[0].get("style")
        paragraphs[0].drop_tag()
        if style:
            cell.set("style", style)


def _keep_apart(cell: Element) -> None:
    """Room before a text that comes right after a number, which ends where its column does."""
    before = cell.getprevious()
    if before is not None and before.get("class") == "number" and cell.get("class") is None:
        cell.set("style", f"padding-left: 4mm; {cell.get('style') or ''}".rstrip("; "))


def _in_lines(source: str) -> str:
    """Each block and each statement between blocks on a line of its own."""
    blocks = "|".join((*_BLOCKS, "li"))
    text = re.sub(rf"(</(?:{blocks})>|<(?:ul|ol|table|thead|tbody|tr)\b[^>]*>)\s*", r"\1\n", source)
    text = re.sub(r"(\{%[^%]*%\})\s*(?=<(?:p|h\d|ul|ol|table|tr|li)\b)", r"\1\n", text)
    text = re.sub(rf"(</(?:{blocks})>)\n?(\{{%)", r"\1\n\2", text)
    return "\n".join(line.rstrip() for line in text.splitlines() if line.strip()) + "\n"

"""A letter that Word saved as a web page: HTML with «fields» in it.

Its looks are Word's own and are left behind; its text, lists, tables and pictures are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import unquote

import lxml.html
from lxml import etree

from batchsend.errors import TemplateError, in_short
from batchsend.language import _
from batchsend.lists import Column
from batchsend.word.codes import Codes
from batchsend.word.html_text import as_html, plain_words
from batchsend.word.markup import Element
from batchsend.word.prose import LeftBehind, Prose
from batchsend.word.torn import healed_pieces

WEB_KINDS: Final = frozenset({".htm", ".html"})
_KEPT: Final = {
    *("p", "h1", "h2", "h3", "h4", "h5", "h6", "b", "strong", "i", "em", "u", "sub", "sup", "br"),
    *("ul", "ol", "li", "table", "thead", "tbody", "tr", "td", "th", "img"),
}
_GONE: Final = ("head", "style", "script", "title", "meta", "link", "object", "iframe", "form")
_BLOCKS: Final = ("p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "th")
_PIECE: Final = "piece"
_FIELD_PART: Final = re.compile(r"mso-element:\s*field-(begin|separator|end)")
_SPANS: Final = ("colspan", "rowspan")
_MAX_BYTES: Final = 20_000_000
_KINDS: Final = {".png", ".jpg", ".jpeg", ".gif"}


def web_page(path: Path, columns: Sequence[Column] | None = None) -> Prose:
    """Read a saved web page. Raises TemplateError, without the file's name."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise TemplateError(_("it cannot be read: {reason}.", reason=in_short(error))) from None
    if not data.strip() or len(data) > _MAX_BYTES:
        raise TemplateError(
            _("it is empty.") if not data.strip() else _("it is too large for a letter.")
        )
    tree = _parsed(data)
    codes = Codes()
    etree.strip_tags(tree, etree.Comment, etree.ProcessingInstruction)
    left = list(_headers(path, codes))
    for element in list(tree.iter(*_GONE)):
        element.drop_tree()
    _show_results(tree)
    pictures, left_pictures = _pictures(tree, path)
    _plain(tree)
    for block in tree.iter(*_BLOCKS):
        if next(block.iterdescendants(*_BLOCKS), None) is None:
            _heal(block, codes)
    html, title, address = as_html(tree, codes, columns)
    return Prose(html, title, pictures, (*left, *left_pictures), address, ())


def _parsed(data: bytes) -> Element:
    encoding = None if re.search(rb"charset\s*=", data[:4096], re.IGNORECASE) else "utf-8"
    parser = lxml.html.HTMLParser(encoding=encoding, remove_comments=True, no_network=True)
    root = lxml.html.fromstring(data, parser=parser)
    body = root.find(".//body") if root.tag == "html" else None
    tree = lxml.html.Element("div")
    source = root if body is None else body
    tree.text = source.text if body is not None else None
    tree.extend(list(source) if body is not None else [root])
    # What is only around others, as Word's section, gives way to what is in it.
    for around in list(tree.iter("div")):
        if around is not tree:
            around.drop_tag()
    return tree


def _show_results(tree: Element) -> None:
    """Take out the instructions of fields; what a field showed last stays."""
    within = False
    for element in list(tree.iter(etree.Element)):
        found = _FIELD_PART.search(element.get("style") or "")
        if within and not found:
            element.text = None
        if found:
            within = found[1] == "begin"
            element.text = None
        if within:
            element.tail = None


def _plain(tree: Element) -> None:
    """Only elements that a letter has, without Word's looks."""
    for element in list(tree.iter(etree.Element)):
        if element is tree:
            continue
        if not isinstance(element.tag, str) or element.tag not in _KEPT:
            element.drop_tag()
            continue
        to_right = element.tag in {"td", "th", "p"} and "right" in {
            element.get("align"),
            *re.findall(r"text-align:\s*(\w+)", element.get("style") or ""),
        }
        kept = {name: element.get(name) for name in _SPANS if element.get(name)}
        if element.tag == "img":
            kept |= {name: element.get(name) or "" for name in ("src", "alt")}
            width = re.search(r"\d+", element.get("width") or "")
            if width:
                kept["style"] = f"width: {min(int(width[0]) * 25.4 / 96, 160):.0f}mm"
        element.attrib.clear()
        element.attrib.update(kept)
        cell = element if element.tag in {"td", "th"} else element.getparent()
        if to_right and cell.tag in {"td", "th"}:
            cell.set("class", "number")


def _heal(block: Element, codes: Codes) -> None:
    """Fields and expressions of one paragraph, whichever tags come between their characters."""
    pieces: list[tuple[Element, str]] = []
    for element in list(block.iter(etree.Element)):
        if element.text:
            element.text = _one_line(element.text)
            piece = etree.Element(_PIECE)
            piece.text, element.text = element.text, None
            element.insert(0, piece)
        if element is not block and element.tail:
            piece = etree.Element(_PIECE)
            piece.text, element.tail = _one_line(element.tail), None
            element.addnext(piece)
    for piece in block.iter(_PIECE):
        piece.text = Codes.cleaned(piece.text or "")
        pieces.append((piece, piece.text))
    healed_pieces(pieces, codes)
    etree.strip_tags(block, _PIECE)


def _one_line(text: str) -> str:
    return re.sub(r"[\r\n\t ]+", " ", text)


def _pictures(tree: Element, path: Path) -> tuple[dict[str, bytes], list[LeftBehind]]:
    """The pictures that lie beside the page, under names of their own; and those that do not."""
    found: dict[str, bytes] = {}
    left = []
    folder = path.parent.resolve()
    for image in list(tree.iter("img")):
        said = unquote(image.get("src") or "")
        file = (folder / said).resolve() if not re.match(r"[\w+.-]+:|//", said) else folder
        if file.is_relative_to(folder) and file.is_file() and file.suffix.lower() in _KINDS:
            name = f"picture-{len(found) + 1}{file.suffix.lower()}"
            found[name] = file.read_bytes()
            image.set("src", name)
        else:
            left.append(
                LeftBehind(
                    "picture", _("a picture that does not lie beside it ({said})", said=said)
                )
            )
            image.drop_tree()
    return found, left


def _headers(path: Path, codes: Codes) -> Iterator[LeftBehind]:
    """What Word put into a file of its own: headers and footers."""
    for file in sorted(path.parent.glob(f"{path.stem}*/header.htm*")):
        page = lxml.html.fromstring(file.read_bytes())
        for section in page.iter("div"):
            style = section.get("style") or ""
            if kind := re.search(r"mso-element:\s*(header|footer)", style):
                words = plain_words(section.text_content(), codes)
                if words:
                    yield LeftBehind(kind[1], words)

"""A letter's text as HTML, for batchsend's own letterhead: paragraphs, lists, tables, pictures.

What a page of Word has and this has not, headers, footers and text boxes, is handed back in words.
mammoth reads the document, after its fields have become marks that it takes for text.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from xml.parsers.expat import ExpatError

import lxml.html
import mammoth
from lxml import etree

from batchsend.errors import TemplateError, in_short
from batchsend.language import _
from batchsend.lists import Column
from batchsend.word.codes import Codes
from batchsend.word.fields import turned
from batchsend.word.html_text import as_html, plain_words
from batchsend.word.markup import (
    FORMULA,
    FORMULA_TEXT,
    PRESERVE,
    Element,
    owner,
    parsed,
    run_like,
    tag,
    text_of,
    w,
)
from batchsend.word.package import Package
from batchsend.word.safety import disarmed
from batchsend.word.template import mapped_names
from batchsend.word.tidying import tidied
from batchsend.word.torn import healed

RIGHT: Final = "{#right#}"
"""A mark for a cell whose text stands to the right, as numbers do."""
NEW_PAGE: Final = "{#page#}"
_STYLES: Final = "p[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => h2:fresh\nu => u\n"
_KINDS: Final = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}
_EMU: Final = 36_000
"""To a millimetre."""
_WIDEST: Final = 160
_NAMED: Final = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_PAGE_NUMBER: Final = re.compile(
    r"(?:side|page|sida|sivu|s\.)?\s*\d*\s*(?:(?:av|of|/)\s*\d*)?", re.IGNORECASE
)
"""A footer that says nothing but this; the letterhead numbers its pages, too."""


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """Something that Word's page had."""

    place: str
    """As `header`, `footer` or `text box`."""
    words: str


@dataclass(frozen=True, slots=True)
class Prose:
    """The text of a letter."""

    html: str
    """Jinja2, without anything around it."""
    title: str
    pictures: Mapping[str, bytes]
    """By the file names that `html` has for them."""
    left_behind: tuple[LeftBehind, ...]
    address: str
    """The address at its top, which was left out; empty where there is none."""
    notes: tuple[str, ...]


@dataclass(slots=True)
class _Pictures:
    """Pictures as mammoth comes to them, with their widths as the document has them."""

    widths: list[float]
    files: dict[str, bytes] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)
    seen: int = 0

    def __call__(self, image: Any) -> Sequence[Any]:
        width = self.widths[self.seen] if self.seen < len(self.widths) else 0.0
        self.seen += 1
        kind = _KINDS.get(image.content_type)
        if kind is None:
            self.left.append(
                _(
                    "a picture of a kind that HTML has not ({content_type})",
                    content_type=image.content_type,
                )
            )
            return []
        with image.open() as stream:
            data = stream.read()
        name = next((n for n, there in self.files.items() if there == data), "")
        name = name or f"picture-{len(self.files) + 1}.{kind}"
        self.files[name] = data
        attributes = {"src": name, "alt": image.alt_text or ""}
        if width:
            attributes["style"] = f"width: {min(width, _WIDEST):.0f}mm"
        return [mammoth.html.element("img", attributes)]


def prose_of(data: bytes, columns: Sequence[Column] | None = None) -> Prose:
    """Read a .docx. Raises TemplateError, without the file's name.

    With the list's `columns`, fields are called as they are there.
    """
    whole = Package.read(data)
    package, notes = disarmed(whole)
    mapped, codes, said = mapped_names(whole), Codes(), list(notes)
    left: list[LeftBehind] = []
    for name in package.of_main("header", "footer", "footnotes", "endnotes"):
        place = re.sub(r"\d*\.xml$", "", name.rpartition("/")[2])
        root = _read(package, name, codes, mapped, said)
        if place in {"header", "footer"}:
            left += _words(place, root, codes)
    root = _read(package, package.main, codes, mapped, said)
    left += _boxes(root, codes)
    left += _drawings(root, codes)
    _mark_looks(root, codes)
    pictures = _Pictures([float(e.get("cx", 0)) / _EMU for e in root.iter(_EXTENT)])
    try:
        converted = mammoth.convert_to_html(
            io.BytesIO(_packed(package, root)),
            style_map=_STYLES,
            convert_image=pictures,
            include_embedded_style_map=False,
        )
    except (LookupError, ValueError, AttributeError, TypeError, ExpatError) as error:
        # A part that is named and not there, or is no XML.
        raise TemplateError(_("it cannot be read: {reason}.", reason=in_short(error))) from None
    tree = lxml.html.fragment_fromstring(converted.value or "", create_parent="div")
    html, title, address = as_html(tree, codes, columns)
    left += [LeftBehind("picture", words) for words in pictures.left]
    return Prose(
        html, title, pictures.files, tuple(dict.fromkeys(left)), address, tuple(dict.fromkeys(said))
    )


_EXTENT: Final = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}extent"


def _read(
    package: Package, name: str, codes: Codes, mapped: Mapping[str, str], said: list[str]
) -> Element:
    root = parsed(package.parts[name], name)
    said += tidied(root)
    said += turned(root, codes, mapped)
    healed(root, codes)
    return root


def _words(place: str, root: Element, codes: Codes) -> Iterator[LeftBehind]:
    """What a header or footer says, and whether it has pictures."""
    texts = [plain_words(text_of(each), codes) for each in root.iter(w("p"))]
    words = " / ".join(dict.fromkeys(filter(None, texts)))
    if words and not _PAGE_NUMBER.fullmatch(words):
        yield LeftBehind(place, words)
    if next(root.iter(tag("a:blip"), tag("v:imagedata")), None) is not None:
        yield LeftBehind(place, "a picture")


def _boxes(root: Element, codes: Codes) -> Iterator[LeftBehind]:
    """Take text boxes out of the text; what they said."""
    for inside in list(root.iter(w("txbxContent"))):
        around = inside
        for element in inside.iterancestors():
            if element.tag == w("r"):
                break
            around = element
        if around.getparent() is None or owner(inside, w("document")) is None:
            continue
        texts = [plain_words(text_of(each), codes) for each in inside.iter(w("p"))]
        around.getparent().remove(around)
        yield LeftBehind("text box", " / ".join(filter(None, texts)) or "nothing")


def _drawings(root: Element, codes: Codes) -> Iterator[LeftBehind]:
    """What is drawn and no picture: formulas, charts and diagrams."""
    for formula in root.iter(FORMULA):
        words = "".join(text.text or "" for text in formula.iter(FORMULA_TEXT))
        yield LeftBehind("formula", plain_words(words, codes) or "nothing")
    for drawing in root.iter(w("drawing")):
        if next(drawing.iter(tag("a:blip")), None) is None:
            named = (each.get("descr") or each.get("name") for each in drawing.iter(_NAMED))
            yield LeftBehind("drawing", next(filter(None, named), "nothing"))


def _mark_looks(root: Element, codes: Codes) -> None:
    """Mark what mammoth passes over: numbers to the right in tables, and new pages."""
    for cell in root.iter(w("tc")):
        for side in cell.iter(w("jc")):
            if side.get(w("val")) in {"right", "end"}:
                _put_first(owner(side, w("p")), codes.mark(RIGHT))
                break
    for new_page in list(root.iter(w("br"))):
        if new_page.get(w("type")) == "page":
            new_page.tag = w("t")
            new_page.attrib.clear()
            new_page.text = codes.mark(NEW_PAGE)
    for before in root.iter(w("pageBreakBefore")):
        if before.get(w("val")) not in {"0", "false"}:
            _put_first(owner(before, w("p")), codes.mark(NEW_PAGE))


def _put_first(paragraph: Element | None, mark: str) -> None:
    first = paragraph.find(f".//{w('r')}") if paragraph is not None else None
    if first is None:
        return
    content = etree.Element(w("t"))
    content.set(PRESERVE, "preserve")
    content.text = mark
    first.addprevious(run_like(etree.Element(w("r")), content))


def _packed(package: Package, root: Element) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, part in package.parts.items():
            archive.writestr(name, etree.tostring(root) if name == package.main else part)
    return file.getvalue()

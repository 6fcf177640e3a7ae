"""WordprocessingML: its names, and the small things that all who read it do.

Source: ECMA-376, part 1. Knows nothing of fields or templates.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from lxml import etree

from batchsend.errors import TemplateError
from batchsend.language import _

Element = Any
"""An lxml element; its own types say less."""

_NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "rel": "http://schemas.openxmlformats.org/package/2006/relationships",
    "ct": "http://schemas.openxmlformats.org/package/2006/content-types",
    "xml": "http://www.w3.org/XML/1998/namespace",
}
_STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": _NAMESPACES["w"].encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": _NAMESPACES["r"].encode(),
    b"http://purl.oclc.org/ooxml/drawingml/main": _NAMESPACES["a"].encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/math": _NAMESPACES["m"].encode(),
}
"""What "Strict Open XML" calls them, which is the same otherwise."""
_SHOWN = 60


def tag(name: str) -> str:
    """The full name of `w:p` and its like."""
    prefix, _other, local = name.partition(":")
    return f"{{{_NAMESPACES[prefix]}}}{local}"


def w(local: str) -> str:
    """The full name of an element or attribute of WordprocessingML."""
    return f"{{{_NAMESPACES['w']}}}{local}"


PRESERVE = tag("xml:space")
FORMULA, FORMULA_TEXT = tag("m:oMath"), tag("m:t")
BREAKS = {w("tab"): "\t", w("br"): "\n", w("cr"): "\n", w("noBreakHyphen"): "\u2011"}
"""Elements in a run that stand for a character."""
_STORIES = {w("txbxContent"), w("body"), w("hdr"), w("ftr"), w("footnote"), w("endnote")}


def parsed(data: bytes, name: str) -> Element:
    """The root of a part. Raises TemplateError where it is not XML, or declares entities."""
    for strict, usual in _STRICT.items():
        data = data.replace(strict, usual)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise TemplateError(
            _("its part {name} is damaged: {msg}.", name=name, msg=error.msg),
            hint=_("Open it in Word, save it under another name, and use that file."),
        ) from None
    if root.getroottree().docinfo.doctype:
        raise TemplateError(
            _("its part {name} declares entities, as no document of Word does.", name=name)
        )
    return root


def written(root: Element) -> bytes:
    """A part as it goes into a document."""
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return data


def unwrap(element: Element) -> None:
    """Put an element's children in its place."""
    parent = element.getparent()
    place = parent.index(element)
    for child in reversed(list(element)):
        parent.insert(place + 1, child)
    parent.remove(element)


def owner(element: Element, name: str) -> Element | None:
    """The nearest element of that full name around it, or itself."""
    while element is not None and element.tag != name:
        element = element.getparent()
    return element


def story_of(element: Element) -> Element | None:
    """The text it belongs to: a text box, a header, the letter itself."""
    while element is not None and element.tag not in _STORIES:
        element = element.getparent()
    return element


def run_like(run: Element, *content: Element) -> Element:
    """A new run with the look of another, and this in it."""
    new = etree.Element(w("r"), nsmap=run.nsmap)
    look = run.find(w("rPr"))
    if look is not None:
        new.append(copy.deepcopy(look))
    new.extend(content)
    return new


def text_of(paragraph: Element) -> str:
    """The words of a paragraph, without those of text boxes in it."""
    return "".join(_texts(paragraph))


def _texts(paragraph: Element) -> Iterator[str]:
    for element in paragraph.iter(w("t"), *BREAKS):
        if owner(element, w("p")) is paragraph:
            if element.tag == w("t"):
                yield element.text or ""
            elif element.getparent().tag == w("r"):  # a w:tab also stands in a list of tab stops
                yield BREAKS[element.tag]


def described(text: str) -> str:
    """A paragraph as a person would point at it.

    >>> described("  Kjære   Åse ")
    'the paragraph “Kjære Åse”'
    """
    words = " ".join(text.split())
    if not words:
        return _("an empty paragraph")
    shown = f"{words[:_SHOWN]}{'…' if len(words) > _SHOWN else ''}"
    return _("the paragraph “{text}”", text=shown)

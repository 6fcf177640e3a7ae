"""A part's XML made plain: what Word keeps beside the text goes, what is shown stays as it is.

Tracked changes are taken as accepted, content controls give way to what is in them.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator

from lxml import etree

from batchsend.language import _
from batchsend.word.codes import Codes
from batchsend.word.markup import Element, owner, unwrap, w

_GONE = {
    *map(w, ("proofErr", "lastRenderedPageBreak", "permStart", "permEnd", "commentRangeStart")),
    *map(w, ("commentRangeEnd", "commentReference", "annotationRef", "moveFromRangeStart")),
    *map(w, ("moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd", "del", "moveFrom")),
    *map(w, ("rPrChange", "pPrChange", "tblPrChange", "trPrChange", "tcPrChange")),
    *map(w, ("sectPrChange", "tblGridChange", "numberingChange", "delText", "delInstrText")),
}
_FLATTENED = {*map(w, ("ins", "moveTo", "smartTag", "customXml", "sdtContent"))}
_TEXTS = {w("t"), w("instrText")}


def tidied(root: Element) -> Iterator[str]:
    """Change a part's tree in place; sentences on what the letter shows because of it."""
    if any(next(root.iter(w(kind)), None) is not None for kind in ("ins", "del", "moveTo")):
        yield _(
            "it has changes that nobody has accepted or rejected; letters show them as accepted."
        )
    if next(root.iter(w("showingPlcHdr")), None) is not None:
        yield _("a content control still shows its prompt, and so will every letter.")
    for row in list(root.iter(w("tr"))):
        if row.find(f"{w('trPr')}/{w('del')}") is not None:
            row.getparent().remove(row)
    for element in list(root.iter(etree.Element)):
        _tidy(element)
    for paragraph in list(root.iter(w("p"))):
        _part_fields(paragraph)


def _tidy(element: Element) -> None:
    if element.tag in _TEXTS:
        element.text = Codes.cleaned(re.sub(r"[\t\r\n]", " ", element.text or ""))
    elif element.text is not None and not element.text.strip():
        element.text = None
    if element.tail is not None and not element.tail.strip():
        element.tail = None
    if element.getparent() is None:
        return
    if element.tag in _GONE:
        element.getparent().remove(element)
    elif element.tag in _FLATTENED:
        unwrap(element)
    elif element.tag == w("sdt"):
        for part in list(element):
            if part.tag != w("sdtContent"):
                element.remove(part)
        unwrap(element)


def _part_fields(paragraph: Element) -> None:
    """Give each field mark and each piece of an instruction a run of its own."""
    for run in list(paragraph.iter(w("r"))):
        marks = [c for c in run if c.tag in {w("fldChar"), w("instrText")}]
        content = [c for c in run if c.tag != w("rPr")]
        if not marks or len(content) < 2 or owner(run, w("p")) is not paragraph:
            continue
        look, parent, place = run.find(w("rPr")), run.getparent(), run.getparent().index(run)
        for number, child in enumerate(content):
            new = etree.Element(w("r"), nsmap=run.nsmap)
            if look is not None:
                new.append(copy.deepcopy(look))
            new.append(child)
            parent.insert(place + number, new)
        parent.remove(run)

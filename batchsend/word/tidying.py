"""A part's XML made plain: what Word keeps beside the text goes, what is shown stays as it is.

Tracked changes are taken as accepted, content controls give way to what is in them, and hidden text
goes.
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
_SHOWN = {*map(w, ("t", "tab", "br", "cr", "noBreakHyphen", "sym", "drawing", "pict", "object"))}


def tidied(root: Element) -> Iterator[str]:
    """Change a part's tree in place; sentences on what the letter shows because of it."""
    if any(
        next(root.iter(w(kind)), None) is not None for kind in ("ins", "del", "moveTo", "cellDel")
    ):
        yield _(
            "it has changes that nobody has accepted or rejected; letters show them as accepted."
        )
    if next(root.iter(w("showingPlcHdr")), None) is not None:
        yield _("a content control still shows its prompt, and so will every letter.")
    if _take_hidden(root):
        yield _("it has hidden text, which no letter shows.")
    for row in list(root.iter(w("tr"))):
        if row.find(f"{w('trPr')}/{w('del')}") is not None:
            row.getparent().remove(row)
    for cell in list(root.iter(w("tc"))):
        if cell.find(f"{w('tcPr')}/{w('cellDel')}") is not None and len(_cells(cell)) > 1:
            cell.getparent().remove(cell)
    for paragraph in list(root.iter(w("p"))):
        if paragraph.find(f"{w('pPr')}/{w('rPr')}/{w('del')}") is not None:
            _join_next(paragraph)
    for element in list(root.iter(etree.Element)):
        _tidy(element)
    for paragraph in list(root.iter(w("p"))):
        _part_fields(paragraph)


def _take_hidden(root: Element) -> bool:
    """Take what hidden runs show; whether there was any. The marks of their fields stay."""
    found = False
    for run in list(root.iter(w("r"))):
        if not _is_hidden(run.find(f"{w('rPr')}/{w('vanish')}")):
            continue
        for shown in [child for child in run if child.tag in _SHOWN]:
            run.remove(shown)
            found = True
        paragraph = run.getparent()
        if all(child.tag == w("rPr") for child in run):
            paragraph.remove(run)
        mark = paragraph.find(f"{w('pPr')}/{w('rPr')}/{w('vanish')}")
        is_empty = next(paragraph.iter(w("r")), None) is None
        if is_empty and _is_hidden(mark) and paragraph.getnext() is not None:
            paragraph.getparent().remove(paragraph)
    return found


def _is_hidden(vanish: Element | None) -> bool:
    return vanish is not None and vanish.get(w("val"), "1") not in {"0", "false", "off"}


def _cells(cell: Element) -> list[Element]:
    found: list[Element] = cell.getparent().findall(w("tc"))
    return found


def _join_next(paragraph: Element) -> None:
    """Put what a paragraph says at the beginning of the next one: its mark is deleted."""
    after = paragraph.getnext()
    if after is None or after.tag != w("p"):
        return
    place = 0 if after.find(w("pPr")) is None else 1
    for child in reversed([each for each in paragraph if each.tag != w("pPr")]):
        after.insert(place, child)
    paragraph.getparent().remove(paragraph)


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

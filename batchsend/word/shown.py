"""The words that a letter's document has to show, for a look at whether its pages show them.

Only those of the letter itself: which of its headers and footers are printed, its pages decide.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from batchsend.word.fonts import SYMBOLS
from batchsend.word.markup import BREAKS, FORMULA_TEXT, Element, owner, parsed, tag, w
from batchsend.word.package import Package

_VANISH: Final = b"<w:vanish"
_FOREIGN: Final = "\u0590"
"""From here on are scripts whose characters a page may have in another order or form."""


def shown_words(docx: bytes) -> list[str]:
    """Each word, in order; none where a style may hide some.

    What a field shows that the printing program fills in, as a page's number, is left out.
    """
    package = Package.read(docx)
    if any(_VANISH in package.parts[name] for name in package.of_main("styles")):
        return []
    root = parsed(package.parts[package.main], package.main)
    for again in list(root.iter(tag("mc:Fallback"))):
        again.getparent().remove(again)
    return [
        word
        for paragraph in root.iter(w("p"))
        for word in "".join(_said(paragraph)).split()
        if max(word) < _FOREIGN
    ]


def _said(paragraph: Element) -> Iterator[str]:
    depth = 0
    for element in paragraph.iter(w("t"), w("fldChar"), FORMULA_TEXT, *BREAKS):
        if owner(element, w("p")) is not paragraph:
            continue
        if element.tag == w("fldChar"):
            kind = element.get(w("fldCharType"))
            depth += (kind == "begin") - (kind == "end")
        elif element.tag == FORMULA_TEXT:  # not printed where LibreOffice Math is missing
            yield f" {element.text or ''} "
        elif depth <= 0:
            yield (element.text or "") if element.tag == w("t") and not _is_symbol(element) else " "


def _is_symbol(text: Element) -> bool:
    """Whether its letters stand for pictures."""
    fonts = text.getparent().find(f"{w('rPr')}/{w('rFonts')}")
    return fonts is not None and fonts.get(w("ascii"), "").lower() in SYMBOLS

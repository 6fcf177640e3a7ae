"""The text of a PDF's pages as a person would read it, or that there is none to be read;
what an envelope's window shows of it; and words as they are compared, in one form and case.

A scan is a picture; its text layer, where it has one, is a guess. Knows nothing of letters.
"""

from __future__ import annotations

import ctypes
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pypdfium2.raw as pdfium

from batchsend.rendering.pdf.opened import Pdf, open_pdf
from batchsend.rendering.pdf.page import Page
from batchsend.rendering.settings import Area

_FEW = 100
"""Letters and digits: fewer on a picture of a page are a stamp or a page number."""
_UNKNOWN = 0.1
"""Where more of a page's characters stand for none that is known, its text is worth nothing."""


def page_texts(pdf: Pdf) -> Iterator[str | None]:
    """The text of each page, its form fields and notes included; blank pages are left out.

    None stands for a page whose text cannot be read: a picture, drawn outlines, or a font that
    does not say which characters it has.
    """
    for number in range(pdf.page_count):
        with _opened(pdf.handle, number) as (page, texts):
            if pdfium.FPDFPage_CountObjects(page) or pdfium.FPDFPage_GetAnnotCount(page) > 0:
                yield _text(page, texts)


def page_text(page: Page) -> str | None:
    """The same of one page, as it was before anything was taken off it; None for a blank one."""
    with _opened(page.document, page.number - 1) as opened:
        return _text(*opened)


@contextmanager
def _opened(document: Any, number: int) -> Iterator[tuple[Any, Any]]:
    page = pdfium.FPDF_LoadPage(document, number)
    texts = pdfium.FPDFText_LoadPage(page)
    try:
        yield page, texts
    finally:
        pdfium.FPDFText_ClosePage(texts)
        pdfium.FPDF_ClosePage(page)


def _text(page: Any, texts: Any) -> str | None:
    count = max(0, pdfium.FPDFText_CountChars(texts))
    buffer = (ctypes.c_ushort * (count * 2 + 1))()
    pdfium.FPDFText_GetText(texts, 0, count, buffer)
    text = bytes(buffer).decode("utf-16-le", "replace").rstrip("\0")
    unknown = sum(pdfium.FPDFText_HasUnicodeMapError(texts, n) == 1 for n in range(count))
    text += "\n" + "\n".join(_written_into(page))
    letters = sum(map(str.isalnum, text))
    if not letters or unknown > count * _UNKNOWN or (letters < _FEW and _is_picture(page)):
        return None
    return text


def _written_into(page: Any) -> Iterator[str]:
    """What stands in form fields and notes, which are no part of the page's own text."""
    for number in range(pdfium.FPDFPage_GetAnnotCount(page)):
        note = pdfium.FPDFPage_GetAnnot(page, number)
        for key in (b"V", b"Contents"):
            size = pdfium.FPDFAnnot_GetStringValue(note, key, None, 0)
            buffer = (ctypes.c_ushort * (size // 2 + 1))()
            pdfium.FPDFAnnot_GetStringValue(note, key, buffer, size)
            yield bytes(buffer).decode("utf-16-le", "replace").rstrip("\0")
        pdfium.FPDFPage_CloseAnnot(note)


def _is_picture(page: Any) -> bool:
    """Whether one picture covers more than half of the page."""
    half = pdfium.FPDF_GetPageWidthF(page) * pdfium.FPDF_GetPageHeightF(page) / 2
    corners = [ctypes.c_float() for _ in range(4)]
    for number in range(pdfium.FPDFPage_CountObjects(page)):
        found = pdfium.FPDFPage_GetObject(page, number)
        if pdfium.FPDFPageObj_GetType(found) == pdfium.FPDF_PAGEOBJ_IMAGE:
            pdfium.FPDFPageObj_GetBounds(found, *corners)
            left, bottom, right, top = (corner.value for corner in corners)
            if (right - left) * (top - bottom) > half:
                return True
    return False


_WORDS = re.compile(r"\w+")
_UNSEEN = str.maketrans("", "", "\u00ad\u200b\u200c\u200d\u2060\ufeff")
"""Soft hyphens and other characters without width."""


def plain(text: str) -> str:
    """Comparable: of one form, of one case, without what nobody sees."""
    if text.isascii():
        return text.casefold().strip()
    folded = unicodedata.normalize("NFKC", text.translate(_UNSEEN)).casefold()
    return unicodedata.normalize("NFKC", folded.translate(_UNSEEN)).strip()


def words(text: str) -> set[str]:
    """Its words: letters and digits, without what stands between them."""
    return set(_WORDS.findall(plain(text)))


def bare(text: str) -> str:
    """Its letters and digits alone: programs may tear a word into pieces, with gaps between them.

    >>> bare("Tove Aavatsm a rk")
    'toveaavatsmark'
    """
    return "".join(_WORDS.findall(plain(text)))


def made_of(text: str, parts: Collection[str]) -> bool:
    """Whether a bare text is nothing but some of these words, one after the other.

    >>> made_of("0117oslo", {"oslo", "0117"}), made_of("0117oslo1", {"oslo", "0117"})
    (True, False)
    """
    within = [part for part in parts if part and part in text]
    reached = [0]
    for end in reached:
        for part in within:
            after = end + len(part)
            if after not in reached and text.startswith(part, end):
                reached.append(after)
    return bool(text) and len(text) in reached


_SHOWN = ("Name", "Address1", "PostCode", "City")


def missing_in_window(pdf: bytes, window: Area, recipient: Mapping[str, Any]) -> list[str]:
    """Those of the recipient's name, street, postcode and town that the window does not show.

    Raises RenderingError where it is no readable PDF.
    """
    box = window.box
    inside = ""
    with open_pdf(pdf) as document:
        for page in document.pages():
            for mark in page.marks():
                across, along = mark.box.left + mark.box.right, mark.box.top + mark.box.bottom
                within = box.left < across / 2 < box.right and box.top < along / 2 < box.bottom
                if mark.is_text and within and page.shows(mark):
                    inside += page.text(mark)
            break
    seen = bare(inside)
    wanted = [str(recipient.get(name) or "") for name in _SHOWN]
    return [text for text in wanted if bare(text) not in seen]

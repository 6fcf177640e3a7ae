"""The text of a PDF's pages as a person would read it, or that there is none to be read.

A scan is a picture; its text layer, where it has one, is a guess. Knows nothing of letters.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pypdfium2.raw as pdfium

from batchsend.rendering.pdf.opened import Pdf
from batchsend.rendering.pdf.page import Page

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

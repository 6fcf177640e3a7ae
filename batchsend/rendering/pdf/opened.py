"""Opened PDFs: version, pages, whether they are encrypted.

Reads through PDFium, which is not for several threads at once. Knows no rules.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

from batchsend.errors import RenderingError
from batchsend.language import _
from batchsend.rendering.pdf.page import Page
from batchsend.rendering.pdf.units import NO_UNITS


@dataclass(frozen=True, slots=True)
class Pdf:
    """An open PDF."""

    version: str
    """As its header says: `1.7`."""
    encrypted: bool
    page_count: int
    handle: Any

    def pages(self, units: Mapping[int, float] = NO_UNITS) -> Iterator[Page]:
        """Each page, open until the next one is asked for; `units` as `user_units` finds them."""
        for index in range(self.page_count):
            page = Page(index + 1, self.handle, units.get(index + 1, 1))
            try:
                yield page
            finally:
                page.close()

    @property
    def has_notes(self) -> bool:
        """Whether there is a note, a stamp or a form field on a page, which PDFium leaves out."""
        for index in range(self.page_count):
            page = pdfium.FPDF_LoadPage(self.handle, index)
            notes = pdfium.FPDFPage_GetAnnotCount(page)
            pdfium.FPDF_ClosePage(page)
            if notes > 0:
                return True
        return False


@contextmanager
def open_pdf(data: bytes) -> Iterator[Pdf]:
    """Open a PDF held in memory. RenderingError where it is none, has no pages, or needs a
    password.
    """
    handle = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    if not handle:
        locked = pdfium.FPDF_GetLastError() == pdfium.FPDF_ERR_PASSWORD
        raise RenderingError(
            _("The PDF is protected with a password.")
            if locked
            else _("This is not a readable PDF.")
        )
    try:
        pages = pdfium.FPDF_GetPageCount(handle)
        if pages < 1:
            raise RenderingError(
                _("The PDF has no pages."),
                hint=_("The program that made it did not finish. Make it again."),
            )
        version = ctypes.c_int()
        pdfium.FPDF_GetFileVersion(handle, version)
        yield Pdf(
            version=f"{version.value // 10}.{version.value % 10}",
            encrypted=pdfium.FPDF_GetSecurityHandlerRevision(handle) >= 0,
            page_count=pages,
            handle=handle,
        )
    finally:
        pdfium.FPDF_CloseDocument(handle)


def page_count(data: bytes) -> int:
    """How many pages a PDF has. RenderingError where it cannot be read."""
    with open_pdf(data) as pdf:
        return pdf.page_count

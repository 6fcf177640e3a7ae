"""Opened PDFs: version, pages, whether they are encrypted.

Reads through PDFium, which is not for several threads at once. How large a unit of a page is, it
does not say: a point, unless the page says otherwise (ISO 32000-1, 14.11.1), and printers and
readers go by it. Knows no rules.
"""

from __future__ import annotations

import ctypes
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import pikepdf
import pypdfium2.raw as pdfium

from batchsend.errors import RenderingError
from batchsend.language import _
from batchsend.rendering.pdf.page import Page

NO_UNITS: Final[Mapping[int, float]] = MappingProxyType({})


def user_units(data: bytes) -> Mapping[int, float]:
    """Points in a unit, by page number, of those pages that do not count in points.

    What cannot be read has none: that it cannot is found elsewhere.
    """
    # A page's own entries may stand in a compressed stream of objects.
    if b"/UserUnit" not in data and b"/ObjStm" not in data:
        return NO_UNITS
    with suppress(pikepdf.PdfError, pikepdf.PasswordError), pikepdf.open(io.BytesIO(data)) as pdf:
        units = {n: page.obj.get("/UserUnit", 1) for n, page in enumerate(pdf.pages, start=1)}
        return {n: float(unit) for n, unit in units.items() if _counts(unit)}
    return NO_UNITS


def _counts(unit: object) -> bool:
    try:
        return float(str(unit)) not in {0, 1}
    except ValueError:
        return False


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

"""Documents put together to one: a letter and what comes after it.

pikepdf copies pages as they are; PDFium, which reads them elsewhere, dies of some form fields.
Knows nothing of letters.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import ExitStack

import pikepdf

from batchsend.errors import RenderingError
from batchsend.language import _
from batchsend.rendering.pdf.form_looks import make_looks, notes

_VERSION = "1.7"
"""The latest that printers take."""
_CLAIMS = ("pdfuaid:part", "pdfaid:part", "pdfaid:conformance")
"""Where a document says that it keeps PDF/UA or PDF/A."""


def joined(first: bytes, others: Sequence[bytes]) -> bytes:
    """One PDF of all their pages: no image and no font is decoded.

    Form fields and notes become part of the page, as they would be printed. What the first document
    says of itself stays: language, title, tags; but not that it keeps a standard, for the others
    need not. Raises RenderingError where one cannot be read.
    """
    try:
        with ExitStack() as opened:
            whole, *rest = (opened.enter_context(_flat(each)) for each in (first, *others))
            for pdf in rest:
                whole.pages.extend(pdf.pages)
            if "/Metadata" in whole.Root:
                _claim_nothing(whole)
            out = io.BytesIO()
            whole.save(out, force_version=_VERSION)
            return out.getvalue()
    except (pikepdf.PdfError, pikepdf.PasswordError, ValueError) as error:
        raise RenderingError(
            _("The documents cannot be put together: {error}.", error=error),
            hint=_("Open each in a PDF reader, save it there, and use what was saved."),
        ) from None


def _claim_nothing(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as said:
        for claim in _CLAIMS:
            if claim in said:
                del said[claim]


def _flat(data: bytes) -> pikepdf.Pdf:
    """A PDF whose form fields and notes stand in its pages."""
    pdf = pikepdf.open(io.BytesIO(data))
    has_form = "/AcroForm" in pdf.Root
    if has_form:
        make_looks(pdf)
    if has_form or any("/AP" in note for page in pdf.pages for note in notes(page)):
        pdf.flatten_annotations("print")
    if has_form:
        if "/AcroForm" in pdf.Root:
            del pdf.Root.AcroForm
        for page in pdf.pages:  # fields that are left show nothing
            page.Annots = pikepdf.Array(
                note for note in notes(page) if note.get("/Subtype") != "/Widget"
            )
    return pdf

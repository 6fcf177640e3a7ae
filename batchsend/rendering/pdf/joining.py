"""Documents put together to one: a letter and what comes after it, its form fields drawn.

pikepdf copies pages as they are; PDFium, which reads them elsewhere, dies of some form fields. qpdf
draws fields in the characters of Western Europe and drops others in silence, so those are looked
for. Knows nothing of letters.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import Any

import pikepdf

from batchsend.errors import RenderingError
from batchsend.language import _

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


_DRAWN = {"/Tx", "/Ch"}
"""The kinds of field that qpdf draws: texts and choices."""
_OWN_CODES = {"/Symbol", "/ZapfDingbats"}
"""Fonts whose characters are no letters."""
_HIDDEN = 0b100010
"""Flags of a field that is neither shown nor printed (ISO 32000-1, 12.5.3)."""
_DEEP = 20
_SHOWN = 40


def make_looks(pdf: pikepdf.Pdf) -> None:
    """Draw the fields of a form that asks for it. RenderingError where one would be lost."""
    form = pdf.Root.AcroForm
    if not isinstance(form, pikepdf.Dictionary) or not form.get("/NeedAppearances", False):
        return
    _name_codes(form)
    fields = [
        note for page in pdf.pages for note in notes(page) if note.get("/Subtype") == "/Widget"
    ]
    for field in fields:
        value = _value(field)
        if str(_inherited(field, "/FT")) in _DRAWN and not _is_western(value):
            raise _lost(value)
    pdf.generate_appearance_streams()
    for field in fields:
        value = _value(field)
        if value and not int(field.get("/F", 0)) & _HIDDEN and not _has_look(field):
            raise _lost(value)


def notes(page: pikepdf.Page) -> Iterator[pikepdf.Dictionary]:
    """The fields, notes and links of a page, without what is none."""
    found = page.get("/Annots")
    if isinstance(found, pikepdf.Array):
        for each in found:
            if isinstance(each, pikepdf.Dictionary):
                yield each


def _name_codes(form: pikepdf.Dictionary) -> None:
    """Say of the form's fonts that their codes are those of Windows, where they do not say."""
    resources = form.get("/DR")
    fonts = resources.get("/Font") if isinstance(resources, pikepdf.Dictionary) else None
    if not isinstance(fonts, pikepdf.Dictionary):
        return
    for _name, font in fonts.items():
        kept = font.get("/Subtype") == "/Type0" or str(font.get("/BaseFont")) in _OWN_CODES
        if not kept and "/Encoding" not in font:
            font.Encoding = pikepdf.Name.WinAnsiEncoding


def _has_look(field: pikepdf.Dictionary) -> bool:
    """Whether something is drawn: a text, where qpdf was to draw one."""
    looks = field.get("/AP")
    look = looks.get("/N") if isinstance(looks, pikepdf.Dictionary) else None
    if isinstance(look, pikepdf.Stream) and str(_inherited(field, "/FT")) in _DRAWN:
        return re.search(rb"\bTf\b.*\bT[jJ]", look.read_bytes(), re.DOTALL) is not None
    return look is not None


def _inherited(field: Any, key: str) -> Any:
    for _level in range(_DEEP):
        if key in field:
            return field[key]
        field = field.get("/Parent")
        if not isinstance(field, pikepdf.Dictionary):
            break
    return None


def _value(field: pikepdf.Dictionary) -> str:
    """What a field says, or that it is ticked; blank where it says nothing."""
    value = _inherited(field, "/V")
    if isinstance(value, pikepdf.Array):
        return ", ".join(map(str, value))
    if isinstance(value, pikepdf.Name):
        own = str(field.get("/AS", value))
        return "" if own == "/Off" else own.removeprefix("/")
    return str(value).strip() if isinstance(value, pikepdf.String) else ""


def _is_western(text: str) -> bool:
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def _lost(value: str) -> RenderingError:
    return RenderingError(
        _("The form field with “{value}” would not be printed.", value=value[:_SHOWN]),
        hint=_("Open the PDF in a PDF reader, print it to a PDF, and use that."),
    )

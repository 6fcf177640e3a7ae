"""`[template]` and `[document]` of mailing.toml: what a letter is made from, and how.

Knows nothing of what is in the templates.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from batchsend.settings import Section

EngineName = Literal["plutoprint", "weasyprint", "libreoffice"]
Standard = Literal[
    "pdf/a-2b", "pdf/a-2u", "pdf/a-2a", "pdf/a-3b", "pdf/a-3u", "pdf/a-3a", "pdf/ua-1"
]
"""For archives (A; those ending in `a` are tagged as well) and for screen readers (UA)."""


class TemplateSettings(Section):
    """Where the template is. All but `path` has a default that suits most letters."""

    path: Path | dict[str, Path]
    """The HTML file or Word document, from the mailing's folder; or one for each LanguageID:
    `{ NO = "…" }`."""
    engine: EngineName | None = None
    """What makes the PDF; otherwise PlutoPrint, or WeasyPrint where PlutoPrint has no wheel, and
    LibreOffice for a Word document."""
    standard: Standard | None = None
    """Make PDFs of this standard; WeasyPrint can, and LibreOffice some of them."""
    timeout: Annotated[float, Field(gt=0)] = 20
    """Seconds one letter may take to render before it is given up."""
    left_behind: Literal["not needed"] | None = None
    """Says that a letter turned from Word into HTML can do without what was left behind there:
    headers, footers and text boxes. Until then it is not sent."""


class DocumentSettings(Section):
    """Ready-made PDFs; all lie under the mailing's folder. Names may hold expressions."""

    pdf: str | None = None
    """The PDF that is the letter, in place of a template's: `"invoices/{{ kundenr }}.pdf"`. Where
    it comes out blank, the template makes the letter."""
    shared: bool = False
    """Whether letters may have one PDF even though its name is made from columns. Otherwise those
    that do are held back."""
    append: tuple[str, ...] = ()
    """PDFs that come after the letter, in this order; one that comes out blank is left out."""
    max_pages: Annotated[int, Field(ge=1)] = 100
    """Of each of these documents."""

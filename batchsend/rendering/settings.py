"""`[template]` of mailing.toml: which template a letter is rendered from, and how.

Knows nothing of what is in the templates.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from batchsend.settings import Section

__all__ = ["EngineName", "Standard", "TemplateSettings"]

EngineName = Literal["plutoprint", "weasyprint"]
Standard = Literal[
    "pdf/a-2b", "pdf/a-2u", "pdf/a-2a", "pdf/a-3b", "pdf/a-3u", "pdf/a-3a", "pdf/ua-1"
]
"""For archives (A; those ending in `a` are tagged as well) and for screen readers (UA)."""


class TemplateSettings(Section):
    """Where the template is. All but `path` has a default that suits most letters."""

    path: Path | dict[str, Path]
    """The HTML file, from the mailing's folder; or one for each LanguageID: `{ NO = "…" }`."""
    engine: EngineName | None = None
    """What makes the PDF; otherwise PlutoPrint, or WeasyPrint where PlutoPrint has no wheel."""
    standard: Standard | None = None
    """Make PDFs of this standard; WeasyPrint can."""
    timeout: Annotated[float, Field(gt=0)] = 20
    """Seconds one letter may take to render before it is given up."""

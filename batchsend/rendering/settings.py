"""`[template]` of mailing.toml: which template a letter is rendered from, and how.

Knows nothing of what is in the templates.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from batchsend.settings import Section

__all__ = ["EngineName", "TemplateSettings"]

EngineName = Literal["plutoprint", "weasyprint"]


class TemplateSettings(Section):
    """Where the template is. All but `path` has a default that suits most letters."""

    path: Path | dict[str, Path]
    """The HTML file, from the mailing's folder; or one for each LanguageID: `{ NO = "…" }`."""
    engine: EngineName | None = None
    """What makes the PDF; otherwise PlutoPrint, or WeasyPrint where PlutoPrint has no wheel."""
    timeout: Annotated[float, Field(gt=0)] = 20
    """Seconds one letter may take to render before it is given up."""

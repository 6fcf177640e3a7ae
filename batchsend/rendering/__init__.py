"""Letters -> documents."""

from batchsend.rendering.enclosures import enclosures
from batchsend.rendering.kept_documents import KeptDocuments
from batchsend.rendering.pdf.text import missing_in_window
from batchsend.rendering.renderer import Renderer
from batchsend.rendering.settings import (
    Area,
    DocumentSettings,
    PageRules,
    PageSettings,
    TemplateSettings,
)
from batchsend.rendering.templates import Templates
from batchsend.rendering.workers.executor import Workers
from batchsend.rendering.workers.pool import RenderedLetter, RenderPool

__all__ = [
    "Area",
    "DocumentSettings",
    "KeptDocuments",
    "PageRules",
    "PageSettings",
    "RenderPool",
    "RenderedLetter",
    "Renderer",
    "TemplateSettings",
    "Templates",
    "Workers",
    "enclosures",
    "missing_in_window",
]

"""Letters -> documents."""

from batchsend.rendering.enclosures import enclosures
from batchsend.rendering.page_settings import Area, PageRules, PageSettings
from batchsend.rendering.press import Prepared, Press
from batchsend.rendering.renderer import Renderer
from batchsend.rendering.settings import DocumentSettings, TemplateSettings
from batchsend.rendering.templates import Templates
from batchsend.rendering.workers import Workers

__all__ = [
    "Area",
    "DocumentSettings",
    "PageRules",
    "PageSettings",
    "Prepared",
    "Press",
    "Renderer",
    "TemplateSettings",
    "Templates",
    "Workers",
    "enclosures",
]

"""Letters -> documents."""

from batchsend.rendering.document import Document
from batchsend.rendering.page_settings import PageSettings
from batchsend.rendering.press import Prepared, Press
from batchsend.rendering.renderer import Renderer
from batchsend.rendering.settings import TemplateSettings
from batchsend.rendering.templates import Templates

__all__ = [
    "Document",
    "PageSettings",
    "Prepared",
    "Press",
    "Renderer",
    "TemplateSettings",
    "Templates",
]

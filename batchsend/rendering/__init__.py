"""Letters -> documents."""

from batchsend.rendering.document import Document
from batchsend.rendering.press import Prepared, Press
from batchsend.rendering.renderer import Renderer
from batchsend.rendering.settings import TemplateSettings
from batchsend.rendering.templates import Templates

__all__ = ["Document", "Prepared", "Press", "Renderer", "TemplateSettings", "Templates"]

"""Renderer: one letter in, one document out, in this process.

Knows the template's names and files, one engine, and nothing of workers or requests.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any

import jinja2

from batchsend.errors import BatchsendError, RenderingError
from batchsend.expressions import Names, environment
from batchsend.letters import Letter, LetterBody
from batchsend.lists import Column
from batchsend.rendering.document import Document
from batchsend.rendering.engines import Page, load_engine
from batchsend.rendering.files import SourceLoader, TemplateFiles
from batchsend.rendering.images import MAX_PIXELS, inline_pixels
from batchsend.rendering.templates import Templates

__all__ = ["Renderer"]


class Renderer:
    """Renders the letters of one list. Not for several threads at once."""

    def __init__(self, templates: Templates, columns: Sequence[Column]) -> None:
        self._templates = templates
        self._names = Names(columns)
        self._engine = load_engine(templates.engine)
        self._compiled: dict[str, jinja2.Template] = {}

    def render(self, letter: Letter) -> Document:
        """The letter's document. Raises RenderingError naming the row and what to do."""
        try:
            files = self._templates.for_language(letter.language)
            page = self._page(self.html(letter), files)
        except BatchsendError as error:
            row = letter.rows[0].number
            raise RenderingError(f"Row {row}: {error.message}", hint=error.hint) from None
        return Document(page.pdf, page.pages, self._templates.engine, page.warnings)

    def html(self, letter: Letter) -> str:
        """The letter as HTML, before any engine sees it. RenderingError names file and line."""
        files = self._templates.for_language(letter.language)
        template = self._template(letter.language, files)
        try:
            return template.render(self._context(letter))
        except Exception as error:
            # Whatever a filter or expression raises is about this letter's data or the template.
            where = _place(error.__traceback__, files) or str(files.folder / files.start)
            message = error.message if isinstance(error, BatchsendError) else str(error)
            raise RenderingError(
                f"{where}: {message or type(error).__name__}",
                hint=getattr(error, "hint", None),
            ) from None

    def _page(self, html: str, files: TemplateFiles) -> Page:
        if inline_pixels(html) > MAX_PIXELS:
            raise RenderingError(
                f"an image in {files.start} has more than {MAX_PIXELS / 10**6:.0f} million pixels."
            )
        page = self._engine.render(html, files)
        if page.refusals:
            raise RenderingError(
                f"{files.start}: {'; '.join(dict.fromkeys(page.refusals))}.",
                hint="A template uses files of its own folder only, named in the template or in "
                "a style sheet.",
            )
        return page

    def _template(self, language: str, files: TemplateFiles) -> jinja2.Template:
        if language not in self._compiled:
            jinja = environment(SourceLoader(files), autoescape=True)
            self._compiled[language] = jinja.get_template(files.start)
        return self._compiled[language]

    def _context(self, letter: Letter) -> Mapping[str, Any]:
        return {
            **self._names.variables(letter.rows),
            # Complete: what a row leaves out is blank, what the API does not know is an error.
            "letter": LetterBody.model_validate(letter.fields).model_dump(exclude={"FreeText"}),
            "language": letter.language,
        }


def _place(traceback: TracebackType | None, files: TemplateFiles) -> str | None:
    """The innermost template line of a traceback, as `letter.html, line 12`."""
    sources = {str(files.folder / name) for name in files.sources}
    found = None
    while traceback is not None:
        name = traceback.tb_frame.f_code.co_filename
        if name in sources:
            found = f"{name}, line {traceback.tb_lineno}"
        traceback = traceback.tb_next
    return found

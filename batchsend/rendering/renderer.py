"""Renderer: one letter in, one document out, in this process.

Knows the template's names and files, one engine, and nothing of workers or requests.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from types import TracebackType
from typing import Any

import jinja2

from batchsend.errors import BatchsendError, RenderingError
from batchsend.expressions import Names, environment
from batchsend.language import _
from batchsend.letters import OWN_DOCUMENTS, Letter
from batchsend.lists import Column
from batchsend.masking import masked_in_text
from batchsend.rendering.document import Document, context_of
from batchsend.rendering.enclosures import documents_digest
from batchsend.rendering.engines.choice import BatchEngine, Engine, EngineResult, load_engine
from batchsend.rendering.images import MAX_PIXELS, inline_pixels
from batchsend.rendering.page_checks import READY_MADE, Layout, check_pages, check_recipient
from batchsend.rendering.pdf.joining import joined
from batchsend.rendering.pdf.language import in_language, language_of
from batchsend.rendering.pdf.opened import page_count
from batchsend.rendering.ready_made import ENGINE
from batchsend.rendering.template_files import SourceLoader, TemplateFiles
from batchsend.rendering.templates import Templates


@dataclass(slots=True)
class _Draft:
    """A letter on its way to a document."""

    letter: Letter
    context: Mapping[str, Any] = field(default_factory=dict)
    files: TemplateFiles | None = None
    html: str = ""
    page: EngineResult | RenderingError | None = None
    """Where the engine makes many at a time: what it made of this one."""
    ready_made: list[bytes] = field(default_factory=list)
    pdf: bytes = b""
    pages: int = 0
    engine: str = ""
    language: str = ""
    """What the PDF does not say yet."""
    layout: Layout = READY_MADE
    warnings: list[str] = field(default_factory=list)

    def document(self) -> Document:
        return Document(self.pdf, self.pages, self.engine, tuple(self.warnings))


class Renderer:
    """Renders the letters of one list. Not for several threads at once."""

    def __init__(self, templates: Templates, columns: Sequence[Column]) -> None:
        self._templates = templates = templates.fitted(columns)
        self._names = Names(columns)
        engine = load_engine(templates.engine, templates.settings) if templates.files else None
        # Asked once: telling a protocol takes as long as a page check.
        self._engine = engine if isinstance(engine, Engine) else None
        self._batch_engine = engine if isinstance(engine, BatchEngine) else None
        self._compiled: dict[str, jinja2.Template] = {}

    def render(self, letter: Letter) -> Document:
        """The letter's document. Raises RenderingError naming the row and what to do."""
        [document] = self.render_each([letter])
        if isinstance(document, RenderingError):
            raise document
        return document

    def render_each(self, letters: Sequence[Letter]) -> list[Document | RenderingError]:
        """The document of each letter, or why it has none, in the order given.

        Each step is done for all of them before the next: measured a fifth faster than letter by
        letter, because the libraries do not drive each other out of the processor's caches.
        """
        drafts: list[_Draft | RenderingError] = [_Draft(letter) for letter in letters]
        for step in (self._write, self._print, _say_language, self._append, self._inspect):
            if step == self._print and self._batch_engine is not None:
                waiting = [draft for draft in drafts if isinstance(draft, _Draft)]
                self._print_together(self._batch_engine, waiting)
            for n, draft in enumerate(drafts):
                if isinstance(draft, _Draft):
                    drafts[n] = _attempted(step, draft)
        return [d.document() if isinstance(d, _Draft) else d for d in drafts]

    def html(self, letter: Letter) -> str:
        """The letter as HTML, before any engine sees it. RenderingError names file and line."""
        return self._html(
            context_of(letter, self._names), self._templates.for_language(letter.language)
        )

    def _html(self, context: Mapping[str, Any], files: TemplateFiles) -> str:
        try:
            return self._template(files).render(context)
        except Exception as error:
            # Whatever a filter or expression raises is about this letter's data or the template.
            where = _place(error.__traceback__, files) or str(files.folder / files.start)
            message = error.message if isinstance(error, BatchsendError) else str(error)
            raise RenderingError(
                f"{where}: {message or type(error).__name__}",
                hint=getattr(error, "hint", None),
            ) from None

    def _write(self, draft: _Draft) -> None:
        draft.context = context_of(draft.letter, self._names)
        ready = self._templates.ready_made.letter(draft.context)
        if ready is not None:
            draft.ready_made.append(ready)
            draft.pdf, draft.pages, draft.engine = ready, page_count(ready), ENGINE
            return
        draft.files = self._templates.for_language(draft.letter.language)
        draft.html = self._html(draft.context, draft.files)
        if inline_pixels(draft.html) > MAX_PIXELS:
            raise RenderingError(
                _(
                    "{start}: an image has more than {max_pixels} million pixels.",
                    start=draft.files.start,
                    max_pixels=MAX_PIXELS // 10**6,
                )
            )
        draft.warnings += _unprintable(draft.html, draft.files)

    def _print(self, draft: _Draft) -> None:
        if draft.pdf or draft.files is None:
            return
        page = draft.page
        if isinstance(page, RenderingError):
            raise page
        if page is None and self._engine is not None:
            page = self._engine.render(draft.html, draft.files)
        if page is None:
            raise RenderingError(_("the engine has made nothing of it."))
        if page.refusals:
            raise RenderingError(
                f"{draft.files.start}: {'; '.join(dict.fromkeys(page.refusals))}.",
                hint=_(
                    "A template uses files of its own folder only, named in the template or "
                    "in a style sheet."
                ),
            )
        draft.pdf, draft.pages, draft.engine = page.pdf, page.pages, self._templates.engine
        draft.layout = page.layout
        draft.language = language_of(draft.html) if page.lacks_language else ""
        draft.warnings += page.warnings

    @staticmethod
    def _print_together(engine: BatchEngine, drafts: Sequence[_Draft]) -> None:
        waiting = [d for d in drafts if not d.pdf and d.files is not None]
        letters = [(d.html, d.files) for d in waiting if d.files is not None]
        for draft, page in zip(waiting, engine.render_each(letters), strict=True):
            draft.page = page

    def _append(self, draft: _Draft) -> None:
        others = self._templates.ready_made.appended(draft.context)
        _must_be_as_checked(draft.letter, [*draft.ready_made, *others])
        if others:
            draft.pdf = joined(draft.pdf, others)
            draft.pages += sum(map(page_count, others))

    def _inspect(self, draft: _Draft) -> None:
        channel = draft.letter.channel
        rules = self._templates.pages.for_channel(channel)
        findings = check_pages(draft.pdf, rules, draft.letter.fields, draft.layout)
        if draft.ready_made and self._templates.ready_made.must_name_recipient:
            findings += check_recipient(draft.ready_made[0], rules, draft.letter.fields)
        held = [str(f) for f in findings if getattr(rules.rules, f.rule) == "hold"]
        if held:
            raise RenderingError(
                _(
                    "the page breaks the rules for {channel}: {held}.",
                    channel=channel,
                    held="; ".join(held),
                ),
                hint=_("Change the PDF, or the limits in [page.{channel}].", channel=channel)
                if draft.ready_made
                else _("Change the template, or the limits in [page.{channel}].", channel=channel),
            )
        draft.warnings += [str(f) for f in findings]

    def _template(self, files: TemplateFiles) -> jinja2.Template:
        key = str(files.folder / files.start)
        if key not in self._compiled:
            jinja = environment(SourceLoader(files), autoescape=True, zone=self._templates.zone)
            self._compiled[key] = jinja.get_template(files.start)
        return self._compiled[key]


def _say_language(draft: _Draft) -> None:
    if draft.language:
        draft.pdf = in_language(draft.pdf, draft.language)


def _attempted(step: Callable[[_Draft], None], draft: _Draft) -> _Draft | RenderingError:
    hint = None
    try:
        step(draft)
    except BatchsendError as error:
        message, hint = error.message, error.hint
    except Exception as error:
        # A fault of ours or a library's: it must not cost the letters beside this one.
        message = _(
            "the letter could not be made: {name}: {error}", name=type(error).__name__, error=error
        )
    else:
        return draft
    # It may quote the row: it goes to the ledger, the report and the terminal.
    row = draft.letter.rows[0].number
    return RenderingError(
        _("Row {row}: {problem}", row=row, problem=masked_in_text(message)), hint=hint
    )


def _must_be_as_checked(letter: Letter, documents: Sequence[bytes]) -> None:
    checked = letter.content.partition(OWN_DOCUMENTS)[2]
    if checked and documents_digest(documents) != checked:
        raise RenderingError(
            _("its documents are not those that were checked."),
            hint=_("A file was changed meanwhile. Run the same command again."),
        )


def _unprintable(html: str, files: TemplateFiles) -> list[str]:
    text = unescape(html) if "&" in html else html
    return [
        _(
            "no font here has “{character}” (U+{code:04X} {name}): it prints as an empty box. A "
            "font that has it can be put into the template's fonts folder.",
            character=character,
            code=ord(character),
            name=unicodedata.name(character, _("without a name")),
        )
        for character in dict.fromkeys(re.findall(files.unprintable, text))
    ]


def _place(traceback: TracebackType | None, files: TemplateFiles) -> str | None:
    """The innermost template line of a traceback, as `letter.html, line 12`."""
    sources = {str(files.folder / name): name for name in files.sources}
    found = None
    while traceback is not None:
        name = traceback.tb_frame.f_code.co_filename
        if name in sources:
            found = files.where(sources[name], traceback.tb_lineno)
        traceback = traceback.tb_next
    return found

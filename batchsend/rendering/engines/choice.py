"""What an engine is, and which one makes a mailing's letters.

Knows the engines' names and where each can be had, nothing of how they work.
"""

from __future__ import annotations

import importlib
import importlib.metadata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final, Protocol, runtime_checkable

from batchsend.errors import RenderingError, TemplateError
from batchsend.language import N_, _
from batchsend.rendering.page_checks import FULL_SIZE, Layout
from batchsend.rendering.settings import EngineName, TemplateSettings
from batchsend.rendering.template_files import TemplateFiles
from batchsend.word.office_process import HINT, office, office_version

MAX_PAGES = 500
"""More than any letter has: a template that makes more has run away."""


@dataclass(frozen=True, slots=True)
class EngineResult:
    """What an engine makes of HTML: a PDF, however many pages it has."""

    pdf: bytes
    pages: int
    refusals: tuple[str, ...]
    """What was asked for and not given, or could not be used; sentences naming the URL."""
    warnings: tuple[str, ...] = ()
    layout: Layout = FULL_SIZE
    lacks_language: bool = False
    """Whether the PDF does not say yet which language its HTML is in."""


@runtime_checkable
class Engine(Protocol):
    """Turns HTML into a PDF, with a template's files for whatever the HTML refers to."""

    def render(self, html: str, files: TemplateFiles) -> EngineResult:
        """One document. Raises RenderingError where the engine gives up."""


@runtime_checkable
class BatchEngine(Protocol):
    """Turns the letters of many rows into PDFs at one go, each a document of its own."""

    def render_each(
        self, letters: Sequence[tuple[str, TemplateFiles]]
    ) -> list[EngineResult | RenderingError]:
        """A page of each rendered template, or why there is none, in the order given."""


def batch_of(engine: str) -> int:
    """Letters a worker takes at a time: enough to make handing them over, or a start, cheap."""
    return 64 if _is_word(engine) else 16


def time_limit(engine: str, settings: TemplateSettings) -> float:
    """Seconds a worker may take for them. LibreOffice is watched letter by letter on the way."""
    return settings.timeout * (3 * batch_of(engine) if _is_word(engine) else 1)


def _is_word(engine: str) -> bool:
    return engine.partition(" ")[0] == _WORD


def engine_version(settings: TemplateSettings, files: Mapping[str, TemplateFiles]) -> str:
    """The engine that `settings` ask for, as `plutoprint 0.23.0`.

    TemplateError says what to install where it is missing; no other takes its place in silence.
    """
    if any(each.is_word for each in files.values()):
        return _word_engine(settings, files)
    name = _chosen(settings)
    try:
        version = importlib.metadata.version(name)
        _module(name)
    except ImportError:  # PackageNotFoundError is one
        raise TemplateError(
            _("The engine {name} is not installed on this machine.", name=name),
            hint=_(_HINTS[name]),
        ) from None
    return f"{name} {version}"


def load_engine(version: str, settings: TemplateSettings) -> Engine | BatchEngine:
    """The engine of that name and version, ready to render."""
    name: Any = version.partition(" ")[0]
    module = _module(name)
    engine: Engine | BatchEngine = (
        module.engine(settings.standard, settings.timeout)
        if name == _WORD
        else module.engine(settings.standard)
    )
    return engine


def _word_engine(settings: TemplateSettings, files: Mapping[str, TemplateFiles]) -> str:
    html = [each.start for each in files.values() if not each.is_word]
    if html:
        raise TemplateError(
            _("[template] path names a Word document and {html}, which is HTML.", html=html[0]),
            hint=_("Take letters of one kind for all languages: one engine makes them."),
        )
    if settings.engine not in {None, _WORD}:
        raise TemplateError(
            _(
                '[template] engine = "{engine}" takes HTML, and path is a Word document.',
                engine=settings.engine,
            ),
            hint=_(
                "Take the engine away, or turn the letter into HTML: batchsend letter-from FILE."
            ),
        )
    version = office_version()
    if not version:
        there = (
            _("{office} does not answer", office=office())
            if office()
            else _("it is not on this machine")
        )
        raise TemplateError(
            _("A Word letter is printed by LibreOffice, and {there}.", there=there), hint=HINT
        )
    _module(_WORD).must_make(settings.standard)
    return f"{_WORD} {version}"


def _module(name: EngineName) -> ModuleType:
    # Imported by name, for an engine that is not installed must not be missed.
    return importlib.import_module(f"batchsend.rendering.engines.{name}")


def _chosen(settings: TemplateSettings) -> EngineName:
    if settings.engine == _WORD:
        raise TemplateError(
            _('[template] engine = "libreoffice" is for Word documents, and path is HTML.'),
            hint=_("Take the engine away: PlutoPrint and WeasyPrint print HTML."),
        )
    if settings.standard is None:
        return settings.engine or _default()
    if settings.engine == "plutoprint":
        raise TemplateError(
            _(
                '[template] engine = "plutoprint" cannot make standard = "{standard}".',
                standard=settings.standard,
            ),
            hint=_('engine = "weasyprint" can, with the same template.'),
        )
    return "weasyprint"


def _default() -> EngineName:
    try:
        importlib.metadata.version("plutoprint")
    except importlib.metadata.PackageNotFoundError:
        return "weasyprint"
    return "plutoprint"


_WORD: Final = "libreoffice"
_HINTS: dict[EngineName, str] = {
    "plutoprint": N_(
        "There is no PlutoPrint for every platform; `pip install weasyprint` and "
        'engine = "weasyprint" take the same templates.'
    ),
    "weasyprint": N_(
        "`pip install batchsend-letters[weasyprint]` installs it; it also needs the "
        "system's Pango library."
    ),
}

"""What an engine is, and which one makes a mailing's letters.

Knows the engines' names and where each can be had, nothing of how they work.
"""

from __future__ import annotations

import importlib
import importlib.metadata
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Protocol

from batchsend.errors import TemplateError
from batchsend.rendering.files import TemplateFiles
from batchsend.rendering.settings import EngineName, TemplateSettings

MAX_PAGES = 500
"""More than any letter has: a template that makes more has run away."""


@dataclass(frozen=True, slots=True)
class Page:
    """What an engine makes of HTML: a PDF, however many pages it has."""

    pdf: bytes
    pages: int
    refusals: tuple[str, ...]
    """What was asked for and not given, or could not be used; sentences naming the URL."""
    warnings: tuple[str, ...] = ()


class Engine(Protocol):
    """Turns HTML into a PDF, with a template's files for whatever the HTML refers to."""

    def render(self, html: str, files: TemplateFiles) -> Page:
        """One document. Raises RenderingError where the engine gives up."""


def engine_version(settings: TemplateSettings) -> str:
    """The engine that `settings` ask for, as `plutoprint 0.23.0`.

    TemplateError says what to install where it is missing; no other takes its place in silence.
    """
    name = _chosen(settings)
    try:
        version = importlib.metadata.version(name)
        _module(name)
    except ImportError:  # PackageNotFoundError is one
        raise TemplateError(
            f"The engine {name} is not installed on this machine.", hint=_HINTS[name]
        ) from None
    return f"{name} {version}"


def load_engine(version: str, settings: TemplateSettings) -> Engine:
    """The engine of that name and version, ready to render."""
    name: Any = version.partition(" ")[0]
    engine: Engine = _module(name).engine(settings.standard)
    return engine


def _module(name: EngineName) -> ModuleType:
    # Imported by name, for an engine that is not installed must not be missed.
    return importlib.import_module(f"batchsend.rendering.{name}_engine")


def _chosen(settings: TemplateSettings) -> EngineName:
    if settings.standard is None:
        return settings.engine or _default()
    if settings.engine == "plutoprint":
        raise TemplateError(
            f'[template] engine = "plutoprint" cannot make standard = "{settings.standard}".',
            hint='engine = "weasyprint" can, with the same template.',
        )
    return "weasyprint"


def _default() -> EngineName:
    try:
        importlib.metadata.version("plutoprint")
    except importlib.metadata.PackageNotFoundError:
        return "weasyprint"
    return "plutoprint"


_HINTS: dict[EngineName, str] = {
    "plutoprint": "There is no PlutoPrint for every platform; `pip install weasyprint` and "
    'engine = "weasyprint" take the same templates.',
    "weasyprint": "`pip install batchsend-letters[weasyprint]` installs it; it also needs the "
    "system's Pango library.",
}

"""WeasyPrint, the second engine: tagged and archival PDFs, and every platform that has Pango.

Knows nothing of letters or templates, only of HTML and the files it may use.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from batchsend.errors import RenderingError, TemplateError
from batchsend.language import _
from batchsend.rendering.engines.choice import MAX_PAGES, EngineResult
from batchsend.rendering.engines.not_printed import Losses
from batchsend.rendering.fonts import font_folder
from batchsend.rendering.page_checks import FULL_SIZE
from batchsend.rendering.settings import Standard
from batchsend.rendering.template_files import Refused, TemplateFiles

try:
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse
except OSError as error:  # the Python part is there, a library of the system is not
    raise TemplateError(
        _("WeasyPrint cannot start: {error}", error=error),
        hint=_(
            "It needs the system's Pango library: on Debian and Ubuntu `apt-get install "
            "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0`, on macOS `brew install "
            "pango`."
        ),
    ) from None

_LOG = logging.getLogger("weasyprint")
_NEEDS_BASE = {"text/css", "image/svg+xml"}


def engine(standard: Standard | None) -> WeasyPrintEngine:
    """The engine, for plain PDFs or those of a standard."""
    return WeasyPrintEngine(standard)


class WeasyPrintEngine:
    """See `Engine`. One process renders with one set of fonts."""

    def __init__(self, standard: Standard | None) -> None:
        self._standard = standard
        self._fonts: _Fonts | None = None
        self._losses: dict[str, Losses] = {}

    def render(self, html: str, files: TemplateFiles) -> EngineResult:
        """One document; RenderingError where it runs away."""
        fonts = self._fonts_without_additions(files)
        fetcher = _Fetcher(files)
        with _complaints() as said:
            source = weasyprint.HTML(string=html, base_url=files.base_url, url_fetcher=fetcher)
            # No cache of images: one that cannot be read is remembered there, and the next letter
            # would go without it and without a word.
            document = source.render(font_config=fonts, pdf_variant=self._standard)
            pages = len(document.pages)
            if pages > MAX_PAGES:
                raise RenderingError(
                    _(
                        "it has {pages} pages, more than {max_pages}.",
                        pages=pages,
                        max_pages=MAX_PAGES,
                    )
                )
            pdf = document.write_pdf(pdf_variant=self._standard)
            if files.base_url not in self._losses:
                self._losses[files.base_url] = Losses(files.texts)
            losses = self._losses[files.base_url]
            lost = losses.words(html, pdf, lambda style: _again(source, fonts, style))
        unreadable = [words for words in said if words.startswith("Failed to load")]
        # What it was refused it complains of as well, after the refusal in its own words.
        refusals = tuple(fetcher.refusals) or tuple(unreadable)
        layout = replace(
            FULL_SIZE, may_clip=losses.clips, may_be_pale=losses.may_be_pale, vanished=lost
        )
        return EngineResult(pdf, pages, refusals, layout=layout)

    def _fonts_without_additions(self, files: TemplateFiles) -> _Fonts:
        """Kept from letter to letter, since it takes 4 ms to make, unless a letter added to it."""
        if self._fonts is None or self._fonts.added:
            os.environ["FONTCONFIG_FILE"] = str(font_folder(files.fonts) / "fonts.conf")
            self._fonts = _Fonts()
        return self._fonts


def _again(source: weasyprint.HTML, fonts: _Fonts, style: str) -> bytes:
    """The same printed with a style more."""
    sheet = weasyprint.CSS(string=style)
    pdf: bytes = source.write_pdf(stylesheets=[sheet], font_config=fonts)
    return pdf


class _Fonts(FontConfiguration):  # type: ignore[misc]  # WeasyPrint has no types
    """Knows whether a letter's `@font-face` has added to it."""

    added = False

    def add_font_face(self, rule_descriptors: Mapping[str, Any], url_fetcher: Any) -> None:
        self.added = True
        super().add_font_face(rule_descriptors, url_fetcher)


class _Fetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
    """Hands out the template's own files and remembers everything else that was asked for."""

    def __init__(self, files: TemplateFiles) -> None:
        super().__init__(allowed_protocols=("data",))
        self.files = files
        self.refusals: list[str] = []

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        if url.lower().startswith("data:"):
            return super().fetch(url, headers)
        try:
            data, mime_type = self.files.resource(url)
        except Refused as refusal:
            self.refusals.append(str(refusal))
            raise ValueError(str(refusal)) from None
        # WeasyPrint may open a file: URL by itself; only what refers to others needs one.
        named = url if mime_type in _NEEDS_BASE else f"template:{url.rpartition('/')[2]}"
        return URLFetcherResponse(named, data, {"Content-Type": mime_type})


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """What WeasyPrint logs as an error; nothing of it reaches the terminal."""
    said: list[str] = []
    handler = _Collector(said)
    before = _LOG.handlers[:], _LOG.propagate
    _LOG.handlers[:], _LOG.propagate = [handler], False
    try:
        yield said
    finally:
        _LOG.handlers[:], _LOG.propagate = before


class _Collector(logging.Handler):
    def __init__(self, said: list[str]) -> None:
        super().__init__(logging.ERROR)
        self._said = said

    def emit(self, record: logging.LogRecord) -> None:
        self._said.append(record.getMessage())

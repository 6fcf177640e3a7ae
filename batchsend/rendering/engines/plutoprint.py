"""PlutoPrint, the default engine: milliseconds a letter.

Knows nothing of letters or templates, only of HTML and the files it may use.
"""

from __future__ import annotations

import io
import os
import re
from dataclasses import replace
from pathlib import Path

import plutoprint

from batchsend.errors import RenderingError
from batchsend.language import _
from batchsend.rendering.engines.choice import MAX_PAGES, EngineResult
from batchsend.rendering.engines.not_printed import Losses
from batchsend.rendering.engines.page_feet import PageFeet, whole_columns
from batchsend.rendering.engines.same_line import goes_back
from batchsend.rendering.engines.shrinking import MARKED, fitted
from batchsend.rendering.engines.stderr import complaints
from batchsend.rendering.fonts import font_folder
from batchsend.rendering.template_files import Refused, TemplateFiles

_MOST_PARTED = 3
"""Places of a letter that are put right, so that no sum or heading stands alone."""
_UNABLE = re.compile(r"WARNING: Unable to load (?P<kind>\w+) '(?P<url>.*)': (?P<why>.*)")
# Fontconfig reads its configuration once in a process, before the first document.
_fonts_in_use: list[Path] = []


def engine(standard: None) -> PlutoPrintEngine:  # noqa: ARG001 - as every engine's
    """The engine; it makes PDFs of no standard."""
    return PlutoPrintEngine()


class PlutoPrintEngine:
    """See `Engine`. One process renders with one set of fonts."""

    def __init__(self) -> None:
        self._templates: dict[int, _Template] = {}

    def render(self, html: str, files: TemplateFiles) -> EngineResult:
        """One document; RenderingError where PlutoPrint gives up or has other fonts in use."""
        template = self._templates.get(id(files)) or self._first_seen(files)
        _use_fonts(template.fonts)
        fetcher = _Fetcher(template)
        complaints()  # of a letter before, which was given up before they were read
        pdf, pages = _printed(html, fetcher)
        style, layout = fitted(html, pdf, lambda text, style: _printed(text, fetcher, style)[0])
        if style:
            fetcher.style += style
            pdf, pages = _printed(html, fetcher)
        if pages > 1:
            pdf, pages = _with_whole_feet(html, pdf, pages, fetcher)
        losses = template.losses
        layout = losses.laid_out(layout)
        if goes_back(pdf):
            layout = replace(layout, goes_back=True)
        if losses.rises or losses.leaves or losses.clips:

            def again(style: str) -> bytes:
                return _printed(html, fetcher, style)[0]

            lost = losses.words(html, pdf, again) or losses.pictures(html, again)
            layout = replace(layout, vanished=lost)
        refusals = (*fetcher.refused.values(), *fetcher.unusable())
        return EngineResult(pdf, pages, refusals, layout=layout, lacks_language=True)

    def _first_seen(self, files: TemplateFiles) -> _Template:
        # It keeps the files, so that no other ones ever have their number.
        return self._templates.setdefault(id(files), _Template(files))


class _Template:
    """What is found out about a template once, and asked for with every letter."""

    def __init__(self, files: TemplateFiles) -> None:
        self._files = files
        self.base_url = files.base_url
        self.fonts = font_folder(files.fonts)
        self.feet = PageFeet(files.texts)
        self.losses = Losses(files.texts)
        self._found: dict[str, tuple[bytes, str]] = {}

    def resource(self, url: str) -> tuple[bytes, str]:
        """See `TemplateFiles.resource`."""
        found = self._found.get(url)
        if found is None:
            found = self._found[url] = self._files.resource(url)
        return found


def _with_whole_feet(html: str, pdf: bytes, pages: int, fetcher: _Fetcher) -> tuple[bytes, int]:
    """The letter printed again, until nothing is wrong at the foot of its pages."""
    feet = fetcher.template.feet
    if feet.cut_columns(pdf):
        fetcher.whole_columns = True
        html = whole_columns(html)
        pdf, pages = _printed(html, fetcher)
    for _other in range(_MOST_PARTED):
        parted = feet.kept_together(html, pdf)
        if parted == html:
            break
        html = parted
        pdf, pages = _printed(html, fetcher)
    return pdf, pages


def _printed(html: str, fetcher: _Fetcher, style: str = "") -> tuple[bytes, int]:
    """A PDF and its number of pages; `style` comes before the template's own, too."""
    book = plutoprint.Book(plutoprint.PAGE_SIZE_A4, plutoprint.PAGE_MARGINS_NONE)
    book.custom_resource_fetcher = fetcher
    pdf = io.BytesIO()
    try:
        book.load_html(html, user_style=fetcher.style + style, base_url=fetcher.template.base_url)
        pages = book.get_page_count()
        if pages > MAX_PAGES:
            raise RenderingError(
                _("it has {pages} pages, more than {max_pages}.", pages=pages, max_pages=MAX_PAGES)
            )
        book.write_to_pdf_stream(pdf)
    except (plutoprint.Error, ValueError) as error:
        raise RenderingError(_("PlutoPrint cannot render it: {error}", error=error)) from None
    return pdf.getvalue(), pages


class _Fetcher(plutoprint.ResourceFetcher):
    """Hands out the template's own files and remembers everything else that was asked for."""

    def __init__(self, template: _Template) -> None:
        super().__init__()
        self.template = template
        self.refused: dict[str, str] = {}
        self.style = MARKED
        """A style sheet that comes before the template's own."""
        self.whole_columns = False

    def fetch_url(self, url: str) -> plutoprint.ResourceData:
        try:
            data, mime_type = self.template.resource(url)
        except Refused as refusal:
            self.refused[url] = str(refusal)
            # An exception here would only be printed; the empty answer is never seen.
            return plutoprint.ResourceData(b"", "text/plain")
        if self.whole_columns and mime_type == "text/css":
            data = whole_columns(data.decode("utf-8", "replace")).encode()
        return plutoprint.ResourceData(data, mime_type)

    def unusable(self) -> list[str]:
        """What PlutoPrint was given but could not read; it only prints so, in words like these:

        WARNING: Unable to load image 'file:///logo.png': image decode error: unknown image type
        """
        found = (_UNABLE.match(line) for line in complaints())
        return [
            _(
                "the {kind} {url} cannot be read ({why})",
                kind=match["kind"],
                url=match["url"][:200],
                why=match["why"],
            )
            for match in found
            if match and match["url"] not in self.refused
        ]


def _use_fonts(folder: Path) -> None:
    if not _fonts_in_use:
        plutoprint.plutobook_set_fontconfig_path(folder)
        # Whatever the user has set there would come before our folder.
        os.environ["FONTCONFIG_FILE"] = str(folder / "fonts.conf")
        _fonts_in_use.append(folder)
    elif _fonts_in_use != [folder]:
        raise RenderingError(
            _("This process already renders with the fonts of another template."),
            hint=_(
                "Render through batchsend.rendering.RenderPool: it gives each mailing "
                "processes of its own."
            ),
        )

"""LibreOffice, for letters written in Word: as they look there, at about a tenth of a second each.

Letters are converted many at a time, each a document of its own. The one at which it stops is tried
alone, the others go on together; one that fails alone is held. Knows nothing of templates.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from batchsend.errors import RenderingError, TemplateError
from batchsend.language import _
from batchsend.rendering.engines.choice import MAX_PAGES, EngineResult
from batchsend.rendering.fonts import font_folder
from batchsend.rendering.page_checks import FULL_SIZE, bare
from batchsend.rendering.pdf.opened import open_pdf, page_count
from batchsend.rendering.pdf.text import page_texts
from batchsend.rendering.settings import Standard
from batchsend.rendering.template_files import TemplateFiles
from batchsend.scratch import ScratchFolder
from batchsend.word import filled, shown_words
from batchsend.word.office_process import Office

GIVES_UP: int = 3
"""Letters that fail alone, one after the other, before any was made: then LibreOffice itself is at
fault."""
_STANDARDS: dict[Standard, dict[str, str | bool | int]] = {
    "pdf/a-2b": {"SelectPdfVersion": 2},
    "pdf/a-3b": {"SelectPdfVersion": 3},
    "pdf/ua-1": {"PDFUACompliance": True},
}
_END = b"%%EOF"
_NAMED = 6
"""Words that are missing, in a message."""


def engine(standard: Standard | None, timeout: float = 20) -> LibreOfficeEngine:
    """The engine; `timeout` is how many seconds one letter may take."""
    return LibreOfficeEngine(_STANDARDS[standard] if standard else {}, timeout)


def must_make(standard: Standard | None) -> None:
    """Raise TemplateError for a standard that it cannot make."""
    if standard is not None and standard not in _STANDARDS:
        raise TemplateError(
            _('LibreOffice cannot make standard = "{standard}".', standard=standard),
            hint=_("It can make {standards}.", standards=", ".join(_STANDARDS)),
        )


class LibreOfficeEngine:
    """See `BatchEngine`. Each has a LibreOffice of its own."""

    def __init__(self, settings: dict[str, str | bool | int], timeout: float) -> None:
        self._timeout = timeout
        self._scratch = ScratchFolder()
        self._office = Office(self._scratch.path, settings=settings)
        self._works = False
        """Whether it has ever made a letter."""

    def render_each(
        self, letters: Sequence[tuple[str, TemplateFiles]]
    ) -> list[EngineResult | RenderingError]:
        """A page of each letter, or why there is none, in the order given."""
        found: dict[int, EngineResult | RenderingError] = {}
        documents: dict[int, tuple[bytes, TemplateFiles]] = {}
        for number, (rendered, files) in enumerate(letters):
            try:
                documents[number] = filled(rendered, files.word_parts), files
            except RenderingError as error:
                found[number] = error
        found |= self._print(documents)
        return [found[number] for number in range(len(letters))]

    def _print(
        self, documents: dict[int, tuple[bytes, TemplateFiles]]
    ) -> dict[int, EngineResult | RenderingError]:
        found: dict[int, EngineResult | RenderingError] = {}
        left, alone_failed = dict(documents), 0
        while left:
            made = self._convert(left)
            found |= made
            left = {n: document for n, document in left.items() if n not in found}
            if not left:
                break
            # In order, so that this is the one it stopped at.
            first = next(iter(left))
            single = {first: left.pop(first)}
            alone = self._convert(single)
            self._works = self._works or bool(made or alone)
            alone_failed = 0 if alone else alone_failed + 1
            found[first] = alone.get(first) or RenderingError(
                _(
                    "LibreOffice did not make a PDF of it, or took longer than {timeout:g} "
                    "seconds.",
                    timeout=self._timeout,
                ),
                hint=_(
                    "Open the letter's document in Word, look for what is unusual in it, "
                    "and save it again; or raise [template] timeout."
                ),
            )
            if alone_failed >= GIVES_UP and not self._works:
                broken = RenderingError(
                    _("LibreOffice starts, but makes no PDF of any letter."),
                    hint=_("Try it by hand: soffice --headless --convert-to pdf LETTER.docx"),
                )
                found |= dict.fromkeys(left, broken)
                break
        return found

    def _convert(
        self, documents: dict[int, tuple[bytes, TemplateFiles]]
    ) -> dict[int, EngineResult | RenderingError]:
        """What comes out of one start of LibreOffice."""
        found: dict[int, EngineResult | RenderingError] = {}
        with ScratchFolder(self._scratch.path) as folder:
            for number, (data, _other) in documents.items():
                (folder / f"{number}.docx").write_bytes(data)
            _first, files = next(iter(documents.values()))
            self._office.convert(
                [f"{number}.docx" for number in documents],
                folder,
                to="pdf",
                limit=self._timeout,
                fonts=_fonts(files),
            )
            for number, (data, _other) in documents.items():
                if (pdf := _whole(folder / f"{number}.pdf")) is not None:
                    found[number] = _page(pdf, data)
        self._works = self._works or bool(found)
        return found


def _fonts(files: TemplateFiles) -> Path:
    return font_folder(files.fonts, with_system=True) / "fonts.conf"


def _whole(path: Path) -> bytes | None:
    """A PDF that was written to its end."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    return data if _END in data[-1024:] else None


def _page(pdf: bytes, docx: bytes) -> EngineResult | RenderingError:
    try:
        pages = page_count(pdf)
    except RenderingError as error:
        return error
    if pages > MAX_PAGES:
        return RenderingError(
            _("it has {pages} pages, more than {max_pages}.", pages=pages, max_pages=MAX_PAGES)
        )
    layout = replace(FULL_SIZE, may_be_pale=True, vanished=_lost(pdf, docx))
    return EngineResult(pdf, pages, (), layout=layout)


def _lost(pdf: bytes, docx: bytes) -> str:
    """The first words of a document that are not on its pages: a text box, or a row of a height of
    its own, shows what fits. Blank where nothing is missing, or nothing can be read.
    """
    with open_pdf(pdf) as opened:
        texts = list(page_texts(opened))
    if None in texts or not texts:
        return ""
    seen = bare(" ".join(filter(None, texts)))
    words = shown_words(docx)
    times = Counter(map(bare, words))
    fewer = {word for word in times if word and seen.count(word) < times[word]}
    missing = [word for word in dict.fromkeys(words) if bare(word) in fewer]
    return f"“{' '.join(missing[:_NAMED])}”" if missing else ""

"""Pictures: the pages of the letters' PDFs, counted and drawn beside the event loop.

A picture does no harm whatever the PDF holds, and every browser shows it. PDFium is not for
several threads at once, so there is one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from io import BytesIO

import pypdfium2

from batchsend.sandbox.letterbox import Letterbox

DOTS_PER_INCH = 120
LONGEST_SIDE = 2400
"""Pixels: a page may say that it is as large as a house."""
MOST_COUNTS = 20_000


class Pictures:
    """The pages of what is in a letterbox."""

    def __init__(self, box: Letterbox) -> None:
        self._box = box
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="pictures")
        self._counts: dict[int, int] = {}

    async def pages(self, numbers: Iterable[int]) -> dict[int, int]:
        """How many pages each letter has, those left out whose PDF is gone or cannot be read."""
        asked = list(numbers)
        missing = [number for number in asked if number not in self._counts]
        pdfs = {number: pdf for number in missing if (pdf := self._box.pdf(number)) is not None}
        if pdfs:
            if len(self._counts) > MOST_COUNTS:
                self._counts.clear()
            loop = asyncio.get_running_loop()
            self._counts.update(await loop.run_in_executor(self._thread, _counted, pdfs))
        return {number: self._counts[number] for number in asked if self._counts.get(number)}

    async def page(self, number: int, page: int) -> bytes | None:
        """A page as PNG, the first is 1; None where there is none, or it cannot be drawn."""
        pdf = self._box.pdf(number)
        if pdf is None:
            return None
        return await asyncio.get_running_loop().run_in_executor(self._thread, _drawn, pdf, page)


def _counted(pdfs: dict[int, bytes]) -> dict[int, int]:
    return {number: _count(pdf) for number, pdf in pdfs.items()}


def _count(pdf: bytes) -> int:
    try:
        with closing(pypdfium2.PdfDocument(pdf)) as document:
            return len(document)
    except pypdfium2.PdfiumError:
        return 0


def _drawn(pdf: bytes, page: int) -> bytes | None:
    try:
        with closing(pypdfium2.PdfDocument(pdf)) as document:
            if not 0 < page <= len(document):
                return None
            sheet = document[page - 1]
            scale = min(DOTS_PER_INCH / 72, LONGEST_SIDE / max(sheet.get_size()))
            file = BytesIO()
            sheet.render(scale=scale).to_pil().convert("RGB").save(file, "PNG", compress_level=3)
            return file.getvalue()
    except (pypdfium2.PdfiumError, ValueError, MemoryError):
        return None

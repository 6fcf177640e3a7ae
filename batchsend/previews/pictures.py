"""Pictures of a PDF's pages, as PNG. Knows nothing of letters.

PDFium draws them, which is not for several threads at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from io import BytesIO

import pypdfium2
from PIL import Image

from batchsend.errors import RenderingError
from batchsend.language import _
from batchsend.previews.marks import draw_marks
from batchsend.rendering import PageRules

DOTS_PER_INCH = 120
"""Small print is easily read; a page of text takes about 130 kB."""


def page_pictures(pdf: bytes, marks: PageRules | None = None) -> Iterator[bytes]:
    """A PNG of each page; with `marks`, the limits of those rules are drawn over it.

    Raises RenderingError where the PDF cannot be read.
    """
    for number, picture in enumerate(_drawn(pdf), start=1):
        if marks is not None:
            draw_marks(picture, marks, page=number, dots_per_inch=DOTS_PER_INCH)
        file = BytesIO()
        picture.save(file, "PNG")
        yield file.getvalue()


def _drawn(pdf: bytes) -> Iterator[Image.Image]:
    try:
        with closing(pypdfium2.PdfDocument(pdf)) as document:
            for page in document:
                drawn = page.render(scale=DOTS_PER_INCH / 72)
                yield drawn.to_pil().convert("RGB")
    except pypdfium2.PdfiumError as error:
        raise RenderingError(
            _("A picture of the page cannot be made: {error}.", error=error)
        ) from None

"""Pictures of a PDF's pages, as PNG, where that is asked for with a channel's limits over them.

PDFium draws them, which is not for several threads at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO

import pypdfium2
from PIL import Image, ImageDraw, ImageFont

from batchsend.errors import RenderingError
from batchsend.language import _
from batchsend.rendering import Area, PageRules

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


MM = 25.4
LABEL = 2.6
"""Height of the labels, in millimetres."""
WINDOW, CLEAR, BODY = (0, 92, 175), (0, 130, 130), (128, 60, 160)
MARGIN, BARCODE = (30, 120, 50), (190, 30, 30)
Color = tuple[int, int, int]


def draw_marks(picture: Image.Image, rules: PageRules, *, page: int, dots_per_inch: float) -> None:
    """Draw the limits over a page's picture; window and text area are those of the first page.

    A page wider than high is printed turned clockwise: its marks are those of the upright sheet.
    """
    landscape = picture.width > picture.height
    size = picture.size[::-1] if landscape else picture.size
    layer = _Layer(Image.new("RGBA", size, (255, 255, 255, 0)), dots_per_inch / MM)
    if rules.left_margin is not None:
        layer.edge(rules.left_margin)
    if rules.barcode is not None:
        layer.area(rules.barcode, _("kept for the inserting machine"), BARCODE, filled=True)
    if page == 1 and rules.window is not None:
        if rules.clear:
            layer.area(
                rules.window, _("{clear:g} mm clear", clear=rules.clear), CLEAR, grown=rules.clear
            )
        layer.area(rules.window, _("address window"), WINDOW, filled=True)
        if rules.body_from is not None:
            layer.level(rules.body_from, rules.window, rules.clear)
    drawn = layer.image.rotate(90, expand=True) if landscape else layer.image
    picture.paste(drawn, mask=drawn)


@dataclass(frozen=True)
class _Layer:
    """A transparent sheet the size of the page; lengths in millimetres from its top left."""

    image: Image.Image
    scale: float
    """Dots in a millimetre."""

    def area(
        self, area: Area, label: str, color: Color, *, grown: float = 0, filled: bool = False
    ) -> None:
        """A rectangle, and its name inside along its lower edge, or upright where it is narrow."""
        left, top = (area.left - grown) * self.scale, (area.top - grown) * self.scale
        right = (area.left + area.width + grown) * self.scale
        bottom = (area.top + area.height + grown) * self.scale
        draw = ImageDraw.Draw(self.image)
        fill = (*color, 26) if filled else None
        draw.rectangle((left, top, right, bottom), fill=fill, outline=(*color, 255), width=2)
        slip = self._slip(label, color)
        if slip.width > right - left:
            slip = slip.rotate(90, expand=True)
        self._put(slip, left + self.scale, bottom - self.scale - slip.height)

    def edge(self, across: float) -> None:
        """The left margin, its name at the foot of the page."""
        draw, x = ImageDraw.Draw(self.image), across * self.scale
        draw.rectangle((0, 0, x, self.image.height), fill=(*MARGIN, 14))
        draw.line((x, 0, x, self.image.height), fill=(*MARGIN, 255), width=2)
        slip = self._slip(_("left margin {across:g} mm", across=across), MARGIN).rotate(
            90, expand=True
        )
        self._put(slip, x - self.scale - slip.width, self.image.height - slip.height - x)

    def level(self, along: float, window: Area, clear: float) -> None:
        """The line above which no text of the letter may stand, as wide as it is checked."""
        draw, y = ImageDraw.Draw(self.image), along * self.scale
        right = (window.left + window.width) * self.scale
        line = (window.left * self.scale, y, right + clear * self.scale, y)
        draw.line(line, fill=(*BODY, 255), width=2)
        slip = self._slip(_("text from {along:g} mm", along=along), BODY)
        self._put(slip, right - self.scale - slip.width, y + self.scale / 2)

    def _put(self, slip: Image.Image, left: float, top: float) -> None:
        """Lay a slip on the page, as near to that place as the page goes."""
        x = max(0, min(int(left), self.image.width - slip.width))
        y = max(0, min(int(top), self.image.height - slip.height))
        self.image.alpha_composite(slip, (x, y))

    def _slip(self, words: str, color: Color) -> Image.Image:
        """The words on a white slip, so that they can be read whatever lies below."""
        font = ImageFont.load_default(LABEL * self.scale)
        left, top, right, bottom = font.getbbox(words)
        slip = Image.new(
            "RGBA", (int(right - left) + 6, int(bottom - top) + 6), (255,) * 3 + (215,)
        )
        ImageDraw.Draw(slip).text((3 - left, 3 - top), words, font=font, fill=(*color, 255))
        return slip

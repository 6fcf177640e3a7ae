"""What is really on a page of a PDF: marks and where they are, fonts, paper.

Lengths are millimetres from the top left corner of the sheet as a person sees it, upright: a page
with /Rotate is measured as it is shown, and one that is shown wider than high is turned clockwise
first, as printers do: Digipost's validator has its barcode zone at the lower edge.
Reads through PDFium, which is not for several threads at once. Knows no rules.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator, Sequence
from typing import Any

import pypdfium2.raw as pdfium

from batchsend.errors import RenderingError
from batchsend.language import _
from batchsend.rendering.pdf.boxes import MM, Box, Mark, Matrix, moved, multiplied

_NESTING = 8
"""Groups within groups; deeper ones are taken as a whole."""
_DOTS = 4
"""In a millimetre, of a picture in which texts are looked for."""
_TOLD = 5
"""Of 255 in each colour: less cannot be told from what is behind it."""
_SHORT = (ctypes.c_ushort * 200)()
"""Most texts fit in here, and need not be asked for twice."""


class Page:
    """One open page of a PDF."""

    def __init__(self, number: int, document: Any, unit: float = 1) -> None:
        self.number = number
        self.document = document
        """PDFium's, which stays open."""
        self._mm = MM * unit
        """Millimetres in a unit of the page: a point, or as many as its /UserUnit says."""
        self._handle: Any = None
        self._texts: Any = None
        self._embedded: dict[int, bool] = {}
        """Of each font, by its address: a page has many texts and few fonts."""
        self.load()
        corners = self._paper()
        turns: int = pdfium.FPDFPage_GetRotation(self._handle)
        width, height = corners[2] - corners[0], corners[3] - corners[1]
        if turns % 2:
            width, height = height, width
        self.landscape = width > height
        """Whether it is shown wider than high; it is measured upright."""
        self._turn = _turning((turns + self.landscape) % 4, corners)
        """What puts the page's marks on the upright sheet; None where it is one already."""
        if self._turn is not None:
            corners = (0.0, 0.0, min(width, height), max(width, height))
        self._left, self._top = corners[0], corners[3]
        self.width = (corners[2] - corners[0]) * self._mm
        self.height = (corners[3] - corners[1]) * self._mm

    def load(self) -> None:
        """Read it, or read it again, with everything that is on it."""
        self.close()
        self._handle = pdfium.FPDF_LoadPage(self.document, self.number - 1)
        if not self._handle:
            raise RenderingError(_("Page {number} of the PDF cannot be read.", number=self.number))

    def close(self) -> None:
        """Let go of it; its marks' handles are worthless from then on."""
        if self._texts is not None:
            pdfium.FPDFText_ClosePage(self._texts)
        if self._handle is not None:
            pdfium.FPDF_ClosePage(self._handle)
        self._handle = self._texts = None
        self._embedded.clear()

    def keep(self, wanted: Sequence[Mark], marks: Sequence[Mark]) -> None:
        """Have no text of `marks` but those read: reading texts costs by the page."""
        kept = set(map(id, wanted))
        for mark in marks:
            if mark.is_text and mark.within is self._turn and id(mark) not in kept:
                pdfium.FPDFPageObj_SetIsActive(mark.handle, False)

    def seen(self, texts: Sequence[Mark]) -> list[Mark]:
        """Those of `texts` that show when the page is printed: not covered, clipped away or in a
        layer that is not printed, nor in the colour of what is behind them.
        """
        if not texts:
            return []
        left, top, right, bottom = zip(*(mark.box for mark in texts), strict=True)
        around = Box(min(left), min(top), max(right), max(bottom))
        area = around.cut(Box(0, 0, self.width, self.height))
        if area.is_empty:
            return []
        whole = self._printed(area)
        for mark in texts:
            pdfium.FPDFPageObj_SetIsActive(mark.handle, False)
        without = self._printed(area)
        for mark in texts:
            pdfium.FPDFPageObj_SetIsActive(mark.handle, True)
        return [mark for mark in texts if _differ(whole, without, mark.box.cut(area), area)]

    def _printed(self, area: Box) -> list[bytes]:
        """The rows of a picture of a part of the page as it is printed, four bytes a dot."""
        wide, high = (
            math.ceil((area.right - area.left) * _DOTS) + 1,
            math.ceil((area.bottom - area.top) * _DOTS) + 1,
        )
        bitmap = pdfium.FPDFBitmap_Create(wide, high, 0)
        try:
            pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, wide, high, 0xFFFFFFFF)
            pdfium.FPDF_RenderPageBitmap(
                bitmap,
                self._handle,
                -round(area.left * _DOTS),
                -round(area.top * _DOTS),
                round(self.width * _DOTS),
                round(self.height * _DOTS),
                int(self.landscape),
                pdfium.FPDF_PRINTING,
            )
            stride = pdfium.FPDFBitmap_GetStride(bitmap)
            dots = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * high)
        finally:
            pdfium.FPDFBitmap_Destroy(bitmap)
        return [dots[row * stride : row * stride + wide * 4] for row in range(high)]

    def marks(self) -> list[Mark]:
        """Everything drawn, in the order of drawing."""
        count = pdfium.FPDFPage_CountObjects(self._handle)
        objects = (pdfium.FPDFPage_GetObject(self._handle, n) for n in range(count))
        return list(self._marks(objects, self._turn, _NESTING))

    def text(self, mark: Mark) -> str:
        """The text of a mark that is text."""
        if self._texts is None:
            self._texts = pdfium.FPDFText_LoadPage(self._handle)
        size = len(_SHORT) * 2
        buffer = _SHORT
        needed = pdfium.FPDFTextObj_GetText(mark.handle, self._texts, buffer, size)
        if needed > size:
            buffer = (ctypes.c_ushort * (needed // 2))()
            pdfium.FPDFTextObj_GetText(mark.handle, self._texts, buffer, needed)
        return bytes(buffer)[:needed].decode("utf-16-le", "replace").rstrip("\0")

    def going_back(self, far: float) -> Iterator[tuple[str, str]]:
        """Of each text that goes back over itself by so many millimetres: what it was before that,
        and what comes then.
        """
        if self._texts is None:
            self._texts = pdfium.FPDFText_LoadPage(self._handle)
        sides = [ctypes.c_double() for _other in range(4)]
        before, text, last, right = "", "", None, 0.0
        for n in range(max(0, pdfium.FPDFText_CountChars(self._texts))):
            drawn = pdfium.FPDFText_GetTextObject(self._texts, n)
            number = ctypes.cast(drawn, ctypes.c_void_p).value
            pdfium.FPDFText_GetCharBox(self._texts, n, *sides)
            starts = number != last
            back = (right - sides[0].value) * self._mm > far
            if starts or back:
                if before:
                    yield before, text.strip()
                before, text = "" if starts else text.strip(), ""
            last, right = number, sides[1].value
            text += chr(pdfium.FPDFText_GetUnicode(self._texts, n))
        if before:
            yield before, text.strip()

    def baseline(self, mark: Mark) -> tuple[float, float]:
        """Where a text's baseline is (mm from the top), and the size of its letters in points."""
        matrix, size = pdfium.FS_MATRIX(), ctypes.c_float()
        pdfium.FPDFPageObj_GetMatrix(mark.handle, matrix)
        pdfium.FPDFTextObj_GetFontSize(mark.handle, size)
        _other, _other, aslant, upright, _other, up = multiplied(_numbers(matrix), mark.within)
        return (self._top - up) * self._mm, size.value * math.hypot(aslant, upright) * self._mm / MM

    def embedded(self, mark: Mark) -> bool:
        """Whether a text's font is in the PDF."""
        font = pdfium.FPDFTextObj_GetFont(mark.handle)
        address = ctypes.addressof(font.contents) if font else 0
        if address not in self._embedded:
            self._embedded[address] = pdfium.FPDFFont_GetIsEmbedded(font) == 1
        return self._embedded[address]

    def font_name(self, mark: Mark) -> str:
        """What a text's font is called in the PDF; empty where it has no name."""
        font = pdfium.FPDFTextObj_GetFont(mark.handle)
        buffer = ctypes.create_string_buffer(200)
        pdfium.FPDFFont_GetBaseFontName(font, buffer, len(buffer))
        return buffer.value.decode("utf-8", "replace")

    def shows(self, mark: Mark) -> bool:
        """Whether a text is painted, and not wholly transparent: that of a scan is there to be
        searched only.
        """
        mode = pdfium.FPDFTextObj_GetTextRenderMode(mark.handle)
        if mode == pdfium.FPDF_TEXTRENDERMODE_FILL:
            *_colour, alpha = self._filled_with(mark)
            return alpha > 0
        return bool(mode != pdfium.FPDF_TEXTRENDERMODE_INVISIBLE)

    def visible(self, mark: Mark) -> Box | None:
        """The part of a mark that shows: within its clip, not white on white paper."""
        if not mark.is_text and self.is_white(mark):
            return None
        box = mark.box.cut(self.clip(mark)).cut(Box(0, 0, self.width, self.height))
        return box if box.left < box.right and box.top < box.bottom else None

    def _paper(self) -> tuple[float, float, float, float]:
        """What is shown, wherever its box stands and whichever corners it names."""
        box = pdfium.FS_RECTF()
        if pdfium.FPDF_GetPageBoundingBox(self._handle, box):
            return box.left, box.bottom, box.right, box.top
        width = pdfium.FPDF_GetPageWidthF(self._handle)
        height = pdfium.FPDF_GetPageHeightF(self._handle)
        turned = pdfium.FPDFPage_GetRotation(self._handle) % 2
        return (0.0, 0.0, height, width) if turned else (0.0, 0.0, width, height)

    def whole(self) -> tuple[float, float]:
        """Width and height of the sheet before it is cropped, upright."""
        sides = [ctypes.c_float() for _other in range(4)]
        if not pdfium.FPDFPage_GetMediaBox(self._handle, *sides):
            return self.width, self.height
        left, bottom, right, top = (side.value * self._mm for side in sides)
        width, height = sorted((abs(right - left), abs(top - bottom)))
        return width, height

    def _marks(self, objects: Iterator[Any], within: Matrix | None, nesting: int) -> Iterator[Mark]:
        left, bottom, right, top = (ctypes.c_float() for _other in range(4))
        text, group = pdfium.FPDF_PAGEOBJ_TEXT, pdfium.FPDF_PAGEOBJ_FORM
        # Looked up once: a page has hundreds of marks.
        kind_of, bounds_of = pdfium.FPDFPageObj_GetType, pdfium.FPDFPageObj_GetBounds
        x, y, mm = self._left, self._top, self._mm
        # A named tuple's own maker takes three times as long.
        made = tuple.__new__
        for handle in objects:
            kind = kind_of(handle)
            if kind == group and nesting:
                yield from self._group(handle, within, nesting)
                continue
            if not bounds_of(handle, left, bottom, right, top):
                continue  # empty: a blank, a path without a line
            if within is None:
                sides = (
                    (left.value - x) * mm,
                    (y - top.value) * mm,
                    (right.value - x) * mm,
                    (y - bottom.value) * mm,
                )
                box = made(Box, sides)
            else:
                box = self._box((left.value, bottom.value, right.value, top.value), within)
            yield made(Mark, (kind == text, box, handle, within))

    def _group(self, handle: Any, within: Matrix | None, nesting: int) -> Iterator[Mark]:
        """The marks of a form XObject; PDFium gives their boxes as if it stood at the origin."""
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFPageObj_GetMatrix(handle, matrix)
        count = pdfium.FPDFFormObj_CountObjects(handle)
        inner = (pdfium.FPDFFormObj_GetObject(handle, n) for n in range(count))
        yield from self._marks(inner, multiplied(_numbers(matrix), within), nesting - 1)

    def _box(self, corners: tuple[float, float, float, float], within: Matrix | None) -> Box:
        left, bottom, right, top = corners if within is None else moved(corners, within)
        x, y, mm = self._left, self._top, self._mm
        return Box((left - x) * mm, (y - top) * mm, (right - x) * mm, (y - bottom) * mm)

    def clip(self, mark: Mark) -> Box:
        """The box around a mark's clipping paths; without end where there are none."""
        box = Box(-math.inf, -math.inf, math.inf, math.inf)
        clip = pdfium.FPDFPageObj_GetClipPath(mark.handle)
        x, y = ctypes.c_float(), ctypes.c_float()
        for path in range(max(0, pdfium.FPDFClipPath_CountPaths(clip))):
            points = []
            for n in range(pdfium.FPDFClipPath_CountPathSegments(clip, path)):
                segment = pdfium.FPDFClipPath_GetPathSegment(clip, path, n)
                pdfium.FPDFPathSegment_GetPoint(segment, x, y)
                points.append((x.value, y.value))
            if points:
                across, along = zip(*points, strict=True)
                corners = (min(across), min(along), max(across), max(along))
                box = box.cut(self._box(corners, mark.within))
        return box

    def filled_with(self, mark: Mark) -> tuple[int, ...]:
        """Red, green and blue of a path's inside, from 0 to 255."""
        return self._filled_with(mark)[:3]

    @staticmethod
    def _filled_with(mark: Mark) -> tuple[int, ...]:
        channels = [ctypes.c_uint() for _other in range(4)]
        pdfium.FPDFPageObj_GetFillColor(mark.handle, *channels)
        return tuple(channel.value for channel in channels)

    def is_picture(self, mark: Mark) -> bool:
        """Whether it is an image, and not a line or a shape."""
        return bool(pdfium.FPDFPageObj_GetType(mark.handle) == pdfium.FPDF_PAGEOBJ_IMAGE)

    def is_white(self, mark: Mark) -> bool:
        """Whether it is a line or shape that shows nothing on white paper."""
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        if not pdfium.FPDFPath_GetDrawMode(mark.handle, fill, stroke):
            return False  # an image or a shading
        channels = [ctypes.c_uint() for _other in range(4)]
        unpainted = []
        for painted, color in (
            (fill.value, pdfium.FPDFPageObj_GetFillColor),
            (stroke.value, pdfium.FPDFPageObj_GetStrokeColor),
        ):
            color(mark.handle, *channels)
            *rgb, alpha = (channel.value for channel in channels)
            unpainted.append(not painted or alpha == 0 or min(rgb) > 250)
        return all(unpainted)


def _differ(one: list[bytes], other: list[bytes], box: Box, area: Box) -> bool:
    """Whether anybody can tell two pictures of an area apart within a box."""
    left, right = (max(0, round((side - area.left) * _DOTS)) for side in (box.left, box.right))
    top, bottom = (max(0, round((side - area.top) * _DOTS)) for side in (box.top, box.bottom))
    columns = slice(left * 4, (right + 1) * 4)
    pairs = zip(one[top : bottom + 1], other[top : bottom + 1], strict=True)
    return any(
        abs(dot - behind) > _TOLD
        for row, below in pairs
        if row != below
        for dot, behind in zip(row[columns], below[columns], strict=True)
    )


def _numbers(matrix: Any) -> Matrix:
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _turning(turns: int, corners: tuple[float, float, float, float]) -> Matrix | None:
    """What turns a page by so many quarters clockwise, and puts its lower left corner at 0, 0."""
    left, bottom, right, top = corners
    return (
        None,
        (0, -1, 1, 0, -bottom, right),
        (-1, 0, 0, -1, right, top),
        (0, 1, -1, 0, top, -left),
    )[turns]

"""What is really on the pages of a PDF: marks and where they are, fonts, paper, version.

Lengths are millimetres from the top left corner of the paper, as it lies in the printer: a page
turned for the screen is measured unturned. Reads through PDFium, which is not for several threads
at once. Knows no rules.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from batchsend.errors import RenderingError

MM = 25.4 / 72
_VERSION = 17  # PDF 1.7, the latest that printers take
_NESTING = 8
"""Groups within groups; deeper ones are taken as a whole."""
_SHORT = (ctypes.c_ushort * 200)()
"""Most texts fit in here, and need not be asked for twice."""


class Box(NamedTuple):
    """A rectangle, in millimetres from the paper's top left corner."""

    left: float
    top: float
    right: float
    bottom: float

    def touches(self, other: Box) -> bool:
        """Whether they have any area in common."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def grown(self, by: float) -> Box:
        """Larger by that much on every side."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def cut(self, other: Box) -> Box:
        """What lies in both."""
        return Box(
            max(self.left, other.left),
            max(self.top, other.top),
            min(self.right, other.right),
            min(self.bottom, other.bottom),
        )


class Mark(NamedTuple):
    """One thing drawn on a page, and the box around its ink."""

    is_text: bool
    box: Box
    handle: Any
    """PDFium's object, valid while the page is open."""
    within: Any = None
    """The matrix of the group it stands in."""


@dataclass(frozen=True, slots=True)
class Pdf:
    """An open PDF."""

    version: str
    """As its header says: `1.7`."""
    encrypted: bool
    page_count: int
    handle: Any

    def pages(self) -> Iterator[Page]:
        """Each page, open until the next one is asked for."""
        for index in range(self.page_count):
            page = Page(index + 1, self.handle)
            try:
                yield page
            finally:
                page.close()


@contextmanager
def open_pdf(data: bytes) -> Iterator[Pdf]:
    """Open a PDF held in memory. RenderingError where it is none, or needs a password."""
    handle = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    if not handle:
        locked = pdfium.FPDF_GetLastError() == pdfium.FPDF_ERR_PASSWORD
        raise RenderingError(
            "The PDF is protected with a password." if locked else "This is not a readable PDF."
        )
    try:
        version = ctypes.c_int()
        pdfium.FPDF_GetFileVersion(handle, version)
        yield Pdf(
            version=f"{version.value // 10}.{version.value % 10}",
            encrypted=pdfium.FPDF_GetSecurityHandlerRevision(handle) >= 0,
            page_count=pdfium.FPDF_GetPageCount(handle),
            handle=handle,
        )
    finally:
        pdfium.FPDF_CloseDocument(handle)


def page_count(data: bytes) -> int:
    """How many pages a PDF has. RenderingError where it cannot be read."""
    with open_pdf(data) as pdf:
        return pdf.page_count


def joined(first: bytes, others: Sequence[bytes]) -> bytes:
    """One PDF of all their pages, copied as they are: no image and no font is decoded."""
    with open_pdf(first) as start:
        for other in others:
            with open_pdf(other) as pdf:
                end = pdfium.FPDF_GetPageCount(start.handle)
                if not pdfium.FPDF_ImportPages(start.handle, pdf.handle, None, end):
                    raise RenderingError(
                        "The documents cannot be put together.",
                        hint="Open each in a PDF reader, save it there, and use what was saved.",
                    )
        return _saved(start.handle)


def _saved(handle: Any) -> bytes:
    parts: list[bytes] = []

    def write(_: Any, data: Any, size: int) -> int:
        parts.append(ctypes.string_at(data, size))
        return 1

    writer = pdfium.FPDF_FILEWRITE(version=1)
    writer.WriteBlock = type(writer.WriteBlock)(write)
    if not pdfium.FPDF_SaveWithVersion(handle, writer, pdfium.FPDF_NO_INCREMENTAL, _VERSION):
        raise RenderingError("The documents cannot be put together.")
    return b"".join(parts)


class Page:
    """One open page of a PDF."""

    def __init__(self, number: int, document: Any) -> None:
        self.number = number
        self._document = document
        self._handle: Any = None
        self._texts: Any = None
        self.load()
        handle = self._handle
        left, bottom, right, top = self._paper()
        self._left, self._top = left, top
        self.width = (right - left) * MM
        self.height = (top - bottom) * MM
        self.quarter_turns: int = pdfium.FPDFPage_GetRotation(handle)
        """How a screen turns it, clockwise."""

    def load(self) -> None:
        """Read it, or read it again, with everything that is on it."""
        self.close()
        self._handle = pdfium.FPDF_LoadPage(self._document, self.number - 1)
        if not self._handle:
            raise RenderingError(f"Page {self.number} of the PDF cannot be read.")

    def close(self) -> None:
        """Let go of it; its marks' handles are worthless from then on."""
        if self._texts is not None:
            pdfium.FPDFText_ClosePage(self._texts)
        if self._handle is not None:
            pdfium.FPDF_ClosePage(self._handle)
        self._handle = self._texts = None

    def keep(self, wanted: Sequence[Mark], marks: Sequence[Mark]) -> None:
        """Take all texts of `marks` but those off the page: reading texts costs by the page."""
        kept = set(map(id, wanted))
        for mark in marks:
            if mark.is_text and mark.within is None and id(mark) not in kept:
                pdfium.FPDFPage_RemoveObject(self._handle, mark.handle)
                pdfium.FPDFPageObj_Destroy(mark.handle)

    def marks(self) -> list[Mark]:
        """Everything drawn, in the order of drawing."""
        count = pdfium.FPDFPage_CountObjects(self._handle)
        objects = (pdfium.FPDFPage_GetObject(self._handle, n) for n in range(count))
        return list(self._marks(objects, None, _NESTING))

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

    def baseline(self, mark: Mark) -> tuple[float, float]:
        """Where a text's baseline is (mm from the top), and the size of its letters in points."""
        matrix, size = pdfium.FS_MATRIX(), ctypes.c_float()
        pdfium.FPDFPageObj_GetMatrix(mark.handle, matrix)
        pdfium.FPDFTextObj_GetFontSize(mark.handle, size)
        _, _, _, height, _, up = _multiplied(_numbers(matrix), mark.within)
        return (self._top - up) * MM, size.value * abs(height)

    def embedded(self, mark: Mark) -> bool:
        """Whether a text's font is in the PDF."""
        font = pdfium.FPDFTextObj_GetFont(mark.handle)
        return bool(pdfium.FPDFFont_GetIsEmbedded(font) == 1)

    def visible(self, mark: Mark) -> Box | None:
        """The part of a mark that shows: within its clip, not white on white paper."""
        if not mark.is_text and self._white(mark):
            return None
        box = mark.box.cut(self._clip(mark)).cut(Box(0, 0, self.width, self.height))
        return box if box.left < box.right and box.top < box.bottom else None

    def _paper(self) -> tuple[float, float, float, float]:
        left, bottom, right, top = (ctypes.c_float() for _ in range(4))
        for box in (pdfium.FPDFPage_GetCropBox, pdfium.FPDFPage_GetMediaBox):
            if box(self._handle, left, bottom, right, top):
                return left.value, bottom.value, right.value, top.value
        # The box may stand with the tree of pages, where PDFium looks only to draw.
        width = pdfium.FPDF_GetPageWidthF(self._handle)
        height = pdfium.FPDF_GetPageHeightF(self._handle)
        turned = pdfium.FPDFPage_GetRotation(self._handle) % 2
        return (0.0, 0.0, height, width) if turned else (0.0, 0.0, width, height)

    def _marks(self, objects: Iterator[Any], within: Any, nesting: int) -> Iterator[Mark]:
        left, bottom, right, top = (ctypes.c_float() for _ in range(4))
        text, group = pdfium.FPDF_PAGEOBJ_TEXT, pdfium.FPDF_PAGEOBJ_FORM
        # Looked up once: a page has hundreds of marks.
        kind_of, bounds_of = pdfium.FPDFPageObj_GetType, pdfium.FPDFPageObj_GetBounds
        for handle in objects:
            kind = kind_of(handle)
            if kind == group and nesting:
                yield from self._group(handle, within, nesting)
                continue
            if not bounds_of(handle, left, bottom, right, top):
                continue  # empty: a blank, a path without a line
            corners = (left.value, bottom.value, right.value, top.value)
            yield Mark(kind == text, self._box(corners, within), handle, within)

    def _group(self, handle: Any, within: Any, nesting: int) -> Iterator[Mark]:
        """The marks of a form XObject; PDFium gives their boxes as if it stood at the origin."""
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFPageObj_GetMatrix(handle, matrix)
        count = pdfium.FPDFFormObj_CountObjects(handle)
        inner = (pdfium.FPDFFormObj_GetObject(handle, n) for n in range(count))
        yield from self._marks(inner, _multiplied(_numbers(matrix), within), nesting - 1)

    def _box(self, corners: tuple[float, float, float, float], within: Any) -> Box:
        left, bottom, right, top = corners if within is None else _moved(corners, within)
        return Box(
            (left - self._left) * MM,
            (self._top - top) * MM,
            (right - self._left) * MM,
            (self._top - bottom) * MM,
        )

    def _clip(self, mark: Mark) -> Box:
        """The box around a mark's clipping paths, those that cut nothing off included."""
        box = Box(0, 0, self.width, self.height)
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

    def _white(self, mark: Mark) -> bool:
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        if not pdfium.FPDFPath_GetDrawMode(mark.handle, fill, stroke):
            return False  # an image or a shading
        channels = [ctypes.c_uint() for _ in range(4)]
        unpainted = []
        for painted, color in (
            (fill.value, pdfium.FPDFPageObj_GetFillColor),
            (stroke.value, pdfium.FPDFPageObj_GetStrokeColor),
        ):
            color(mark.handle, *channels)
            *rgb, alpha = (channel.value for channel in channels)
            unpainted.append(not painted or alpha == 0 or min(rgb) > 250)
        return all(unpainted)


def _numbers(matrix: Any) -> tuple[float, ...]:
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _multiplied(inner: Any, outer: Any) -> Any:
    """The matrix that does `inner` first, then `outer`."""
    if outer is None:
        return inner
    a, b, c, d, e, f = inner
    k, m, n, o, p, q = outer
    return (
        a * k + b * n,
        a * m + b * o,
        c * k + d * n,
        c * m + d * o,
        e * k + f * n + p,
        e * m + f * o + q,
    )


def _moved(corners: tuple[float, float, float, float], matrix: Any) -> tuple[float, ...]:
    left, bottom, right, top = corners
    a, b, c, d, e, f = matrix
    points = [(a * x + c * y + e, b * x + d * y + f) for x in (left, right) for y in (bottom, top)]
    across, along = zip(*points, strict=True)
    return min(across), min(along), max(across), max(along)

"""Pictures of pages, and the marks over them."""

from __future__ import annotations

from io import BytesIO

import pypdfium2
import pytest
from PIL import Image

from batchsend.errors import RenderingError
from batchsend.previews.pictures import DOTS_PER_INCH, page_pictures
from batchsend.rendering import Area, PageRules, PageSettings

PRINT = PageSettings().PRINT
WHITE = (255, 255, 255)


def blank(pages: int = 1, *, turns: int = 0, width: float = 210, height: float = 297) -> bytes:
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(width * 72 / 25.4, height * 72 / 25.4).set_rotation(turns * 90)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def drawn(pdf: bytes, marks: PageRules | None = None) -> list[Image.Image]:
    return [Image.open(BytesIO(png)) for png in page_pictures(pdf, marks)]


def at(picture: Image.Image, left: float, top: float) -> object:
    """The colour at a place, in millimetres."""
    scale = DOTS_PER_INCH / 25.4
    return picture.getpixel((round(left * scale), round(top * scale)))


def test_one_picture_for_each_page() -> None:
    pictures = drawn(blank(3))
    assert [picture.format for picture in pictures] == ["PNG"] * 3
    assert [round(side * 25.4 / DOTS_PER_INCH) for side in pictures[0].size] == [210, 297]


def test_without_marks_the_page_alone() -> None:
    assert drawn(blank())[0].getcolors() == [(993 * 1404, WHITE)]


@pytest.mark.parametrize(
    ("left", "top", "marked"),
    [
        (60, 50, True),  # in the window
        (60, 44, True),  # its upper edge
        (60, 34, True),  # the edge of what is kept clear
        (60, 40, False),  # within it
        (18, 200, True),  # the margin's line
        (10, 250, True),  # the margin
        (7, 120, True),  # the barcode zone
        (100, 70, True),  # where the text may begin
        (170, 70, False),  # right of what that is said of
        (150, 150, False),  # the letter's own place
    ],
)
def test_the_marks_are_where_the_limits_are(left: float, top: float, marked: bool) -> None:
    [picture] = drawn(blank(), PRINT)
    assert (at(picture, left, top) != WHITE) == marked


def test_the_window_is_on_the_first_page_only() -> None:
    first, second = drawn(blank(2), PRINT)
    assert at(first, 60, 50) != WHITE
    assert at(second, 60, 50) == WHITE
    assert at(second, 7, 120) != WHITE


def test_marks_follow_the_settings() -> None:
    rules = PageRules(window=Area(left=100, top=200, width=50, height=30))
    [picture] = drawn(blank(), rules)
    assert at(picture, 125, 215) != WHITE
    assert at(picture, 60, 50) == WHITE
    assert at(picture, 10, 250) == WHITE


def test_a_channel_without_limits_has_no_marks() -> None:
    assert drawn(blank(), PageSettings().DIGIPOST)[0].getcolors() == [(993 * 1404, WHITE)]


def test_marks_stand_on_the_page_as_it_is_seen_and_printed() -> None:
    [upright] = drawn(blank(), PRINT)
    for page in (blank(turns=2), blank(turns=1, width=297, height=210)):
        assert drawn(page, PRINT)[0].tobytes() == upright.tobytes()
    for page in (blank(turns=1), blank(width=297, height=210)):
        [landscape] = drawn(page, PRINT)
        assert landscape.rotate(-90, expand=True).tobytes() == upright.tobytes()


def test_limits_beyond_the_page_do_no_harm() -> None:
    rules = PageRules(
        window=Area(left=150, top=280, width=2000, height=2000),
        clear=1000,
        left_margin=2000,
        body_from=2000,
        barcode=Area(left=300, top=300, width=0, height=0),
    )
    assert len(drawn(blank(width=100, height=100), rules)) == 1


def test_what_is_no_pdf_is_a_sentence() -> None:
    with pytest.raises(RenderingError, match="cannot be made"):
        drawn(b"%PDF-1.4 not really")

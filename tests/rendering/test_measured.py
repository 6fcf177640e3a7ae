"""Ready-made pages as they are printed: in real millimetres, with their notes and pictures."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
import pytest

from batchsend.rendering import PageSettings
from batchsend.rendering.page_checks import check_pages

A4 = (595.3, 841.9)
Change = Callable[[pikepdf.Pdf], None]


def found(*changes: Change, size: tuple[float, float] = A4, packed: bool = False) -> list[str]:
    """What is found on a page with these changes."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=size)
    for change in changes:
        change(pdf)
    file = io.BytesIO()
    mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.preserve
    pdf.save(file, object_stream_mode=mode)
    findings = check_pages(file.getvalue(), PageSettings().PRINT, {})
    return [str(each) for each in findings if each.rule != "standard_fonts"]


def drawn(content: str) -> Change:
    def change(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0]
        page.obj.Resources = pikepdf.Dictionary(
            Font=pikepdf.Dictionary(F1=_font()), XObject=pikepdf.Dictionary(Im=_image(pdf))
        )
        page.Contents = pdf.make_stream(content.encode())

    return change


def in_units(unit: float) -> Change:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].obj["/UserUnit"] = pikepdf.Object.parse(str(unit).encode())

    return change


def noted(rect: tuple[int, int, int, int], flags: int) -> Change:
    """A note of text in a page's corner."""

    def change(pdf: pikepdf.Pdf) -> None:
        left, bottom, right, top = rect
        look = pdf.make_stream(b"BT /F1 12 Tf 2 2 Td (Betalt) Tj ET")
        look.stream_dict.update(
            {
                "/Type": pikepdf.Name.XObject,
                "/Subtype": pikepdf.Name.Form,
                "/BBox": pikepdf.Array([0, 0, right - left, top - bottom]),
                "/Resources": pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=_font())),
            }
        )
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.FreeText,
            Rect=pikepdf.Array(rect),
            F=flags,
            AP=pikepdf.Dictionary(N=look),
        )
        pdf.pages[0].Annots = pikepdf.Array([pdf.make_indirect(note)])

    return change


def _font() -> pikepdf.Dictionary:
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )


def _image(pdf: pikepdf.Pdf) -> pikepdf.Stream:
    return pdf.make_stream(
        bytes(300),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=10,
        Height=10,
        ColorSpace=pikepdf.Name.DeviceRGB,
        BitsPerComponent=8,
    )


@pytest.mark.parametrize("packed", [False, True])
def test_a_page_is_measured_in_its_own_units(packed: bool) -> None:
    [said] = found(in_units(2), packed=packed)
    assert "paper: 420 x 594 mm is not A4" in said
    half = (A4[0] / 2, A4[1] / 2)
    assert "105 x 149 mm" in found(size=half)[0]
    assert found(in_units(2), size=half, packed=packed) == []
    in_zone = drawn("BT /F1 6 Tf 15 270 Td (Side) Tj ET")
    [said] = [each for each in found(in_zone, in_units(2), size=half) if "barcode" in each]
    assert "reaches 4.2 mm into the zone" in said


def test_a_note_that_is_printed_is_looked_at() -> None:
    in_zone = (20, 400, 120, 420)
    assert any("barcode: “Betalt”" in each for each in found(noted(in_zone, 4)))
    assert found(noted(in_zone, 0)) == []  # shown on a screen only
    assert found(noted(in_zone, 6)) == []  # hidden


@pytest.mark.parametrize(
    ("placed", "said"),
    [
        ("100 0 0 100 550 300 cm", "19.3 mm off the right edge"),
        ("100 0 0 100 700 300 cm", "72.2 mm off the right edge"),
        ("100 0 0 100 300 -40 cm", "14.1 mm off the bottom edge"),
        ("300 0 0 8 300 -8 cm", ""),  # a printer's bleed
        ("100 0 0 100 300 300 cm", ""),
    ],
)
def test_a_picture_off_the_paper_is_told(placed: str, said: str) -> None:
    warned = found(drawn(f"q {placed} /Im Do Q"))
    assert (
        [each for each in warned if said in each and "edge_drawings" in each]
        if said
        else (warned == [])
    )

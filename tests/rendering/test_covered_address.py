"""An address that is drawn, and then covered, or in a layer that is not printed."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf

from batchsend.rendering import PageSettings
from batchsend.rendering.page_checks import FULL_SIZE, READY_MADE, Layout, check_pages

HTML = """<!doctype html><html lang="nb"><title>Brev</title><style>
@page { size: A4; margin: 14mm 25mm } body { margin: 0 }
p { position: absolute; left: 0; top: 34mm; margin: 0; font: 11pt sans-serif }</style>
<p>{{ navn }}<br>Storgata 1<br>0150</p><div style='margin-top: 90mm'>Brevet</div>"""
NAME = "Kari Nordmann"
BY_HAND = (
    b"BT /F 11 Tf 13 TL 71 690 Td (Kari Nordmann) Tj T* (Storgata 1) Tj T* (0150) Tj"
    b" 0 -200 Td (Brevet) Tj ET"
)
WINDOW = b"60 600 300 130"
PIXEL = b"q %d 0 0 %d 40 %d cm BI /W 1 /H 1 /CS /G /BPC 8 ID \xff EI Q"


@pytest.fixture(params=["plutoprint", "weasyprint", "by hand"])
def pdf(request, folder, letter) -> bytes:
    """The letter of three makers, with a right address."""
    if request.param == "by hand":
        file = io.BytesIO()
        with Pdf.new() as made:
            page = made.add_blank_page(page_size=(595, 842))
            font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
            page.obj.Resources = Dictionary(Font=Dictionary(F=font))
            page.obj.Contents = made.make_stream(BY_HAND)
            made.save(file)
        return file.getvalue()
    pytest.importorskip(request.param)
    return folder.renderer(HTML, engine=request.param).render(letter(navn=NAME)).pdf


def changed(
    pdf: bytes, before: bytes = b"", after: bytes = b"", usage: Dictionary | None = None
) -> bytes:
    """The same with something drawn before and after, and a layer `/L` that is hidden, or only in
    print by its `usage`.
    """
    file = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        page = opened.pages[0]
        page.contents_add(opened.make_stream(b"q " + before + b"\n"), prepend=True)
        page.contents_add(opened.make_stream(b"\nQ " + after))
        layer = opened.make_indirect(Dictionary(Type=Name.OCG, Name="Address"))
        config = Dictionary(Order=Array([layer]))
        if usage is None:
            config.OFF = Array([layer])
        else:
            layer.Usage = usage
            config.AS = Array(
                [Dictionary(Event=Name.Print, Category=Array([Name.Print]), OCGs=Array([layer]))]
            )
        opened.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=config)
        states = page.obj.Resources.get("/ExtGState", Dictionary())
        states["/Clear"] = Dictionary(Type=Name.ExtGState, ca=0, CA=0)
        page.obj.Resources["/ExtGState"] = states
        page.obj.Resources["/Properties"] = Dictionary(L=layer)
        opened.save(file)
    return file.getvalue()


@pytest.fixture
def rules(letter) -> Callable[..., set[str]]:
    """The rules that a letter's page breaks."""

    def found(pdf: bytes, layout: Layout = READY_MADE) -> set[str]:
        fields = letter(navn=NAME).fields
        return {each.rule for each in check_pages(pdf, PageSettings().PRINT, fields, layout)}

    return found


ONLY_SCREEN = Dictionary(Print=Dictionary(PrintState=Name.OFF))


def test_it_is_held(pdf, rules) -> None:
    assert "addressee" not in rules(changed(pdf))
    for before, after in (
        (b"", b"1 g " + WINDOW + b" re f"),
        (b"", b".9 g 0 0 595 842 re f"),
        (b"", PIXEL % (300, 300, 500)),
        (b"/OC /L BDC", b"EMC"),
    ):
        assert "addressee" in rules(changed(pdf, before, after)), (before, after)
    assert "addressee" in rules(changed(pdf, b"/OC /L BDC", b"EMC", ONLY_SCREEN))


def test_what_only_touches_it_covers_nothing(pdf, rules) -> None:
    for before, after in (
        (b"1 g " + WINDOW + b" re f 0 g", b""),
        (b"", b"/Clear gs 1 g " + WINDOW + b" re f"),
        (b"", b"0 G 60 680 300 1 re S"),
        (b"", b"1 g 72 680 20 3 re f"),
        (b"", b"/OC /L BDC 1 g " + WINDOW + b" re f EMC"),
    ):
        assert "addressee" not in rules(changed(pdf, before, after)), (before, after)


def test_a_scan_is_read_by_the_text_behind_it(pdf, rules) -> None:
    assert "addressee" not in rules(changed(pdf, b"", PIXEL % (555, 842, 0)))


def test_nor_is_a_template_s_letter_sent_so(folder, letter, rules) -> None:
    over = "<div style='position: absolute; {} left: 0; top: 30mm; width: 90mm; height: 40mm'>"
    for style in ("background: white;", "background: #eee;", "opacity: 0;"):
        plain = letter(navn=NAME)
        box = over.format(style)
        html = HTML.replace("<p>", f"{box}</div><p>")
        assert "addressee" not in rules(folder.renderer(html).render(plain).pdf, FULL_SIZE)
        html = HTML.replace("</p>", f"</p>{box}</div>") if "opacity" not in style else HTML
        html = html.replace("font:", "opacity: 0; font:") if "opacity" in style else html
        assert "addressee" in rules(folder.renderer(html).render(plain).pdf, FULL_SIZE), style


def test_an_address_without_paint_is_none(folder, letter, rules) -> None:
    made = folder.renderer(HTML).render(letter(navn=NAME)).pdf
    assert "addressee" not in rules(made, FULL_SIZE)
    html = HTML.replace("font:", "color: rgba(0, 0, 0, 0); font:")
    assert "addressee" in rules(folder.renderer(html).render(letter(navn=NAME)).pdf, FULL_SIZE)

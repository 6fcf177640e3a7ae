"""Documents that come after a letter: their forms, their turned pages, what they claim to be."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream

from batchsend.errors import RenderingError
from batchsend.rendering import DocumentSettings
from batchsend.rendering.pdf.joining import joined
from batchsend.rendering.pdf.opened import open_pdf, page_count


def written(pdf: pikepdf.Pdf, **how) -> bytes:
    file = io.BytesIO()
    pdf.save(file, **how)
    return file.getvalue()


def form(*, appearance: bool = True, nested: bool = True, needs: bool = False) -> bytes:
    """One page with a text field that is filled in, which is its own widget or has one below it."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(595, 842))
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    resources = Dictionary(Font=Dictionary(F=font))
    field: dict[str, Any] = {"FT": Name.Tx, "T": "navn", "V": "Kari Hansen", "DA": "/F 12 Tf 0 g"}
    widget: dict[str, Any] = {
        "Type": Name.Annot,
        "Subtype": Name.Widget,
        "Rect": [100, 100, 300, 120],
        "F": 4,
    }
    if appearance:
        drawn = Stream(pdf, b"BT /F 12 Tf 2 5 Td (Kari Hansen) Tj ET")
        drawn.update(Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 200, 20]))
        drawn.Resources = resources
        widget["AP"] = Dictionary(N=pdf.make_indirect(drawn))
    if nested:
        parent = pdf.make_indirect(Dictionary(**field))
        child = pdf.make_indirect(Dictionary(Parent=parent, **widget))
        parent.Kids = Array([child])
    else:
        parent = child = pdf.make_indirect(Dictionary(**field, **widget))
    page.Annots = Array([child])
    pdf.Root.AcroForm = Dictionary(Fields=Array([parent]), DR=resources, NeedAppearances=needs)
    return written(pdf)


def texts(pdf: bytes) -> str:
    with open_pdf(pdf) as document:
        found = [
            page.text(mark) for page in document.pages() for mark in page.marks() if mark.is_text
        ]
    return " ".join(found)


@pytest.mark.parametrize("nested", [True, False])
@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize(("appearance", "needs"), [(True, False), (True, True), (False, True)])
def test_form_fields_become_part_of_the_page(nested, first, appearance, needs) -> None:
    with pikepdf.new() as blank:
        blank.add_blank_page(page_size=(595, 842))
        other = written(blank)
    filled = form(appearance=appearance, nested=nested, needs=needs)
    whole = joined(filled, [other]) if first else joined(other, [filled, filled])
    assert page_count(whole) == (2 if first else 3)
    assert "Kari Hansen" in texts(whole)
    with pikepdf.open(io.BytesIO(whole)) as pdf:
        assert "/AcroForm" not in pdf.Root
        assert not any(len(page.get("/Annots", ())) for page in pdf.pages)


def test_a_field_without_a_look_leaves_nothing_behind(folder, letter) -> None:
    folder.write("form.pdf", form(appearance=False))
    document = DocumentSettings(append=("form.pdf",))
    made = folder.renderer("<p>Hei", document=document).render(letter())
    assert (made.pages, made.warnings) == (2, ())


def asking(**field: Any) -> bytes:
    """A form with one field, whose look is left to the reader."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(595, 842))
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    placed = {"Type": Name.Annot, "Subtype": Name.Widget, "Rect": [100, 100, 300, 120], "F": 4}
    widget = pdf.make_indirect(Dictionary(**{**placed, "T": "felt", "DA": "/F 12 Tf 0 g", **field}))
    page.Annots = Array([widget])
    resources = Dictionary(Font=Dictionary(F=font))
    pdf.Root.AcroForm = Dictionary(Fields=Array([widget]), DR=resources, NeedAppearances=True)
    return written(pdf)


@pytest.mark.parametrize(
    ("field", "printed"),
    [
        ({"FT": Name.Tx, "V": "Åse Bjørk, 5 €"}, "Åse Bjørk, 5 €"),
        ({"FT": Name.Ch, "Ff": 1 << 17, "Opt": ["Oslo", "Bodø"], "V": "Bodø"}, "Bodø"),
        ({"FT": Name.Tx, "V": ""}, ""),
        ({"FT": Name.Tx, "V": "hemmelig", "F": 2}, ""),
        ({"FT": Name.Btn, "V": Name.Off, "AS": Name.Off}, ""),
        ({"FT": Name.Sig}, ""),
    ],
)
def test_a_field_that_asks_for_a_look_gets_one(field, printed) -> None:
    assert texts(joined(asking(**field), [asking(**field)])) == " ".join([printed] * 2).strip()


@pytest.mark.parametrize(
    ("field", "named"),
    [
        ({"FT": Name.Tx, "V": "Łódź"}, "Łódź"),
        ({"FT": Name.Ch, "Opt": ["Oslo", "Київ"], "V": Array(["Київ"])}, "Київ"),
        ({"FT": Name.Tx, "V": "uten skrift", "DA": ""}, "uten skrift"),
        ({"FT": Name.Btn, "V": Name.Ja, "AS": Name.Ja}, "Ja"),
    ],
)
def test_what_it_says_is_never_lost_in_silence(field, named) -> None:
    with pytest.raises(RenderingError, match=f"The form field with “{named}” would not be printed"):
        joined(form(), [asking(**field)])


@pytest.mark.parametrize("kind", ["Stamp", "FreeText"])
def test_notes_are_printed_where_there_is_no_form(kind) -> None:
    with pikepdf.open(io.BytesIO(form(nested=False))) as pdf:
        pdf.pages[0].Annots[0].Subtype = Name(f"/{kind}")
        del pdf.Root.AcroForm
        whole = joined(written(pdf), [])
    assert texts(whole) == "Kari Hansen"


def test_radio_buttons_and_signatures_are_printed_as_they_look() -> None:
    with pikepdf.open(io.BytesIO(form())) as pdf:
        widget = pdf.pages[0].Annots[0]
        look = widget.AP.N
        widget.AP = Dictionary(N=Dictionary(ja=look, Off=Stream(pdf, b"")))
        widget.AS = Name.ja
        widget.Parent.FT = Name.Btn
        widget.Parent.V = Name.ja
        pdf.Root.AcroForm.XFA = Stream(pdf, b"<xdp/>")
        pdf.Root.AcroForm.SigFlags = 3
        assert texts(joined(written(pdf), [])) == "Kari Hansen"
        widget.AS = Name.Off
        assert texts(joined(written(pdf), [])) == ""


def test_what_is_no_note_is_passed_over() -> None:
    with pikepdf.open(io.BytesIO(form())) as pdf:
        pdf.pages[0].Annots.extend([None, 5, Dictionary()])  # type: ignore[list-item]
        assert texts(joined(written(pdf), [])) == "Kari Hansen"


def test_links_and_turned_pages_stay_as_they_are() -> None:
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(842, 595))
        page.Rotate = 90
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], Border=[0, 0, 0])
        page.Annots = Array([pdf.make_indirect(link)])
        turned = written(pdf)
    with pikepdf.open(io.BytesIO(joined(turned, [turned]))) as pdf:
        for page in pdf.pages:
            assert page.Rotate == 90
            assert page.Annots[0].Subtype == Name.Link


def test_a_document_without_pages_is_refused(folder) -> None:
    none = written(pikepdf.new())
    with pytest.raises(RenderingError, match="no pages"):
        page_count(none)
    folder.write("none.pdf", none)
    for document in (DocumentSettings(pdf="none.pdf"), DocumentSettings(append=("none.pdf",))):
        with pytest.raises(Exception, match=r"none.pdf: The PDF has no pages."):
            folder.load("<p>Hei", document=document)


def test_what_cannot_be_read_is_an_error_in_words() -> None:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        whole = written(pdf)
        locked = written(pdf, encryption=pikepdf.Encryption(owner="x", user="y"))
    for wrong in (b"", b"%PDF-1.7", locked):
        with pytest.raises(RenderingError, match="cannot be put together"):
            joined(whole, [wrong])


def test_a_standard_is_not_claimed_for_more_than_keeps_it(folder, letter) -> None:
    pytest.importorskip("weasyprint")
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        folder.write("a.pdf", written(pdf))
    html = "<html lang=nb><title>Brev</title><h1>Hei"
    document = DocumentSettings(append=("a.pdf",))
    templates = folder.load(html, document=document, standard="pdf/ua-1")
    assert templates.warnings == (
        "[document] append: a letter with other documents after it is no longer pdf/ua-1; its own "
        "pages keep their tags.",
    )
    made = folder.renderer(html, document=document, standard="pdf/ua-1").render(letter()).pdf
    with pikepdf.open(io.BytesIO(made)) as pdf, pdf.open_metadata() as said:
        assert "pdfuaid:part" not in said
        assert "/StructTreeRoot" in pdf.Root
        assert str(pdf.Root.Lang) == "nb"
    alone = folder.renderer(html, standard="pdf/ua-1").render(letter()).pdf
    with pikepdf.open(io.BytesIO(alone)) as pdf, pdf.open_metadata() as said:
        assert said["pdfuaid:part"] == "1"

"""Ready-made letters whose file names slipped by a row: whether a PDF names its recipient."""

from __future__ import annotations

import io

import pikepdf
import pytest
from PIL import Image

from batchsend.errors import RenderingError
from batchsend.lists import Column
from batchsend.rendering import DocumentSettings, PageSettings, Renderer, Templates
from batchsend.rendering.page_checks import check_recipient
from batchsend.rendering.settings import PageRules

COLUMNS = (Column(0, "Kundenr.", "kundenr"),)
KARI = {
    "Name": "Kari Anne Øvergård-Wiik",
    "PostCode": "0157",
    "CustomerNo": "C-10042",
    "Reference": "Sak 2026/77",
}
STRANGER = "Til Ola Nordmann, Storgata 1, 0580 Oslo. Kundenr. C-10043. Du skylder 1 234,50 kr."


@pytest.fixture
def pdf(folder, letter):
    """A PDF of some HTML."""

    def make(html: str) -> bytes:
        folder.write("maker/letter.html", html)
        return folder.renderer(path="maker/letter.html").render(letter()).pdf

    return make


@pytest.fixture
def is_a_strangers(pdf):
    def ask(html: str, **changes: str) -> bool:
        return bool(check_recipient(pdf(html), PageRules(), {"Invoicee": {**KARI, **changes}}))

    return ask


@pytest.mark.parametrize(
    "text",
    [
        "Kari Anne Øvergård-Wiik",
        "Etternavn: Øvergård-Wiik Fornavn: Kari Anne",
        "ØVERGÅRD-WIIK, KARI ANNE",
        "K a r i   A n n e   Ø v e r g å r d - W i i k",
        "Kari Anne Øver&shy;gård-<br>Wiik",
        "Kari Anne Øver-<br>gård-Wiik",
        "KariAnneØvergårdWiik",
        "Kari Anne O&#x338;vergård Øverga&#x30a;rd-Wiik",
        "0157 Oslo",
        "N-0157 OSLO",
        "0 1 5 7 Oslo",
        "Kundenr. c-10042",
        "Kundenr. C10042.",
        "Kundenr. C-10&shy;042",
        "Ref.: Sak 2026/77",
        "Ref.: SAK2026/77",
        f"{STRANGER}<p style='break-before: page'>Kari Anne Øvergård-Wiik</p>",
    ],
)
def test_any_one_of_them_is_enough_however_it_is_written(is_a_strangers, text) -> None:
    assert not is_a_strangers(f"<p>Hei. {text}")


@pytest.mark.parametrize(
    "text",
    [
        STRANGER,
        "Kari Nordmann, Anne Wiik og alle de andre, og så Kåre Øvergård",
        "Konto 10157 0158 015",
        "Beløp 0157,50 og 10.0157",
        "C-100421, XC-10042, Sak 2026/771",
        "Kariann Øvergård-Wiikstrøm",
    ],
)
def test_what_is_only_like_them_is_not(is_a_strangers, text) -> None:
    assert is_a_strangers(f"<p>Hei. {text}")


def test_what_is_on_anybodys_page_names_nobody(is_a_strangers) -> None:
    """A housing company's tenants are number 1, 2 and 3, and 2026 Skjetten is a town."""
    page = "<p>Til Ola Nordmann, Kunde 2. Lillestrøm, 1. mai 2026. Side 1 av 1. Ref A-1 og B-2."
    alike = {"CustomerNo": "1", "Reference": "A-1", "PostCode": "2026", "City": "Skjetten"}
    assert is_a_strangers(page, **alike)
    assert not is_a_strangers(f"{page}<p>2026  SKJETTEN", **alike)
    assert not is_a_strangers(f"{page}<p>Kari Anne Øvergård-Wiik", **alike)
    assert not is_a_strangers(page, **{**alike, "City": ""})
    assert not is_a_strangers(page, **{**alike, "Name": ""})
    assert not is_a_strangers(page, **{**alike, "CustomerNo": "mai"})


def test_ligatures_and_wide_letters_are_the_letters_they_stand_for(is_a_strangers) -> None:
    assert not is_a_strangers("<p>Til So\ufb01e Gri\ufb03n", Name="Sofie Griffin")
    assert not is_a_strangers("<p>Til Sofie Griffin", Name="So\ufb01e Gri\ufb03n")


def test_a_recipient_of_whom_nothing_is_known_is_nobody_to_look_for(is_a_strangers) -> None:
    assert not is_a_strangers(STRANGER, Name="", PostCode="", CustomerNo="", Reference="")
    assert is_a_strangers(STRANGER, Name="Bo Li", PostCode="", CustomerNo="", Reference="")


def scanned(text: str = "") -> bytes:
    """A page that is a picture, perhaps with some text stamped on it."""
    with io.BytesIO() as file:
        Image.new("RGB", (595, 842), "grey").save(file, "PDF")
        data = file.getvalue()
    with pikepdf.open(io.BytesIO(data)) as pdf, io.BytesIO() as file:
        page = pdf.pages[0]
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        page.add_resource(pdf.make_indirect(font), pikepdf.Name.Font, pikepdf.Name.F1)
        page.contents_add(f"BT /F1 9 Tf 50 50 Td ({text}) Tj ET".encode())
        pdf.save(file)
        return file.getvalue()


@pytest.mark.parametrize("text", ["", "Side 1 av 1"])
def test_nothing_is_concluded_of_a_scan(text) -> None:
    assert check_recipient(scanned(text), PageRules(), {"Invoicee": KARI}) == []


def test_a_page_of_text_on_a_picture_is_read() -> None:
    assert check_recipient(scanned(STRANGER * 2), PageRules(), {"Invoicee": KARI})


def test_drawn_outlines_and_blank_pages_say_nothing(pdf) -> None:
    drawn = "<svg width=90 height=90><path d='M0 0L90 90'/></svg><p style='break-before: page'>Hei"
    assert check_recipient(pdf(drawn), PageRules(), {"Invoicee": KARI}) == []
    assert check_recipient(pdf(" "), PageRules(), {"Invoicee": KARI}) == []


@pytest.mark.parametrize("key", ["/V", "/Contents"])
def test_form_fields_are_read(pdf, key) -> None:
    with pikepdf.open(io.BytesIO(pdf(STRANGER))) as made, io.BytesIO() as file:
        field = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, Rect=[10, 10, 90, 30]
        )
        field[key] = pikepdf.String("Kari Anne Øvergård-Wiik")
        field = made.make_indirect(field)
        made.pages[0].Annots = made.make_indirect(pikepdf.Array([field]))
        made.Root.AcroForm = pikepdf.Dictionary(Fields=[field])
        made.save(file)
        assert check_recipient(file.getvalue(), PageRules(), {"Invoicee": KARI}) == []


def rendered(folder, letter, data: bytes, *, channel: str = "PRINT", **rules: str):
    folder.write("own/1002.pdf", data)
    pages = PageSettings.model_validate({channel: {"rules": rules}})
    document = DocumentSettings(pdf="own/{{ kundenr }}.pdf")
    templates = Templates.load(None, folder=folder.path, pages=pages, document=document)
    made = letter(channel=channel, fields={**letter().fields, "Channel": channel, "Invoicee": KARI})
    return Renderer(templates, COLUMNS).render(made)


def test_on_paper_it_is_held_elsewhere_it_warns(folder, letter, pdf) -> None:
    stranger = pdf(STRANGER)
    with pytest.raises(RenderingError, match="recipient: it names neither “Kari Anne Ø"):
        rendered(folder, letter, stranger)
    for channel in ("EMAIL", "KIVRA", "DIGIPOST"):
        (said,) = rendered(folder, letter, stranger, channel=channel).warnings
        assert said.startswith("recipient: it names neither")
    own = rendered(folder, letter, pdf("<p>Kari Anne Øvergård-Wiik"), channel="EMAIL")
    assert own.warnings == ()


def test_an_explicit_setting_wins(folder, letter, pdf) -> None:
    stranger = pdf(STRANGER)
    warned = rendered(folder, letter, stranger, recipient="warn", addressee="off").warnings
    assert any(said.startswith("recipient: ") for said in warned)
    silent = rendered(folder, letter, stranger, recipient="off", addressee="off").warnings
    assert not any(said.startswith("recipient: ") for said in silent)
    with pytest.raises(RenderingError, match="recipient: "):
        rendered(folder, letter, stranger, margin="off")
    with pytest.raises(RenderingError, match="recipient: "):
        rendered(folder, letter, stranger, channel="EMAIL", recipient="hold")


def test_templates_enclosures_and_the_same_notice_for_all_are_not_asked(
    folder, letter, pdf
) -> None:
    stranger = pdf(STRANGER)
    folder.write("notice.pdf", stranger)
    folder.write("own/1002.pdf", stranger)
    fields = {**letter().fields, "Channel": "PRINT", "Invoicee": KARI}
    made = letter(channel="PRINT", fields=fields)
    for document in (
        DocumentSettings(pdf="notice.pdf"),
        DocumentSettings(pdf="{{ 'notice.pdf' if language == 'NO' }}"),
        DocumentSettings(append=("own/{{ kundenr }}.pdf",)),
        DocumentSettings(),
    ):
        pages = PageSettings.model_validate({"PRINT": {"rules": {"addressee": "warn"}}})
        renderer = folder.renderer("<p>Hei", document=document, pages=pages)
        warnings = renderer.render(made).warnings
        assert not any(said.startswith("recipient: ") for said in warnings)

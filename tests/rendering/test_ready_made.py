"""Ready-made PDFs: as the letter itself, and after it."""

from __future__ import annotations

import os
import pickle
from io import BytesIO

import pikepdf
import pytest
from PIL import Image

from batchsend.errors import RenderingError, TemplateError
from batchsend.rendering import DocumentSettings, PageSettings, Renderer, Templates
from batchsend.rendering.enclosures import documents_digest


@pytest.fixture
def pdf(folder, letter):
    """A PDF with so many pages, each with the text and its number."""

    def make(text: str, pages: int = 1) -> bytes:
        html = "".join(f"<p style='break-after: page'>{text} {n}</p>" for n in range(1, pages + 1))
        folder.write("maker/letter.html", html)
        return folder.renderer(path="maker/letter.html").render(letter()).pdf

    return make


def renderer(folder, columns=(), **document) -> Renderer:
    settings = DocumentSettings(**document)
    return Renderer(Templates.load(None, folder=folder.path, document=settings), columns)


def test_a_ready_made_letter_is_sent_as_it_is(folder, letter, pdf) -> None:
    original = pdf("Faktura", 2)
    folder.write("invoices/rent-2.pdf", original)
    made = renderer(folder, pdf="invoices/{{ letter.Identifier }}.pdf").render(letter())
    assert made.pdf == original
    assert (made.pages, made.engine) == (2, "ready-made")


def test_documents_follow_the_letter(folder, letter, pdf, text) -> None:
    folder.write("terms.pdf", pdf("Vilkår", 2))
    folder.write("invoices/1002.pdf", pdf("Faktura"))
    document = DocumentSettings(append=("terms.pdf", "invoices/{{ kundenr }}.pdf"))
    templates = folder.renderer("<p>Brev til {{ navn }}", document=document)
    made = templates.render(letter())
    assert text(made.pdf) == ["Brev til Kari Øvergård 2", "Vilkår 1", "Vilkår 2", "Faktura 1"]
    assert made.pages == 4
    assert made.engine.startswith("plutoprint ")


def test_what_comes_out_blank_is_left_out(folder, letter, pdf, text) -> None:
    folder.write("terms.pdf", pdf("Vilkår"))
    document = DocumentSettings(
        pdf="{{ 'terms.pdf' if kundenr == '1003' }}",
        append=("{{ 'terms.pdf' if kundenr == '1004' }}",),
    )
    made = folder.renderer("<p>Brev", document=document)
    assert text(made.render(letter(2)).pdf) == ["Brev"]
    assert text(made.render(letter(3)).pdf) == ["Vilkår 1"]
    assert text(made.render(letter(4)).pdf) == ["Brev", "Vilkår 1"]


def test_names_in_expressions_must_be_columns(folder) -> None:
    document = DocumentSettings(pdf="{{ fil }}", append=("{{ vedlegg }}.pdf", "{{ row['x'] }}"))
    templates = folder.load("{{ navn }} {{ beløp | money }}", document=document)
    assert templates.uses == {"fil", "vedlegg", "row", "navn", "beløp"}
    assert templates.formats == {}


def test_the_digest_covers_what_every_letter_has(folder, pdf) -> None:
    def digest(**document) -> str:
        return folder.load("Hei", document=DocumentSettings(**document)).digest

    folder.write("terms.pdf", pdf("Vilkår"))
    plain, with_terms = digest(), digest(append=("terms.pdf",))
    folder.write("terms.pdf", pdf("Nye vilkår"))
    assert len({plain, with_terms, digest(append=("terms.pdf",))}) == 3
    assert digest(append=("{{ a }}.pdf",)) != digest(append=("{{ b }}.pdf",))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("gone.pdf", "There is no gone.pdf in"),
        ("../secret.pdf", "../secret.pdf lies outside the mailing's folder"),
        ("sub/../../secret.pdf", "lies outside the mailing's folder"),
        ("page.pdf", "page.pdf: This is not a readable PDF"),
        ("long.pdf", "long.pdf has 3 pages, more than 2"),
        ("folder", "“folder” is a folder, not a PDF"),
        ("a\0b.pdf", "cannot be read"),
    ],
)
def test_what_cannot_be_sent_is_said_early_or_with_its_row(folder, letter, pdf, name, said) -> None:
    (folder.path.parent / "secret.pdf").write_bytes(pdf("Hemmelig"))
    folder.write("page.pdf", "<html>")
    folder.write("long.pdf", pdf("Lang", 3))
    folder.write("folder/x", "")
    with pytest.raises(TemplateError, match=r"\[document\]: ") as early:
        renderer(folder, pdf=name, max_pages=2)
    assert said in str(early.value)
    expression = "{{ letter.Note }}"
    late = renderer(folder, pdf=expression, max_pages=2)
    fields = {**letter().fields, "Note": name}
    with pytest.raises(RenderingError, match="Row 7: ") as error:
        late.render(letter(7, fields=fields))
    assert said in str(error.value)


@pytest.mark.skipif(os.name == "nt", reason="making links needs rights there")
def test_a_link_out_of_the_folder_is_refused(folder, pdf) -> None:
    (folder.path.parent / "secret.pdf").write_bytes(pdf("Hemmelig"))
    (folder.path / "link.pdf").symlink_to(folder.path.parent / "secret.pdf")
    with pytest.raises(TemplateError, match="outside"):
        renderer(folder, pdf="link.pdf")


def test_expressions_that_are_wrong_are_named(folder, letter) -> None:
    with pytest.raises(TemplateError, match=r"\[document\]: \{\{ x"):
        renderer(folder, pdf="{{ x")
    with pytest.raises(RenderingError, match=r"Row 2: \[document\] \{\{ ukjent \}\}: nothing is"):
        renderer(folder, pdf="{{ ukjent }}").render(letter())
    with pytest.raises(RenderingError, match="no template for LanguageID NO"):
        renderer(folder, pdf="{{ letter.Note }}").render(letter())
    with pytest.raises(TemplateError, match="neither"):
        Templates.load(None, folder=folder.path)


def test_ready_made_letters_are_held_against_the_rules(folder, letter, pdf) -> None:
    folder.write("long.pdf", pdf("Lang", 15))
    pages = PageSettings.model_validate({"EMAIL": {"max_pages": 14}})
    document = DocumentSettings(append=("long.pdf",))
    with pytest.raises(RenderingError, match="16 pages"):
        folder.renderer("Hei", pages=pages, document=document).render(letter())


def test_they_reach_workers(folder, letter, press_all, pdf, pdf_of, text) -> None:  # noqa: PLR0917
    folder.write("terms.pdf", pdf("Vilkår"))
    document = DocumentSettings(append=("{{ 'terms.pdf' }}",))
    templates = folder.load("<p>Brev", document=document)
    Renderer(templates, ()).render(letter())  # what that compiles must not be sent along
    assert pickle.loads(pickle.dumps(templates)) == templates
    with folder.press(document=document) as press:
        made = press_all(press, [letter(2), letter(3)])
    assert [text(pdf_of(each)) for each in made] == [["Brev", "Vilkår 1"]] * 2


def test_a_document_changed_since_the_check_is_not_sent(folder, letter, pdf) -> None:
    invoice = pdf("Faktura")  # made once: a PDF has the second in it that it was made in
    checked = letter(content="0123-" + documents_digest([invoice]))
    folder.write("own/1002.pdf", invoice)
    made = folder.renderer("<p>Brev", document=DocumentSettings(append=("own/{{ kundenr }}.pdf",)))
    assert made.render(checked).pages == 2
    folder.write("own/1002.pdf", pdf("En annens faktura"))
    with pytest.raises(RenderingError, match="Row 2: its documents are not those that were"):
        made.render(checked)


def test_what_is_appended_is_copied_as_it_is(folder, letter) -> None:
    """Neither its images nor its fonts are decoded and written anew."""
    picture = Image.effect_noise((64, 64), 80).convert("RGB")
    jpeg = BytesIO()
    picture.save(jpeg, "JPEG")
    folder.write("scan/scan.jpg", jpeg.getvalue())
    folder.write("scan/letter.html", "<p>Vilkår<img src=scan.jpg>")
    terms = folder.renderer(path="scan/letter.html").render(letter()).pdf
    folder.write("terms.pdf", terms)
    document = DocumentSettings(append=("terms.pdf",))
    made = folder.renderer("<p>Brev", document=document).render(letter()).pdf
    with pikepdf.open(BytesIO(terms)) as pdf:
        streams = [each for each in pdf.objects if isinstance(each, pikepdf.Stream)]
        kept = [each.read_raw_bytes() for each in streams if "/Length1" in each]
    assert len(kept) == 1  # its font
    assert all(stream in made for stream in [*kept, jpeg.getvalue()])

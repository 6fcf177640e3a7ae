"""What a document may bring in from elsewhere: nothing."""

from __future__ import annotations

import io
import zipfile

import pytest
from word_documents import REL, document, letter_of, merge_field, paragraph, run

from batchsend.errors import TemplateError
from batchsend.word import WordTemplate

PICTURE = (
    '<w:r><w:drawing><wp:inline><wp:extent cx="1" cy="1"/><wp:docPr id="1" name="a"/><a:graphic>'
    '<a:graphicData uri="x"><pic:pic><pic:blipFill><a:blip {how}/></pic:blipFill></pic:pic>'
    "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
)


def link(kind: str, target: str, *, rid: str = "rIdX", outside: bool = True) -> str:
    mode = ' TargetMode="External"' if outside else ""
    return f'<Relationship Id="{rid}" Type="{REL}/{kind}" Target="{target}"{mode}/>'


def texts(docx: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        return "\n".join(
            f"{name}\n{archive.read(name).decode('utf-8', 'replace')}"
            for name in archive.namelist()
        )


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("image", "https://example.com/logo.png"),
        ("image", r"file:///\\server\share\logo.png"),
        ("aFChunk", "https://example.com/del.html"),
        ("subDocument", "kapittel.docx"),
        ("frame", "https://example.com/"),
        ("video", "https://example.com/film"),
        ("somethingNew", "https://example.com/"),
    ],
)
def test_what_lies_elsewhere_is_refused(kind: str, target: str) -> None:
    data = document(
        paragraph(run("Hei"), PICTURE.format(how='r:link="rIdX"')), links=link(kind, target)
    )
    with pytest.raises(TemplateError, match="from elsewhere") as raised:
        WordTemplate.read(data)
    assert target in str(raised.value)


def test_a_chunk_of_another_document_is_refused_even_within_the_file() -> None:
    data = document(
        '<w:altChunk r:id="rIdX"/>',
        links=link("aFChunk", "del.html", outside=False),
        more={"word/del.html": "<p>x</p>"},
    )
    with pytest.raises(TemplateError, match="another document"):
        WordTemplate.read(data)


def test_a_picture_that_is_in_the_document_too_loses_its_link() -> None:
    data = document(
        paragraph(PICTURE.format(how='r:embed="rIdY" r:link="rIdX"')),
        links=link("image", "file:///C:/logo.png")
        + link("image", "media/a.png", rid="rIdY", outside=False),
        more={"word/media/a.png": b"png"},
    )
    letter = texts(letter_of(data, {"Navn": "x"}))
    assert "C:/logo.png" not in letter
    assert 'r:embed="rIdY"' in letter
    assert "rIdX" not in letter


@pytest.mark.parametrize("name", ["word/vbaProject.bin", "word/VBAPROJECT.BIN"])
def test_macros_are_refused(name: str) -> None:
    with pytest.raises(TemplateError, match="macros"):
        WordTemplate.read(document(paragraph(run("x")), more={name: b"x"}))


def test_a_document_that_says_it_has_macros_is_refused() -> None:
    types = (
        '<Override PartName="/word/x.xml" '
        'ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'
    )
    with pytest.raises(TemplateError, match="macros"):
        WordTemplate.read(document(paragraph(run("x")), types=types))


def test_the_template_it_is_attached_to_and_its_own_list_are_left_out() -> None:
    settings = (
        '<w:attachedTemplate r:id="rIdA"/><w:mailMerge><w:mainDocumentType w:val="formLetters"/>'
        '<w:dataSource r:id="rIdB"/></w:mailMerge>'
    )
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        + link("attachedTemplate", "file:///H:/maler/kommune.dotm", rid="rIdA")
        + link("mailMergeSource", "file:///H:/liste.xlsx", rid="rIdB")
        + "</Relationships>"
    )
    more = {"word/_rels/settings.xml.rels": rels}
    data = document(paragraph(merge_field("Navn")), settings=settings, more=more)
    letter = texts(letter_of(data, {"Navn": "x"}))
    for gone in ("kommune.dotm", "liste.xlsx", "attachedTemplate", "mailMerge"):
        assert gone not in letter
    assert any("kommune.dotm" in note for note in WordTemplate.read(data).notes)


def test_the_usual_template_is_not_worth_a_word() -> None:
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        + link("attachedTemplate", "file:///C:/Users/x/Normal.dotm", rid="rIdA")
        + "</Relationships>"
    )
    data = document(paragraph(run("x")), more={"word/_rels/settings.xml.rels": rels})
    assert WordTemplate.read(data).notes == ()


def test_an_object_of_another_program_is_only_its_picture() -> None:
    shape = (
        '<w:r><w:object><v:shape id="a" style="width:10pt;height:10pt"><v:imagedata r:id="rIdP"/>'
        '</v:shape><o:OLEObject Type="Link" ProgID="Excel.Sheet.12" ShapeID="a" r:id="rIdO"/>'
        "</w:object></w:r>"
    )
    data = document(
        paragraph(shape),
        links=link("oleObject", "file:///C:/regneark.xlsx", rid="rIdO")
        + link("image", "media/a.png", rid="rIdP", outside=False),
        more={"word/media/a.png": b"png", "word/embeddings/oleObject1.bin": b"ole"},
    )
    letter = texts(letter_of(data, {"Navn": "x"}))
    for gone in ("OLEObject", "regneark.xlsx", "embeddings", "w:object"):
        assert gone not in letter
    assert "v:imagedata" in letter
    assert any("object of another program" in note for note in WordTemplate.read(data).notes)


def test_a_plain_link_stays_as_it_is() -> None:
    data = document(
        paragraph(f'<w:hyperlink r:id="rIdX">{run("nettsiden vår")}</w:hyperlink>'),
        links=link("hyperlink", "https://example.com/"),
    )
    assert "https://example.com/" in texts(letter_of(data, {"Navn": "x"}))
    assert WordTemplate.read(data).notes == ()


def test_entities_are_refused() -> None:
    data = document(paragraph(run("x")))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    body = parts["word/document.xml"].replace(
        b"?>\n", b'?>\n<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>', 1
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, part in {**parts, "word/document.xml": body}.items():
            archive.writestr(name, part)
    with pytest.raises(TemplateError, match="entities"):
        WordTemplate.read(file.getvalue())


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04 half a file", "not a Word document"),
        (b"\xd0\xcf\x11\xe0 old", "password"),
        (b"", "not a Word document"),
        (b"<html>", "not a Word document"),
    ],
)
def test_what_is_no_document_is_told(data: bytes, said: str) -> None:
    with pytest.raises(TemplateError, match=said):
        WordTemplate.read(data)


def test_a_workbook_under_another_name_is_told() -> None:
    parts = io.BytesIO(document(paragraph(run("x"))))
    changed = io.BytesIO()
    with zipfile.ZipFile(parts) as read, zipfile.ZipFile(changed, "w") as archive:
        for name in read.namelist():
            archive.writestr(name, read.read(name).replace(b"w:document", b"w:workbook"))
    with pytest.raises(TemplateError, match="a file of another program"):
        WordTemplate.read(changed.getvalue())


def test_a_file_that_unpacks_to_gigabytes_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 60_000_000)
    with pytest.raises(TemplateError, match="50 MB"):
        WordTemplate.read(file.getvalue())


def test_a_damaged_part_is_told() -> None:
    with pytest.raises(TemplateError, match=r"header1\.xml is damaged"):
        WordTemplate.read(document(paragraph(run("x")), header="<w:p>"))

"""What Word keeps beside the text: hidden text, and changes that are tracked."""

from __future__ import annotations

import pytest
from word_documents import document, instruct, merge_field, paragraph, run, said, table

from batchsend.word import WordTemplate
from batchsend.word.prose import prose_of

ROW = {"Navn": "Åse Bø"}
HIDDEN = "<w:vanish/>"
DELETED = '<w:rPr><w:del w:id="3" w:author="A"/></w:rPr>'


def test_hidden_text_is_in_no_letter() -> None:
    data = document(
        paragraph(run("Kjære "), run("INTERNT ", HIDDEN), merge_field("Navn")),
        paragraph(run("INTERNT", HIDDEN), look=f"<w:rPr>{HIDDEN}</w:rPr>"),
        paragraph(run("vist", '<w:vanish w:val="0"/>')),
    )
    assert said(data, ROW) == ["Kjære Åse Bø", "vist"]
    assert "it has hidden text, which no letter shows." in WordTemplate.read(data).notes
    assert "INTERNT" not in prose_of(data).html


def test_a_field_with_a_hidden_mark_is_still_a_field() -> None:
    mark = f'<w:r><w:rPr>{HIDDEN}</w:rPr><w:fldChar w:fldCharType="{{}}"/></w:r>'
    written = mark.format("begin") + instruct(" MERGEFIELD Navn ", HIDDEN) + mark.format("end")
    assert said(document(paragraph(run("A "), written)), ROW) == ["A Åse Bø"]


def test_what_is_deleted_is_gone_with_its_paragraph() -> None:
    gone = '<w:del w:id="1" w:author="A"><w:r><w:delText>borte</w:delText></w:r></w:del>'
    data = document(
        paragraph(gone, look=DELETED),
        paragraph(run("en "), look=DELETED),
        paragraph(run("linje"), look='<w:jc w:val="right"/>'),
    )
    assert said(data, ROW) == ["en linje"]
    assert any("accepted" in each for each in WordTemplate.read(data).notes)


def test_so_is_a_cell() -> None:
    cells = table([paragraph(run("gammel")), paragraph(run("ny"))])
    deleted = cells.replace("<w:tcPr>", '<w:tcPr><w:cellDel w:id="1" w:author="A"/>', 1)
    data = document(deleted)
    assert said(data, ROW) == ["ny"]
    assert any("accepted" in each for each in WordTemplate.read(data).notes)


@pytest.mark.parametrize("last", ["", table([paragraph(run("tabell"))])])
def test_a_deleted_end_before_no_paragraph_stays(last: str) -> None:
    data = document(paragraph(run("en"), look=DELETED), last)
    assert said(data, ROW)[0] == "en"

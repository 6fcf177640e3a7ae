"""The words that a Word letter has to show."""

from __future__ import annotations

from word_documents import document, field, paragraph, run, text_box

from batchsend.word import shown_words

SYMBOLS = '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'


def test_they_are_those_of_the_letter_and_its_boxes() -> None:
    data = document(
        paragraph(
            run("Kjæ"),
            run("re Åse"),
            "<w:r><w:br/></w:r>",
            run("Bø"),
            text_box(paragraph(run("boks"))),
        ),
        paragraph(field(" PAGE ", "17"), run(" sider"), run("ü", SYMBOLS)),
        paragraph(run("\u05d3\u05d5\u05d3 \u5c71\u7530")),
        header=paragraph(run("hode")),
    )
    assert shown_words(data) == ["Kjære", "Åse", "Bø", "boks", "sider"]


def test_there_are_none_where_a_style_may_hide_some() -> None:
    data = document(paragraph(run("tekst")))
    assert shown_words(data) == ["tekst"]
    hidden = document(paragraph(run("tekst")), more={"word/styles.xml": STYLES})
    assert shown_words(hidden) == []


STYLES = (
    '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    '<w:style w:type="character" w:styleId="S"><w:rPr><w:vanish/></w:rPr></w:style></w:styles>'
)

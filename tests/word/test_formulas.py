"""Formulas, charts and diagrams: filled, or named, and never missing in silence."""

from __future__ import annotations

import io
import zipfile

import pytest
from word_documents import document, field, letter_of, paragraph, run

from batchsend.errors import TemplateError
from batchsend.word import WordTemplate
from batchsend.word.prose import prose_of
from batchsend.word.shown import shown_words

MATH = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
ROW = {"beløp": "1234"}


def formula(*texts: str) -> str:
    runs = "".join(f"<m:r><m:t>{text}</m:t></m:r>" for text in texts)
    return f"<m:oMath {MATH}>{runs}</m:oMath>"


def chart(title: str) -> bytes:
    said = f'<c:chartSpace xmlns:c="{CHART}" xmlns:a="{DRAWING}"><a:t>{title}</a:t></c:chartSpace>'
    inline = '<wp:inline><wp:docPr id="1" name="Diagram 1"/></wp:inline>'
    drawing = paragraph(f"<w:r><w:drawing>{inline}</w:drawing></w:r>")
    return document(drawing, more={"word/charts/chart1.xml": said})


@pytest.mark.parametrize(
    "texts", [("x={{ beløp }}",), ("x=", "{{", " beløp ", "}}"), ("x=«", "beløp", "»")]
)
def test_a_formula_is_filled(texts) -> None:
    words = shown_words(letter_of(document(paragraph(run("Sum "), formula(*texts))), ROW))
    assert "".join(words) == "Sumx=1234"


def test_a_field_in_a_formula_is_named() -> None:
    inside = f"<m:oMath {MATH}>{field(' MERGEFIELD beløp ', '«beløp»')}</m:oMath>"
    with pytest.raises(TemplateError, match=r"“Sum .*has a field in a formula"):
        WordTemplate.read(document(paragraph(run("Sum "), inside)))


def test_a_formula_does_not_go_with_the_statement_beside_it() -> None:
    written = paragraph(run("{% if beløp %}"), formula("a=b"), run("{% endif %}"))
    assert shown_words(letter_of(document(written), ROW)) == ["a=b"]


def test_a_placeholder_in_a_chart_is_named() -> None:
    with pytest.raises(TemplateError, match=r"a chart or diagram has \{\{ navn \}\} in it"):
        WordTemplate.read(chart("Til {{ navn }}"))
    (note,) = WordTemplate.read(chart("Boken «Peer Gynt»")).notes
    assert note == "a chart or diagram shows «Peer Gynt», which is printed as it is."
    assert WordTemplate.read(chart("Forbruk")).notes == ()


def test_formulas_and_charts_are_left_behind_in_word() -> None:
    left = prose_of(document(paragraph(run("Sum "), formula("a=b")))).left_behind
    assert [(each.place, each.words) for each in left] == [("formula", "a=b")]
    left = prose_of(chart("Forbruk")).left_behind
    assert [(each.place, each.words) for each in left] == [("drawing", "Diagram 1")]


def test_a_placeholder_in_word_art_is_told_and_a_field_is_filled_in() -> None:
    def art(string: str) -> bytes:
        shape = f'<v:shape><v:textpath style="" string="{string}"/></v:shape>'
        return document(paragraph(f"<w:r><w:pict>{shape}</w:pict></w:r>"))

    assert WordTemplate.read(art("Kjære {{ navn }}")).notes == ()
    (note,) = WordTemplate.read(art("Kjære «navn»")).notes
    assert note == "WordArt shows «navn», which is printed as it is."
    filled = letter_of(art("Kjære {{ navn }}"), {"navn": 'Kari "K" & co'})
    with zipfile.ZipFile(io.BytesIO(filled)) as archive:
        assert "Kjære Kari &#34;K&#34; &amp; co" in archive.read("word/document.xml").decode()

"""Any text in any cell: it stands in the letter, and nothing breaks."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from word_documents import document, field, instruct, letter_of, merge_field, paragraph, run, said

from batchsend.errors import TemplateError
from batchsend.letters import Letter
from batchsend.lists import Column, Row
from batchsend.rendering import Renderer, Templates, TemplateSettings
from batchsend.rendering.document import Document
from batchsend.text import BLANKS
from batchsend.word import WordTemplate

SIMPLE = document(paragraph(run("["), merge_field("Navn"), run("]")))
_PIECES = (
    *("<w:p>", "]]>", "&amp;", "{{ navn }}", "{% if %}", "«Navn»", "<?batchsend-part x?>", "<br>"),
    *("\r\n", "\n", "\t", "\x00", "\u2028", "\ufffe", "\U0010fff0", "0", "\U0010fff1", "'", '"'),
)
NASTY = st.one_of(st.text(max_size=30), st.lists(st.sampled_from(_PIECES), max_size=6).map("".join))


def shown(value: str) -> str:
    """What a cell shows: trimmed, its lines and tabs kept, without what XML cannot have."""
    text = re.sub("\r\n|[\n\r\v\f\x85\u2028\u2029]", "/", value.strip(BLANKS).replace("\t", ">"))
    return re.sub("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]", "", text)


@given(NASTY)
def test_it_stands_in_the_document_as_it_is(value: str) -> None:
    assert said(SIMPLE, {"Navn": value}) == [f"[{shown(value)}]"]


@given(st.text(max_size=20))
def test_typed_text_of_the_letter_stays_as_it_is(text: str) -> None:
    """But for what is a field's or Jinja2's, and blanks that are all alike in a document."""
    plain = re.sub(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff{«<&>\u2028\u2029]", "", text)
    data = document(paragraph(run(plain)))
    assert said(data, {"Navn": "x"}) == ([plain] if plain else [])


@given(
    st.lists(st.sampled_from(["{{ navn }}", "tekst", " – ", "«Navn»", "“sitat”"]), max_size=6),
    st.data(),
)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_where_word_cuts_a_text_makes_no_difference(parts: list[str], data: st.DataObject) -> None:
    text = "A" + "".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=5)))
    edges = [0, *cuts, len(text)]
    pieces = [run(text[a:b]) for a, b in pairwise(edges) if a < b]
    torn_apart = document(paragraph(*pieces))
    assert said(torn_apart, {"Navn": "Åse"}) == said(
        document(paragraph(run(text))), {"Navn": "Åse"}
    )


@given(st.text(max_size=60))
@settings(suppress_health_check=[HealthCheck.filter_too_much])
def test_no_instruction_of_a_field_is_a_fault(text: str) -> None:
    plain = re.sub(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff<&>{}]", "", text)
    for instruction in (plain, f"MERGEFIELD {plain}", f"IF {plain}", f"GREETINGLINE {plain}"):
        data = document(paragraph(field(instruct(instruction), "x")))
        with suppress(TemplateError):  # and nothing else
            WordTemplate.read(data)


FIELDS = {
    "Channel": "EMAIL",
    "Identifier": "1",
    "LanguageID": "NO",
    "Invoicee": {"Name": "Åse"},
    "Invoicer": {"Name": "Utleier"},
}
_PRINTED = st.text(
    st.one_of(
        st.characters(min_codepoint=0x20, max_codepoint=0x17F, exclude_categories=["Cc", "Cf"]),
        st.characters(min_codepoint=0x410, max_codepoint=0x44F),
        st.characters(min_codepoint=0x3B1, max_codepoint=0x3C9),
        st.sampled_from("\n\t{}<>&«»\"'"),
    ),
    min_size=1,
    max_size=40,
)


@pytest.mark.slow
@pytest.mark.usefixtures("real_office")
@given(st.lists(_PRINTED, min_size=60, max_size=60))
@settings(max_examples=3, deadline=None)
def test_it_shows_in_the_finished_pdf(texts: list[str]) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "brev.docx").write_bytes(SIMPLE)
        templates = Templates.load(TemplateSettings(path=Path("brev.docx")), folder=folder)
        letters = [
            Letter(
                identifier=str(n),
                channel="EMAIL",
                language="NO",
                fields=FIELDS,
                rows=(Row(n, (text,)),),
                content="",
            )
            for n, text in enumerate(texts)
        ]
        made = Renderer(templates, [Column(0, "Navn", "navn")]).render_each(letters)
    for text, letter in zip(texts, made, strict=True):
        assert isinstance(letter, Document), (text, letter)
        page = pypdfium2.PdfDocument(letter.pdf)[0].get_textpage().get_text_bounded()
        assert _letters(page) == _letters(text.strip(BLANKS))


def _letters(text: str) -> str:
    """Only letters and digits: where lines break, and hyphens there, is the page's own affair."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text))


def test_a_letter_is_the_same_whatever_was_made_before_it() -> None:
    first = letter_of(SIMPLE, {"Navn": "Åse"})
    letter_of(SIMPLE, {"Navn": "x" * 1000})
    assert letter_of(SIMPLE, {"Navn": "Åse"}) == first

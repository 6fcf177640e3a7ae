"""Fields whose last result is another letter's text, that stand alone, or hold more than text."""

from __future__ import annotations

import pytest
from word_documents import (
    document,
    field,
    instruct,
    letter_of,
    merge_field,
    paragraph,
    run,
    said,
    table,
)

from batchsend.errors import TemplateError
from batchsend.word import WordTemplate

ROW = {"Navn": "Kari Nordmann", "Sted": "Oslo", "Dato": "2027-03-09", "Beløp": "1234.5"}
LETTER = {
    "Invoicee": {"Name": "Kari Nordmann", "CountryCode": "NO"},
    "Invoicer": {"CountryCode": "NO"},
}
SIGNATURE = (
    '<w:r><w:drawing><wp:inline><wp:docPr id="1" name="sign"/></wp:inline></w:drawing></w:r>'
)
NEXT_PAGE = '<w:r><w:br w:type="page"/></w:r>'


def either(left: str, right: str, yes: str, no: str = instruct("Nei")) -> str:
    """An IF that says whether its sides are equal."""
    parts = [instruct(" IF "), left, instruct(f' = "{right}" "'), yes]
    return field("".join([*parts, instruct('" "'), no, instruct('" ')]), "gammel")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (merge_field("Navn", r'\b "Til " \f "!"'), "Til Kari Nordmann!"),
        (
            field(
                r' GREETINGLINE \f "<<_BEFORE_ Kjære >><<_FIRST0_>><< _LAST0_>><<_AFTER_ ,>>"'
                r' \l 1044 \e "Hei," ',
                "Kjære Per,",
            ),
            "Kjære Kari Nordmann,",
        ),
    ],
    ids=["text before and after", "greeting as Word writes it"],
)
def test_a_field_that_is_all_of_a_paragraph_is_shown(written, shown) -> None:
    assert said(document(paragraph(written)), ROW, letter=LETTER) == [shown]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (merge_field("Dato", r'\@ "yyyy"'), "2027"),
        (merge_field("Sted", r"\* Upper"), "OSLO"),
        (merge_field("Beløp", r'\# "# ##0"'), "1235"),
    ],
)
def test_an_if_compares_what_a_field_shows(left, right) -> None:
    assert said(document(paragraph(either(left, right, instruct("Ja")))), ROW) == ["Ja"]


def test_what_an_if_shows_besides_text_is_kept() -> None:
    docx = letter_of(
        document(
            paragraph(either(merge_field("Sted"), "Oslo", SIGNATURE)),
            paragraph(either(merge_field("Sted"), "Oslo", NEXT_PAGE)),
            paragraph(either(merge_field("Sted"), "Bergen", SIGNATURE)),
        ),
        ROW,
    )
    assert docx.count(b'name="sign"') == 1
    assert docx.count(b'w:type="page"') == 1
    tabbed = instruct("Ja") + "<w:r><w:tab/></w:r><w:r><w:br/></w:r>" + instruct("her")
    shown = said(document(paragraph(either(merge_field("Sted"), "Oslo", tabbed))), ROW)
    assert shown == ["Ja>/her"]


def test_a_table_within_an_if_is_named() -> None:
    cut = [
        paragraph(
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r>',
            instruct(" IF "),
            merge_field("Sted"),
            instruct(' = "Oslo" "'),
        ),
        table([paragraph(instruct("celle"))]),
        paragraph(instruct('" "Nei" '), '<w:r><w:fldChar w:fldCharType="end"/></w:r>'),
    ]
    with pytest.raises(TemplateError, match="has a table in it"):
        WordTemplate.read(document(*cut))


def test_fields_of_the_page_stay_fields_within_an_if() -> None:
    page = instruct("side ") + field(" PAGE ", "7")
    docx = letter_of(document(paragraph(either(merge_field("Sted"), "Oslo", page))), ROW)
    assert docx.count(b" PAGE ") == 1
    stale = field(" DOCPROPERTY Company ", "AS")
    read = WordTemplate.read(document(paragraph(either(merge_field("Sted"), "Oslo", stale))))
    assert any("DOCPROPERTY Company } is printed as Word showed it last" in n for n in read.notes)


@pytest.mark.parametrize("kind", ['HYPERLINK "https://example.com"', "TITLE"])
def test_a_merge_field_in_what_another_field_shows_is_this_letter_s(kind) -> None:
    around = field(f" {kind} ", "RESULT").replace(
        run("RESULT", "<w:noProof/>"), field(" MERGEFIELD Navn ", "Per Malmann")
    )
    assert "MERGEFIELD" in around
    assert said(document(paragraph(around)), ROW) == ["Kari Nordmann"]


@pytest.mark.parametrize("kind", ['STYLEREF "heading 1"', "LISTNUM", "AUTONUM"])
def test_what_libreoffice_does_not_make_again_is_named(kind) -> None:
    """It printed what Word showed last, which may be another recipient's name, or nothing."""
    with pytest.raises(TemplateError, match="is not understood"):
        WordTemplate.read(
            document(paragraph(run("x")), footer=paragraph(field(f" {kind} ", "Per")))
        )


@pytest.mark.parametrize("kind", ["QUOTE", "REF", "DOCPROPERTY", "Navn", "QUOTE UPPER"])
def test_what_word_showed_last_of_another_recipient_stops_the_mailing(kind) -> None:
    """It is made of a merge field, so that every letter would have the name of one recipient."""
    inner = merge_field("Navn")
    if kind == "QUOTE UPPER":
        inner = field(instruct(" DOCVARIABLE ") + inner, "Per")
    around = field(instruct(f" {kind} ") + inner, "Per Malmann")
    with pytest.raises(TemplateError, match="is not understood"):
        WordTemplate.read(document(paragraph(around)))


def test_an_address_made_of_a_merge_field_leaves_the_words_of_its_link() -> None:
    link = instruct(' HYPERLINK "https://example.com/') + merge_field("Navn") + instruct('" ')
    assert said(document(paragraph(field(link, "Les mer"))), ROW) == ["Les mer"]


def test_the_time_of_day_is_not_written_as_a_date() -> None:
    with pytest.raises(TemplateError, match="the time of day"):
        WordTemplate.read(document(paragraph(field(" TIME ", "10:15"))))


@pytest.mark.parametrize("kind", ["TOC", "INDEX", "NOTEREF x", "SECTION"])
def test_what_is_printed_as_it_was_is_told(kind) -> None:
    notes = WordTemplate.read(document(paragraph(field(f" {kind} ", "9")))).notes
    assert any(f"{{ {kind} }} is printed as Word showed it last" in note for note in notes)


def test_the_pages_of_the_only_section_are_those_of_the_document() -> None:
    torn = field(instruct(" SECTION") + instruct(r"PAGES \* MERGEFORMAT "), "19")
    docx = letter_of(document(paragraph(run("x")), footer=paragraph(torn)), ROW)
    assert b"NUMPAGES" in docx
    assert b"SECTION" not in docx
    two = paragraph(run("a"), look="<w:sectPr/>")
    with pytest.raises(TemplateError, match="SECTIONPAGES"):
        WordTemplate.read(document(two, footer=paragraph(torn)))


def test_an_equation_without_its_result_is_named() -> None:
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    with pytest.raises(TemplateError, match="EQ"):
        WordTemplate.read(document(paragraph(begin, instruct(r" EQ \f(1,2) "), end)))

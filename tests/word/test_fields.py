"""Merge fields, as Word writes them, and what a letter says in their place."""

from __future__ import annotations

import re

import pytest
from word_documents import (
    document,
    field,
    instruct,
    letter_of,
    merge_field,
    paragraph,
    paragraphs,
    run,
    said,
    table,
    text_box,
    torn,
)

from batchsend.errors import RenderingError, TemplateError
from batchsend.word import WordTemplate

ROW = {
    "Navn": "Åse Bø",
    "E-post": "ase@example.com",
    "Beløp (kr)": "12345,5",
    "Forfall": "2026-03-15",
}


def nested(*parts: str, result: str = "") -> str:
    return field("".join(parts), result)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (merge_field("Navn"), "Åse Bø"),
        (merge_field('"Navn"'), "Åse Bø"),
        (merge_field("navn", ""), "Åse Bø"),
        (merge_field("Epost"), "ase@example.com"),
        (merge_field("E_post"), "ase@example.com"),
        (merge_field("Beløp_kr"), "12345,5"),
        (merge_field("Belop_kr"), "12345,5"),
        (merge_field("Navn", r"\* Upper"), "ÅSE BØ"),
        (merge_field("Navn", r"\* Lower \* MERGEFORMAT"), "åse bø"),
        (merge_field("Epost", r"\* FirstCap"), "Ase@example.com"),
        (merge_field("Epost", r"\* Caps"), "Ase@Example.Com"),
        (merge_field("Navn", r'\b "Til " \f ", "'), "Til Åse Bø, "),
        (merge_field("Beløp_kr", r'\# "# ##0,00"'), "12\u00a0345,50"),
        (merge_field("Beløp_kr", r'\# "#,##0.00"'), "12\u00a0345,50"),
        (merge_field("Beløp_kr", r"\# 0"), "12346"),
        (merge_field("Beløp_kr", r"\# ,0.00"), "12\u00a0345,50"),
        (merge_field("Beløp_kr", r'\# "kr # ##0"'), "kr 12\u00a0346"),
        (merge_field("Forfall", r'\@ "d. MMMM yyyy"'), "15. mars 2026"),
        (merge_field("Forfall", r'\@ "dddd dd.MM.yy"'), "søndag 15.03.26"),
        ('<w:fldSimple w:instr=" MERGEFIELD Navn ">' + run("«Navn»") + "</w:fldSimple>", "Åse Bø"),
        ('<w:fldSimple w:instr="MERGEFIELD  Navn  \\* Upper"/>', "ÅSE BØ"),
        (run("«Navn»"), "Åse Bø"),
        (torn("«E-post»"), "ase@example.com"),
        (run("sa hun: «nei takk»"), "sa hun: «nei takk»"),
        (torn("{{ navn }}"), "Åse Bø"),
        (torn("{{ row[“E-post”] }}"), "ase@example.com"),
        (torn("{{ row[«E-post»]\u00a0}}"), "ase@example.com"),
        (torn("{{ ‘a’ ~ navn }}"), "aÅse Bø"),
        (run("{{ navn") + "<w:r><w:br/></w:r>" + run(" | upper }}"), "ÅSE BØ"),
        (torn("{{ beløp_kr | money }}"), "12\u00a0345,50"),
        (torn("{% if navn != “x” and 1 &lt; 2 %}ja{% else %}nei{% endif %}", 30), "ja"),
    ],
)
def test_a_field_shows_its_column(written: str, shown: str) -> None:
    assert said(document(paragraph(run("A "), written, run(" Z"))), ROW) == [f"A {shown} Z"]


def test_a_blank_cell_leaves_out_what_would_stand_around_it() -> None:
    fields = merge_field("Navn", r'\b "Til " \f "!"') + merge_field("Beløp_kr", r'\# "0,00"')
    blank = {**ROW, "Navn": "", "Beløp (kr)": ""}
    assert said(document(paragraph(run("A"), fields, run("Z"))), blank) == ["AZ"]


def test_a_heading_that_begins_with_a_digit_is_found() -> None:
    data = document(paragraph(merge_field("M_2026_leie"), merge_field("M_1_kvartal")))
    assert said(data, {"2026 leie": "a", "1. kvartal": "b"}) == ["ab"]


def test_a_column_called_as_what_templates_have_is_still_the_column() -> None:
    data = document(paragraph(merge_field("Letter"), merge_field("Row"), merge_field("Today")))
    assert said(data, {"Letter": "a", "Row": "b", "Today": "c"}) == ["abc"]


def test_a_number_that_is_none_holds_the_letter() -> None:
    data = document(paragraph(merge_field("Beløp_kr", r'\# "0,00"')))
    with pytest.raises(RenderingError, match="tolv"):
        said(data, {**ROW, "Beløp (kr)": "tolv"})


def test_a_time_of_day_that_a_date_has_not_holds_the_letter() -> None:
    data = document(paragraph(merge_field("Forfall", r'\@ "dd.MM.yyyy HH:mm"')))
    with pytest.raises(RenderingError, match="asks for the time of day"):
        letter_of(data, ROW)


def test_a_value_keeps_its_own_signs_and_its_lines() -> None:
    value = '<w:p> & «Navn» {{ navn }} "x" \r\nlinje 2\ttab\x0bslutt\x00'
    [shown] = said(document(paragraph(merge_field("Navn"))), {"Navn": value})
    assert shown == '<w:p> & «Navn» {{ navn }} "x" /linje 2>tab/slutt'


def test_the_look_of_a_field_is_that_of_its_last_result() -> None:
    data = document(paragraph(merge_field("Navn", look="<w:b/>")))
    source = WordTemplate.read(data).source
    assert "<w:b/><w:noProof/></w:rPr><w:t" in source


IF = ' = "Oslo" "i byen" "utenfor" '


@pytest.mark.parametrize(
    ("town", "shown"), [("Oslo", "i byen"), ("Bergen", "utenfor"), ("", "utenfor")]
)
def test_if_shows_one_of_two_texts(town: str, shown: str) -> None:
    written = nested(instruct(" IF "), merge_field("Poststed"), instruct(IF), result="i byen")
    assert said(document(paragraph(run("Du bor "), written)), {"Poststed": town}) == [
        f"Du bor {shown}"
    ]


@pytest.mark.parametrize(
    ("comparison", "value", "true"),
    [
        ("> 1000", "1 234,50", True),
        ("&lt;= 1000", "999", True),
        ("&lt;&gt; 0", "0,00", False),
        ('= "A*"', "Anne", True),
        ('= "A?"', "Anne", False),
        ('&lt;&gt; ""', "", False),
    ],
)
def test_if_compares_numbers_as_numbers(comparison: str, value: str, true: bool) -> None:
    plain = comparison.replace("&lt;", "<").replace("&gt;", ">")
    written = nested(instruct(" IF "), merge_field("X"), instruct(f' {plain} "ja" "nei"'))
    assert said(document(paragraph(run("-"), written)), {"X": value}) == [
        f"-{'ja' if true else 'nei'}"
    ]


def test_if_keeps_fields_and_looks_within_its_texts() -> None:
    written = nested(
        instruct(" IF "),
        merge_field("Poststed"),
        instruct(' = "Oslo" "Kjære '),
        merge_field("Navn", look="<w:b/>"),
        instruct("!", look="<w:i/>"),
        instruct('" "'),
        nested(instruct(" IF "), merge_field("Navn"), instruct(' = "" "ingen" "noen" ')),
        instruct('" '),
    )
    data = document(paragraph(run("-"), written))
    assert said(data, {"Poststed": "Oslo", "Navn": 'Åse "A"'}) == ['-Kjære Åse "A"!']
    assert said(data, {"Poststed": "Moss", "Navn": "x"}) == ["-noen"]
    assert said(data, {"Poststed": "Moss", "Navn": ""}) == ["-ingen"]
    assert "<w:i/>" in WordTemplate.read(data).source


def test_what_only_the_printing_program_knows_is_left_to_it() -> None:
    link = nested(
        instruct(' HYPERLINK "https://example.com/'),
        merge_field("Navn"),
        instruct('" '),
        result="her",
    )
    data = document(paragraph(field(" PAGE ", "1"), run(" av "), field(" NUMPAGES ", "7"), link))
    source = WordTemplate.read(data).source
    assert re.findall(r"<w:instrText[^>]*>( \w+ )<", source) == [" PAGE ", " NUMPAGES "]
    assert said(data, {"Navn": "Åse"}) == ["1 av 7her"]


def test_a_field_that_is_no_merge_field_is_printed_as_word_showed_it_last() -> None:
    data = document(paragraph(field(" FILENAME ", "brev-endelig.docx")))
    assert said(data, {"Navn": "x"}) == ["brev-endelig.docx"]
    assert any("FILENAME" in note for note in WordTemplate.read(data).notes)


@pytest.mark.parametrize(
    "instruction",
    [" NEXT ", ' ASK navn "Hvem?" ', " MERGEREC ", ' FILLIN "Dato" ', " = 1 + 2 ", " SET x 1 "],
)
def test_what_is_not_understood_is_named_with_its_paragraph(instruction: str) -> None:
    data = document(paragraph(run("Kjære kunde "), field(instruction, "x")))
    with pytest.raises(TemplateError, match="Kjære kunde") as raised:
        WordTemplate.read(data)
    assert instruction.split(maxsplit=1)[0] in str(raised.value)


def test_an_unknown_switch_is_named() -> None:
    with pytest.raises(TemplateError, match="CardText"):
        WordTemplate.read(document(paragraph(merge_field("Beløp", r"\* CardText"))))


@pytest.mark.parametrize(
    "instruction",
    [
        r' INCLUDETEXT "C:\\brev\\vilkår.docx" ',
        r' INCLUDEPICTURE "https://example.com/logo.png" \d ',
        r" DDEAUTO excel ark R1C1 ",
        r" LINK Excel.Sheet.12 C:\\a.xlsx ",
    ],
)
@pytest.mark.parametrize("simple", [True, False])
def test_a_field_that_reads_from_elsewhere_is_refused(instruction: str, simple: bool) -> None:
    quoted = instruction.replace('"', "&quot;")
    written = f'<w:fldSimple w:instr="{quoted}"/>' if simple else field(instruction, "x")
    with pytest.raises(TemplateError, match="from elsewhere"):
        WordTemplate.read(document(paragraph(run("Vilkår: "), written)))


LETTER = {
    "Invoicee": {"Name": "Åse Bø", "Address1": "Storgata 1", "PostCode": "0150", "City": "Oslo"},
    "Invoicer": {"CountryCode": "NO"},
}


def test_an_address_block_is_the_recipient_s_address() -> None:
    data = document(
        paragraph(field(r' ADDRESSBLOCK \f "<<_TITLE0_ >>" \l 1044 ', "«Adresseblokk»"))
    )
    assert said(data, {"Navn": "x"}, letter=LETTER) == ["Åse Bø/Storgata 1/0150 OSLO"]


GREETING = r' GREETINGLINE \f "<<_BEFORE_ Kjære >><<_FIRST0_>><< _LAST0_>><<_AFTER_ ,>>" \l 1044 '


def test_a_greeting_names_the_recipient() -> None:
    data = document(paragraph(field(GREETING, "«Hilsen»")))
    assert said(data, {"Fornavn": "x"}, letter=LETTER) == ["Kjære Åse Bø,"]


def test_a_greeting_takes_the_columns_that_word_was_told_of() -> None:
    mapped = "".join(
        f'<w:fieldMapData><w:type w:val="dbColumn"/><w:name w:val="{name}"/>'
        f'<w:mappedName w:val="{meaning}"/></w:fieldMapData>'
        for name, meaning in (("Fornavn", "First Name"), ("Etternavn", "Last Name"))
    )
    settings = f"<w:mailMerge><w:odso>{mapped}</w:odso></w:mailMerge>"
    data = document(paragraph(field(GREETING, "«Hilsen»")), settings=settings)
    assert said(data, {"Fornavn": "Åse", "Etternavn": "Bø"}, letter=LETTER) == ["Kjære Åse Bø,"]


class TestEverywhere:
    """Not in the body's paragraphs alone."""

    def test_in_headers_footers_text_boxes_and_tables(self) -> None:
        box = text_box(paragraph(merge_field("Navn")), paragraph(torn("{{ navn | upper }}")))
        data = document(
            paragraph(run("før"), box),
            table([paragraph(merge_field("Navn"))]),
            header=paragraph(torn("«Navn»")),
            footer=paragraph(merge_field("Navn"), run(" side "), field(" PAGE ", "1")),
        )
        letter = letter_of(data, {"Navn": "Åse"})
        assert paragraphs(letter, "word/header1.xml") == ["Åse"]
        assert paragraphs(letter, "word/footer1.xml") == ["Åse side 1"]
        # The box stands there twice: for Word, and for programs that do not know its kind.
        assert paragraphs(letter) == ["før", "Åse", "ÅSE", "Åse", "ÅSE", "Åse"]

    def test_in_content_controls_and_inserted_text(self) -> None:
        control = (
            "<w:sdt><w:sdtPr><w:text/></w:sdtPr><w:sdtContent>"
            f"{merge_field('Navn')}</w:sdtContent></w:sdt>"
        )
        inserted = f'<w:ins w:id="1" w:author="A">{torn("«Navn»")}</w:ins>'
        gone = '<w:del w:id="2" w:author="A"><w:r><w:delText>gammelt</w:delText></w:r></w:del>'
        data = document(paragraph(control, inserted, gone))
        assert said(data, {"Navn": "Åse"}) == ["ÅseÅse"]
        assert any("accepted" in note for note in WordTemplate.read(data).notes)

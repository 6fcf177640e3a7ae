"""Statements on paragraphs and rows of tables, and where they must not stand."""

from __future__ import annotations

import pytest
from word_documents import (
    document,
    field,
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

from batchsend.errors import TemplateError
from batchsend.word import WordTemplate

ROWS = [
    {"Navn": "Åse", "Tekst": "Leie", "Beløp": "100"},
    {"Navn": "Åse", "Tekst": "Strøm", "Beløp": "250,5"},
]


def cell(*runs: str) -> str:
    return paragraph(*runs)


@pytest.mark.parametrize(
    "row",
    [
        [cell(merge_field("rows.Tekst")), cell(merge_field("rows.Beløp", r'\# "0,00"'))],
        [cell(torn("«rows.Tekst»")), cell(run("{{ each.beløp | money }}"))],
        [
            cell(run("{% for each in rows %}{{ each.tekst }}")),
            cell(run("{{ each.beløp | money }}{% endfor %}")),
        ],
    ],
)
def test_a_row_of_a_table_is_repeated_over_the_letters_rows(row: list[str]) -> None:
    data = document(
        table([cell(run("Hva")), cell(run("Kr"))], row, [cell(run("Sum")), cell(run("350,50"))])
    )
    shown = ["Hva", "Kr", "Leie", "100,00", "Strøm", "250,50", "Sum", "350,50"]
    assert said(data, *ROWS) == shown
    assert letter_of(data, *ROWS).count(b"<w:tr>") == 4
    assert letter_of(data, ROWS[0]).count(b"<w:tr>") == 3


def test_statements_alone_in_rows_are_about_the_rows_between() -> None:
    data = document(
        table(
            [cell(torn("{%tr for r in rows %}")), cell()],
            [cell(run("{{ r.tekst }}")), cell(run("{{ r.beløp }}"))],
            [cell(torn("{%tr endfor %}")), cell()],
        )
    )
    assert said(data, *ROWS) == ["Leie", "100", "Strøm", "250,5"]
    assert letter_of(data, *ROWS).count(b"<w:tr>") == 2


def test_a_table_within_a_row_is_repeated_and_the_row_is_not() -> None:
    inner = table([cell(merge_field("rows.Tekst"))])
    data = document(table([cell(run("Før")) + inner + cell(run("etter"))]))
    assert said(data, *ROWS) == ["Før", "Leie", "Strøm", "etter"]
    assert letter_of(data, *ROWS).count(b"<w:tr>") == 3


CONDITION = [
    paragraph(run("Før")),
    paragraph(torn("{% if beløp | amount > 200 %}")),
    paragraph(run("Mye")),
    table([cell(run("i tabell"))]),
    paragraph(torn("{% else %}")),
    paragraph(run("Lite")),
    paragraph(torn("{% endif %}")),
    paragraph(run("Etter")),
]


@pytest.mark.parametrize(
    ("amount", "shown"),
    [("100", ["Før", "Lite", "Etter"]), ("300", ["Før", "Mye", "i tabell", "Etter"])],
)
def test_if_alone_in_a_paragraph_is_about_whole_paragraphs(amount: str, shown: list[str]) -> None:
    letter = letter_of(document(*CONDITION), {"Beløp": amount})
    assert paragraphs(letter) == shown  # and none is left empty


def test_statements_in_cells_and_text_boxes_leave_a_paragraph_there() -> None:
    inside = [paragraph(run(word)) for word in ("{% if x %}", "Ja", "{% endif %}")]
    data = document(table(["".join(inside)]), paragraph(text_box(*inside)))
    full, empty = letter_of(data, {"X": "1"}), letter_of(data, {"X": ""})
    assert paragraphs(full) == ["Ja", "", "", "Ja", "", "Ja", ""]
    assert paragraphs(empty) == ["", "", "", ""]


@pytest.mark.parametrize(
    "content",
    [
        [paragraph(run("{% if x %}")), paragraph(run("tekst {% endif %}"))],
        [table([cell(run("{% if x %}a")), cell(run("b{% endif %} c"))])],
        [paragraph(run("{% for r in rows %}")), table([cell(run("{% endfor %} x"))])],
    ],
)
def test_half_of_a_paragraph_cannot_be_left_out(content: list[str]) -> None:
    with pytest.raises(TemplateError, match=r"\{% (if|for)"):
        WordTemplate.read(document(*content))


def test_a_statement_may_run_over_the_end_of_a_paragraph() -> None:
    data = document(paragraph(run("Hei {% if x %}du")), paragraph(run("der{% endif %}!")))
    assert said(data, {"X": "1"}) == ["Hei du", "der!"]
    assert said(data, {"X": ""}) == ["Hei !"]


def test_a_picture_does_not_go_with_the_statement_beside_it() -> None:
    picture = "<w:r><w:drawing><a:graphic/></w:drawing></w:r>"
    data = document(paragraph(picture, run("{% if x %}")), paragraph(run("{% endif %}")))
    with pytest.raises(TemplateError):
        WordTemplate.read(data)


def test_a_section_s_page_stays_when_its_paragraph_has_only_a_statement() -> None:
    section = '<w:sectPr><w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/></w:sectPr>'
    data = document(
        paragraph(run("{% if x %}")),
        paragraph(run("a")),
        paragraph(run("{% endif %}"), look=section),
        paragraph(run("b")),
    )
    assert letter_of(data, {"X": ""}).count(b"landscape") == 1


def test_what_is_set_once_is_seen_below() -> None:
    data = document(
        paragraph(run("{% set sum = rows | total(“beløp”) %}")),
        paragraph(run("Sum {{ sum | money }}")),
    )
    assert said(data, *ROWS) == ["Sum 350,50"]


def test_nothing_stays_from_letter_to_letter() -> None:
    data = document(
        paragraph(run("{% set seen = namespace(names=[]) %}")),
        paragraph(run("{{ seen.names }}"), merge_field("Navn"), field(" PAGE ", "1")),
    )
    template = WordTemplate.read(data)
    assert said(data, {"Navn": "A"}) == ["[]A1"]
    assert said(data, {"Navn": "B"}) == ["[]B1"]
    assert WordTemplate.read(data) == template

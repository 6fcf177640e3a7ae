"""Expressions of the payload over a row: what comes out, whichever way it was made."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batchsend.errors import SettingsError
from batchsend.expressions import Names, environment
from batchsend.letters.compiling import as_expression
from batchsend.lists import Column, Row
from batchsend.text import BLANKS, column_name

HEADINGS = ("Kundenr.", "Fornavn", "Etternavn", "E-post", "Land", "Beløp", "Navn", "navn")
CELLS = ("1001", " Kari\u00a0", "\ufeffNordmann\u200b", "", "", "1 234,50", "a", "b")


def letter_of(check: Any, **letter: Any) -> dict[str, Any]:
    """The fields of the one letter that comes of CELLS, with these leaves in the mapping."""
    invoicee = {"Name": "x", "Address1": "x", "PostCode": "0150", "City": "x"}
    invoicee |= letter.pop("Invoicee", {})
    checked = check([CELLS], HEADINGS, letter=letter, invoicee=invoicee)
    assert checked.problems.is_empty(), checked.problems.rows()
    (made,) = checked.snapshot.letters()
    return made.fields


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("constant", "constant"),
        ("", ""),
        ("{{ 'also constant' }}", "also constant"),
        ("{{ kundenr }}", "1001"),
        ("{{kundenr}}", "1001"),
        ("{{ fornavn }}", "Kari"),
        ("{{ fornavn }} {{ etternavn }}", "Kari Nordmann"),
        ("{{ e_post }}", ""),
        ("{{ land or 'NO' }}", "NO"),
        ("{{ fornavn or 'NO' }}", "Kari"),
        ("{{ e_post or land or 'x' }}", "x"),
        ("{{ fornavn }} {{ e_post }} {{ etternavn }}", "Kari Nordmann"),
        (" {{ e_post }} {{ land }} ", ""),
        ("{{ fornavn ~ ' ' ~ etternavn }}", "Kari Nordmann"),
        ("{{ fornavn ~ '-' ~ (land or 'NO') }}", "Kari-NO"),
        ("{{ row['E-post'] or row['Kundenr.'] }}", "1001"),
        ("{{ row.fornavn }}", "Kari"),
        ("{{ beløp }}", "1 234,50"),
        ("{{ belop }}", "1 234,50"),
        ("{{ fornavn | upper }}", "KARI"),
        ("{{ fornavn | upper }} {{ land }} {{ etternavn }}", "KARI Nordmann"),
        ("{{ 'EMAIL' if e_post else 'PRINT' }}", "PRINT"),
        ("{{ 'her' if land == '' else land }}", "her"),
        ("{{ 'a' if not fornavn else 'b' }}", "b"),
        ("{{ kundenr if fornavn != 'Kari' else etternavn }}", "Nordmann"),
        ("{{ kundenr | int + 1 }}", "1002"),
        ("{{ 'a' if land else 'b' }}", "b"),
        ("{{ rows | length }}", "1"),
        ("{% if land %}x{% else %}{{ rows[0].kundenr }}{% endif %}", "1001"),
        ("{{ beløp | money }}", "1\u00a0234,50"),
        ("{{ language }}", "NO"),
        ("{# a remark #}{{ kundenr }}", "1001"),
    ],
)
def test_a_leaf_says_what_its_expression_says(check: Any, source: str, text: str) -> None:
    assert letter_of(check, Note=source)["Note"] == text


def test_filters_write_as_the_letters_own_language_does(check: Any) -> None:
    fields = letter_of(
        check, LanguageID="{{ 'EN' if kundenr else 'NO' }}", Note="{{ beløp | money }}"
    )
    assert fields["Note"] == "1,234.50"


@pytest.mark.parametrize(("cell", "language"), [("en", "EN"), ("", "NO")])
def test_a_column_called_language_is_what_the_language_comes_from(
    check: Any, cell: str, language: str
) -> None:
    cells = ("1001", "Kari Nordmann", "Storgata 1", "0150", "Oslo", cell, "1234,5")
    headings = ("Kundenr.", "Navn", "Adresse", "Postnr", "Poststed", "Language", "Beløp")
    mapped = {"LanguageID": "{{ language or 'NO' }}", "Note": "{{ beløp | money }}"}
    (letter,) = check([cells], headings, letter=mapped).snapshot.letters()
    amount = {"EN": "1,234.50", "NO": "1\u00a0234,50"}[language]
    assert (letter.language, letter.fields["Note"]) == (language, amount)


def test_the_whole_documented_body_can_be_mapped(check: Any) -> None:
    fields = letter_of(
        check,
        ChannelSettings={"Email": {"SenderName": "Oss", "Subject": "Til {{ fornavn }}"}},
        ExternalUrl="https://example.com/{{ kundenr }}",
        OtherReferences=[
            {"Type": "fee", "Value": "70.00"},
            {"Type": "customer", "Value": "{{ kundenr }}"},
        ],
    )
    assert fields["ChannelSettings"] == {"Email": {"SenderName": "Oss", "Subject": "Til Kari"}}
    assert fields["ExternalUrl"] == "https://example.com/1001"
    assert fields["OtherReferences"] == [
        {"Type": "fee", "Value": "70.00"},
        {"Type": "customer", "Value": "1001"},
    ]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{{ fornamn }}", "no column “fornamn”; did you mean “fornavn”"),
        ("{{ row['E-pots'] }}", "no column “E-pots”; did you mean “e_post”"),
        ("{{ navn }}", "“navn” can mean “Navn” (column 7) and “navn” (column 8)"),
        ("{{ fornavn", "”: {{ is not closed by }}."),
        ("{{ fornavn | uper }}", "there is no filter “uper”; did you mean “upper”?"),
        ("{% for r in rows %}", "{% for … %} is not ended by {% endfor %}."),
    ],
)
def test_what_the_list_cannot_answer_stops_the_mailing(check: Any, source: str, said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        letter_of(check, Note=source)
    assert "payload.Letter.Note" in caught.value.message
    assert said in caught.value.message


def test_two_headings_of_one_name_are_no_matter_when_neither_is_used(check: Any) -> None:
    assert letter_of(check, Note="{{ kundenr }}")["Note"] == "1001"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{{ fornavn | int / 0 }}", "division by zero"),
        ("{{ fornavn | money }}", "“Kari” is not an amount"),
        ("{{ fornavn.__class__ }}", "unsafe"),
        ("{{ rows[7].fornavn }}", "fails here"),
        ("{{ range(1000000000) | list }}", "Range too big"),
    ],
)
def test_an_expression_that_fails_for_a_row_keeps_that_row_back(
    check: Any, source: str, said: str
) -> None:
    checked = check(
        [("1", "Kari"), ("2", "7")],
        ("Kundenr.", "Fornavn"),
        letter={"Note": source},
        invoicee={"Name": "x", "Address1": "x", "PostCode": "0150", "City": "x"},
    )
    problem = checked.problems.row(0, named=True)
    assert problem["row"] == 2
    assert problem["column"] in {"Fornavn", ""}
    assert said in problem["message"]


@pytest.mark.parametrize("uses", [frozenset({"fornamn"}), frozenset({"kundenr", "Fornavn"})])
def test_a_template_that_names_no_column_stops_the_mailing(
    check: Any, uses: frozenset[str]
) -> None:
    with pytest.raises(SettingsError, match="did you mean “fornavn”"):
        check(
            [("1", "Kari")],
            ("Kundenr.", "Fornavn"),
            uses=uses,
            invoicee={"Name": "{{ fornavn }}", "Address1": "x", "PostCode": "0150", "City": "x"},
        )


cells = st.text(st.sampled_from("ab \u00a0\u200b\ufeff\u3000\n\tØ"), max_size=6)
expressions = st.recursive(
    st.sampled_from(["first", "last", "row['First']", "row.last", "'x'", "' '", "''"]),
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(["or", "~"]), inner),
        st.builds("({} if {} else {})".format, inner, inner, inner),
        st.builds("({} if {} == {} else {})".format, inner, inner, inner, inner),
        st.builds("({} if not {} else {})".format, inner, inner, inner),
    ),
    max_leaves=5,
)
sources = st.lists(
    st.one_of(expressions.map("{{{{ {} }}}}".format), st.sampled_from([" ", "-", "  ", "text"])),
    min_size=1,
    max_size=4,
).map("".join)


@settings(deadline=None)
@given(sources, cells, cells)
def test_columns_and_rows_come_to_the_same_text(source: str, first: str, last: str) -> None:
    columns = tuple(
        Column(place, heading, column_name(heading))
        for place, heading in enumerate(("First", "Last"))
    )
    names, jinja = Names(columns), environment(autoescape=False)
    expression = as_expression(jinja.parse(source), names)
    assert expression is not None
    made = pl.DataFrame({"c0": [first], "c1": [last]}).select(text=expression).item()
    rendered = jinja.from_string(source).render(names.variables([Row(2, (first, last))]))

    def squeezed(text: str) -> str:
        """Blanks at the ends gone, and runs inside made one."""
        return " ".join(part for part in _split(text) if part)

    assert squeezed(made) == squeezed(rendered)
    assert made == made.strip(BLANKS)


def _split(text: str) -> list[str]:
    return "".join(" " if sign in BLANKS else sign for sign in text).split(" ")

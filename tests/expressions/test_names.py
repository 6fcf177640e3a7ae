"""How columns are called."""

from typing import Any

import pytest
from jinja2 import UndefinedError

from batchsend.errors import SettingsError
from batchsend.expressions import Names, environment
from batchsend.lists import Column, Row
from batchsend.text import BLANKS, column_name


def names_of(*headings: str) -> Names:
    return Names(
        [Column(place, heading, column_name(heading)) for place, heading in enumerate(headings)]
    )


def evaluated(source: str, headings: list[str], *rows: list[str]) -> str:
    variables: dict[str, Any] = names_of(*headings).variables(
        [Row(number, tuple(cells)) for number, cells in enumerate(rows, start=2)]
    )
    return environment(autoescape=False).from_string(source).render(variables)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ kundenr }}", "007"),
        ("{{ e_post }}", "kari@example.com"),
        ("{{ beløp }}", "12,50"),
        ("{{ belop }}", "12,50"),
        ("{{ row['E-post'] }}", "kari@example.com"),
        ("{{ row['Kundenr.'] }}", "007"),
        ("{{ row.beløp }}", "12,50"),
        ("{{ row.belop }}", "12,50"),
        ("{{ row.items }}", "3 stk"),
        ("{{ row['2. linje'] }}", "c/o"),
        ("{{ row | items | map('first') | join(',') }}", "Kundenr.,E-post,Beløp,Items,2. linje"),
        ("{{ row | length }}", "5"),
        ("{{ row.telefon | default('ingen') }}", "ingen"),
        ("{{ 'ja' if row.telefon is defined else 'nei' }}", "nei"),
    ],
)
def test_a_column_is_reached_by(source: str, expected: str) -> None:
    headings = ["Kundenr.", "E-post", "Beløp", "Items", "2. linje"]
    cells = ["007", "kari@example.com", "12,50", "3 stk", "c/o"]
    assert evaluated(source, headings, cells) == expected


def test_bare_names_are_of_the_first_row_and_rows_has_them_all() -> None:
    said = evaluated(
        "{{ faktura }}: {% for r in rows %}{{ r.faktura }}/{{ r['Faktura'] }} {% endfor %}",
        ["Faktura"],
        ["1"],
        ["2"],
    )
    assert said == "1: 1/1 2/2 "


@pytest.mark.parametrize("blank", [" ", "\u00a0", "\u200b", "\ufeff", "\u202c", "\t", "\u3000"])
def test_cells_are_trimmed_of_what_nobody_sees(blank: str) -> None:
    assert blank in BLANKS
    assert evaluated("[{{ navn }}]", ["Navn"], [f"{blank}Å  B{blank}{blank}"]) == "[Å  B]"


def test_decomposed_letters_in_a_template_are_the_same_name() -> None:
    assert evaluated("{{ a\u030ar }}", ["År"], ["2026"]) == "2026"


def test_a_name_of_two_columns_stands_for_neither() -> None:
    names = names_of("Tlf", "Tlf.", "Navn")
    with pytest.raises(SettingsError) as caught:
        names.check({"tlf"}, place="payload.Letter.Invoicee.Mobile")
    assert "payload.Letter.Invoicee.Mobile" in caught.value.message
    assert "“Tlf” (column 1) and “Tlf.” (column 2)" in caught.value.message
    names.check({"navn"}, place="anything")
    headings, cells = ["Tlf", "Tlf.", "Navn"], ["1", "2", "N"]
    assert evaluated("{{ row['Tlf'] }}{{ row['Tlf.'] }}", headings, cells) == "12"
    with pytest.raises(UndefinedError, match="can mean"):
        evaluated("{{ row.tlf }}", headings, cells)


def test_a_heading_typed_twice_is_an_error_when_used() -> None:
    with pytest.raises(UndefinedError, match="can mean"):
        evaluated("{{ row['Navn'] }}", ["Navn", "Navn"], ["a", "b"])


def test_an_exact_name_wins_over_a_folded_one() -> None:
    assert evaluated("{{ belop }}/{{ beløp }}", ["Beløp", "Belop"], ["ø", "o"]) == "o/ø"


def test_folded_names_of_two_columns_stand_for_neither() -> None:
    with pytest.raises(SettingsError, match="can mean"):
        names_of("Mål", "Mäl").check({"mal"}, place="here")


def test_an_unknown_name_gets_the_nearest_headings() -> None:
    with pytest.raises(SettingsError) as caught:
        names_of("Fornavn", "Etternavn", "Postnr").check({"forname", "postnr"}, place="here")
    assert "“forname”" in caught.value.message
    assert "did you mean “fornavn”" in caught.value.message
    assert "fornavn, etternavn, postnr" in str(caught.value)
    assert "postnr" not in caught.value.message


def test_names_from_elsewhere_are_known() -> None:
    names_of("Navn").check({"navn", "letter", "row"}, place="here", known={"letter"})


def test_functions_win_over_columns() -> None:
    names = names_of("Range", "Navn")
    assert "range" not in names.variables([Row(2, ("1", "2"))])
    assert evaluated("{{ row['Range'] }}{{ row.range }}", ["Range"], ["1"]) == "11"


def test_a_name_nobody_has_is_an_error_with_a_proposal() -> None:
    with pytest.raises(UndefinedError, match="no column “epost”; did you mean “e_post”"):
        evaluated("{{ row['epost'] }}", ["E-post"], ["x"])
    with pytest.raises(UndefinedError, match="nothing is called “epost”"):
        evaluated("{{ epost }}", ["E-post"], ["x"])


def test_columns_without_a_heading_do_no_harm() -> None:
    assert evaluated("{{ navn }}{{ row | length }}", ["", "Navn", ""], ["1", "2", "3"]) == "21"

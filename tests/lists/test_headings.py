from __future__ import annotations

import pytest

from batchsend.lists import recipient_fields
from batchsend.lists.header import columns_from
from batchsend.text import column_name, folded, nearest


@pytest.mark.parametrize(
    ("heading", "name", "plain"),
    [
        ("Kundenr.", "kundenr", "kundenr"),
        ("E-post", "e_post", "e_post"),
        ("Beløp", "beløp", "belop"),
        ("  Postnr / sted ", "postnr_sted", "postnr_sted"),
        ("Beløp (kr)", "beløp_kr", "belop_kr"),
        ("\ufeffNavn\u200b", "navn", "navn"),
        ("A\u030aR", "år", "ar"),  # å as a and a ring, as macOS writes it
        ("FÖRNAMN", "förnamn", "fornamn"),
        ("Straße", "straße", "strasse"),
        ("ærlig", "ærlig", "aerlig"),
        ("Navn\nmottaker", "navn_mottaker", "navn_mottaker"),
        ("***", "", ""),
        ("", "", ""),
    ],
)
def test_names(heading: str, name: str, plain: str) -> None:
    assert column_name(heading) == name
    assert folded(name) == plain


def test_a_column_without_a_heading_is_called_by_its_position() -> None:
    assert [c.name for c in columns_from(["Navn", "", "?"])] == ["navn", "column_2", "column_3"]
    assert [c.key for c in columns_from(["Navn", "", "?"])] == ["c0", "c1", "c2"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("postnummer", "postnr"), ("belop", "beløp"), ("epost", "e_post"), ("fornvan", "fornavn")],
)
def test_nearest_puts_what_was_meant_first(typed: str, meant: str) -> None:
    names = ["postnr", "poststed", "beløp", "e_post", "fornavn", "etternavn"]
    assert nearest(typed, names)[0] == meant


def test_nearest_does_not_propose_what_is_not_like_it() -> None:
    assert nearest("xyz", ["postnr", "poststed", "fornavn"]) == []


def test_known_headings_are_matched_without_regard_to_case_blanks_and_punctuation() -> None:
    headings = [
        "kundeNr",
        "NAVN",
        "Adresse-linje 1",
        "post nr.",
        "Poststed\u200b",
        "E post",
        "X",
    ]
    guess = recipient_fields(columns_from(headings))
    assert {field: column.heading for field, column in guess.exact.items()} == {
        "CustomerNo": "kundeNr",
        "Name": "NAVN",
        "Address1": "Adresse-linje 1",
        "PostCode": "post nr.",
        "City": "Poststed\u200b",
        "Email": "E post",
    }
    assert [column.heading for column in guess.rest] == ["X"]


def test_headings_nearly_known_are_only_proposed() -> None:
    guess = recipient_fields(columns_from(["Fornavnet", "Etternavn", "Posnummer", "Merknad"]))
    assert list(guess.exact) == ["LastName"]
    assert {field: column.heading for field, column in guess.proposals.items()} == {
        "FirstName": "Fornavnet",
        "PostCode": "Posnummer",
    }
    assert [column.heading for column in guess.rest] == ["Merknad"]


@pytest.mark.parametrize("heading", ["Postnr/sted", "Postnr. og sted", "postnummer og poststed"])
def test_postcode_and_town_in_one_column(heading: str) -> None:
    assert list(recipient_fields(columns_from([heading])).exact) == ["PostCodeCity"]


@pytest.mark.parametrize(
    "decoy",
    ["Saldo", "Beløp", "Forfall", "Kontonr", "Avdeling", "Rabatt", "Status", "Kategori", "Antall"],
)
def test_other_headings_are_left_alone(decoy: str) -> None:
    guess = recipient_fields(columns_from([decoy]))
    assert not guess.exact
    assert not guess.proposals


def test_the_plainest_of_two_headings_for_a_field_is_taken() -> None:
    guess = recipient_fields(columns_from(["Kunde", "Navn"]))
    assert guess.exact["Name"].heading == "Navn"
    assert [column.heading for column in guess.rest] == ["Kunde"]

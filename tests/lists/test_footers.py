"""Rows at the end of a list: recipients, or none."""

from __future__ import annotations

import pytest
from lists.conftest import Reader

WIDE = "Navn;Adresse;Adresse 2;Postnr;Poststed;Land;E-post;Telefon;Kontaktperson;Merknad"
LIST = "Kundenr;Navn;Adresse;Postnr;Poststed;Fakturanr;E-post;Beløp"
GOOD = "1001;Kari Hansen;Storgata 1;0150;Oslo;F-1;kari@example.com;1000,00"


@pytest.mark.parametrize(
    "name",
    ["Total Renhold AS", "Page Jimmy", "Sum Kunstforening", "Side 3 Bokhandel", "Slutt AS",
     "End Game AS", "Rows & Sons", "Totalt Bygg 12", "Summa AS", "Antall AS", "Generert AS"],
)  # fmt: skip
@pytest.mark.parametrize("rest", ["Ringveien 3;;0580;Oslo", ";;0580;Oslo", "Ringveien 3;;;"])
def test_a_customer_called_like_a_footer_is_a_customer(read: Reader, name: str, rest: str) -> None:
    text = f"{WIDE}\nKari Hansen;Storgata 1;;0150;Oslo;;;;;\n{name};{rest};;;;;\n"
    found = read(text.encode())
    assert found.rows.collect()["row"].to_list() == [2, 3]
    assert found.left_out.is_empty()


@pytest.mark.parametrize("last", ["1002;;;;;;kari@example.com;", ";;;;;;kari@example.com;"])
def test_a_row_with_an_email_address_is_a_recipient(read: Reader, last: str) -> None:
    assert read(f"{LIST}\n{GOOD}\n{last}\n".encode()).rows.collect().height == 2


@pytest.mark.parametrize(
    "last",
    [
        "Gjennomsnitt;;;;;;;3400,00",
        "Snitt pr. kunde;;;;;;;3400,00",
        "Saldo:;;;;;;;3400,00",
        "Keskiarvo;;;;;;;3400,00",
        ";;;;Snitt;;;3400,00",
        "MVA 25 %;;;;;;;850,00",
        "Tulostettu 12.11.2026;;;;;;;",
        "Totalt;;;;;;;3400,00",
        ";;;;;;;3400,00",
        "Antall: 18;;;;;;;",
        "Questions? Call us;;;;;;;",
        "Spørsmål? Ring 22 55 66 99.;;;;;;;",
        "Se også https://example.com;;;;;;;",
        "Denne listen er laget av regnskapet vårt;;;;;;;",
        "* gjelder fra januar;;;;;;;",
        "Yhteensä;;;;;;;3400,00",
        "Gesamtsumme;;;;;;;3400,00",
        "Grand Total;;;;;;;3400,00",
        "Delsum;;;;;;;3400,00",
        ";;;;Sum;;;3400,00",
        ";;;;I alt:;;;3400,00",
        "EOF;;;;;;;",
    ],
)
def test_a_footer_is_left_out_with_its_row_and_why(read: Reader, last: str) -> None:
    found = read(f"{LIST}\n{GOOD}\n{last}\n".encode())
    assert found.rows.collect()["row"].to_list() == [2]
    (line,) = found.left_out.rows(named=True)
    assert line["row"] == 3
    assert "footer_rows" in line["reason"]
    assert [line[f"c{at}"] for at in range(8)] == last.split(";")
    assert any("footer_rows = 0" in note for note in found.notes)


@pytest.mark.parametrize(
    "last", ["Kari Nordmann;;;;;;;", "Saldo AS;;;;;;;", "Ola;;;;;;;", ";Åse;;;;;;"]
)
def test_a_last_row_of_one_cell_is_held_and_told_of_the_setting(read: Reader, last: str) -> None:
    text = f"{LIST}\n{GOOD}\n{last}\n"
    found = read(text.encode())
    (problem,) = found.problems.rows(named=True)
    assert (problem["row"], problem["severity"]) == (3, "error")
    assert "footer_rows = 1" in problem["message"]
    assert read(text.encode(), footer_rows=1).left_out["row"].to_list() == [3]


@pytest.mark.parametrize(
    ("heading", "last"),
    [
        ("Navn;E-post", "Sum;"),
        ("Navn;E-post", "Totalt;2"),
        ("Navn;Mobil", "Antall:;2"),
        ("Navn;Leilighet", "I alt;2"),
        ("Navn\tBeløp", "Summa\t1 300,50"),
        ("Namn,Belopp", "Totalt,1300"),
    ],
)
def test_a_sum_below_two_columns_is_left_out(read: Reader, heading: str, last: str) -> None:
    separator = next(char for char in ";\t," if char in heading)
    good = "\n".join(separator.join(cells) for cells in (("Kari", "a1"), ("Ola", "b2")))
    found = read(f"{heading}\n{good}\n{last}\n".encode())
    assert found.left_out["row"].to_list() == [4]
    assert found.rows.collect()["row"].to_list() == [2, 3]


@pytest.mark.parametrize(
    ("heading", "last"),
    [
        ("Navn;E-post", "Total Betong;post@example.com"),
        ("Navn;E-post", "Sum;sum@example.com"),
        ("Navn;Mobil", "Total;90000001"),
        ("Navn;Adresse", "Sum;Storgata 1"),
        ("Navn;Kontakt", "Side;side@example.com"),
        ("Navn;E-post", "Ola;"),
        ("Navn;Adresse;Sted", "Ola;;"),
    ],
)
def test_a_customer_at_the_end_of_a_narrow_list_stays(
    read: Reader, heading: str, last: str
) -> None:
    good = ";".join(["x y"] * (heading.count(";") + 1))
    found = read(f"{heading}\n{good}\n{last}\n".encode())
    assert found.rows.collect()["row"].to_list() == [2, 3]
    assert found.left_out.is_empty()
    assert found.problems.is_empty()


@pytest.mark.parametrize("heading", ["Navn;Adresse", "Navn;Adresse;Sted"])
@pytest.mark.parametrize("last", ["Spørsmål? Ring 22 00 00 00", "Kontakt oss", "Ola"])
def test_words_below_a_blank_row_of_a_narrow_list_are_held(
    read: Reader, heading: str, last: str
) -> None:
    more = ";" * heading.count(";")
    found = read(f"{heading}\nKari;Gata 1{more[1:]}\nOla{more}\n\n{last}{more}\n".encode())
    (problem,) = found.problems.rows(named=True)
    assert (problem["row"], problem["severity"]) == (5, "error")
    assert "footer_rows = 1" in problem["message"]


@pytest.mark.parametrize("last", ["Max;1052", "Netto;1052", "Saldo:;3400,00"])
def test_in_a_list_of_two_columns_a_name_and_a_number_are_a_recipient(
    read: Reader, last: str
) -> None:
    found = read(f"Navn;Kundenr\nKari;1050\nOla;1051\n{last}\n".encode())
    assert found.rows.collect()["row"].to_list() == [2, 3, 4]

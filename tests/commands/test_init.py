"""init: a mailing folder from a list, which works once the sender is filled in."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from mailings import row

from batchsend import Mailing
from batchsend.commands import main

HEADINGS = "Kundenr.;Fornavn;Etternavn;Adresse;Postnr;Poststed;E-post;Beløp"


@pytest.fixture
def customers(tmp_path: Path) -> Path:
    path = tmp_path / "customers.csv"
    path.write_bytes("\r\n".join((HEADINGS, row(1), row(2), "")).encode("cp1252"))
    return path


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def test_the_new_mailing_can_be_rehearsed(customers: Path, tmp_path: Path) -> None:
    folder = tmp_path / "october"
    result = _run("init", str(customers), str(folder))
    assert result.exit_code == 0, result.output
    assert (folder / ".env.example").exists()

    mailing = folder / "mailing.toml"
    assert _run("check", str(mailing)).exit_code == 2, "the sender is still to be filled in"
    text = mailing.read_text(encoding="utf-8")
    mailing.write_text(text.replace('Name = ""', 'Name = "Utleier AS"'), encoding="utf-8")
    assert _run("check", str(mailing)).exit_code == 0
    sent = _run("send", str(mailing), "--sandbox")
    assert sent.exit_code == 0, sent.output


def test_columns_are_mapped_by_their_headings(customers: Path, tmp_path: Path) -> None:
    _run("init", str(customers), str(tmp_path / "m"))
    recipient = Mailing.load(tmp_path / "m").payload.Letter.Invoicee
    assert recipient.Name == "{{ fornavn }} {{ etternavn }}"
    assert recipient.PostCode == "{{ postnr }}"
    assert recipient.Email == "{{ e_post }}"
    assert Mailing.load(tmp_path / "m").payload.Letter.Identifier.endswith("-{{ kundenr }}")


def test_post_code_and_town_in_one_column(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Id;Navn;Adresse;Postnr/sted\nA1;Kari Moe;Storgata 1;0150 Mo i Rana\n")
    _run("init", str(path), str(tmp_path / "m"))
    mailing = tmp_path / "m" / "mailing.toml"
    text = mailing.read_text(encoding="utf-8")
    mailing.write_text(text.replace('Name = ""', 'Name = "Utleier AS"'), encoding="utf-8")
    assert _run("preview", str(mailing), "--out", str(tmp_path / "out")).exit_code == 0
    request = next((tmp_path / "out").glob("*.json")).read_text()
    assert '"PostCode": "0150"' in request
    assert '"City": "Mo i Rana"' in request


NORDIC = [
    pytest.param(
        "sep=;\r\nKundenr.;Fornavn;Etternavn;Gate/vei;Postnr.;Poststed\r\n"
        "1;Åse;Moe;Lia 1;0150;Oslo\r\nAntall: 1;;;;;\r\n",
        "cp1252",
        ("{{ kundenr }}", "{{ fornavn }} {{ etternavn }}", "{{ gate_vei }}", "{{ postnr }}", "NO"),
        id="Norwegian",
    ),
    pytest.param(
        "Kundnummer\tNamn\tGatuadress\tPostnr och ort\tLand\n"
        "1\tÅsa Ek\tVägen 1\t114 55 Stockholm\tSverige\n",
        "utf-16",
        (
            "{{ kundnummer }}",
            "{{ namn }}",
            "{{ gatuadress }}",
            "{{ postnr_och_ort | postcode }}",
            "{{ land or 'NO' }}",
        ),
        id="Swedish",
    ),
    pytest.param(
        "Kunde-nr.,Fulde navn,Vejnavn og nr,Postnr/by,Land\n"
        "1,Søren Ærø,Vestergade 1,8000 Aarhus C,Danmark\n",
        "utf-8",
        (
            "{{ kunde_nr }}",
            "{{ fulde_navn }}",
            "{{ vejnavn_og_nr }}",
            "{{ postnr_by | postcode }}",
            "{{ land or 'NO' }}",
        ),
        id="Danish",
    ),
    pytest.param(
        "Asiakasnumero;Etunimi;Sukunimi;Katuosoite;Postinumero;Postitoimipaikka;Maa\n"
        "1;Väinö;Mäki;Katu 1;00100;Helsinki;FI\n",
        "cp850",
        (
            "{{ asiakasnumero }}",
            "{{ etunimi }} {{ sukunimi }}",
            "{{ katuosoite }}",
            "{{ postinumero }}",
            "{{ maa or 'NO' }}",
        ),
        id="Finnish",
    ),
    pytest.param(
        "CustomerID,FirstName,LastName,AddressLine1,ZipCode,City\nC1,Jane,Doe,Street 1,0150,Oslo\n",
        "utf-8-sig",
        (
            "{{ customerid }}",
            "{{ firstname }} {{ lastname }}",
            "{{ addressline1 }}",
            "{{ zipcode }}",
            "NO",
        ),
        id="English",
    ),
]


@pytest.mark.parametrize(("text", "encoding", "mapped"), NORDIC)
def test_a_strangers_list_makes_letters_once_the_sender_is_filled_in(
    tmp_path: Path, text: str, encoding: str, mapped: tuple[str, ...]
) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(text.encode(encoding))
    made = _run("init", str(path), str(tmp_path / "m"))
    assert "no column" not in made.output
    mailing = tmp_path / "m" / "mailing.toml"
    written = mailing.read_text(encoding="utf-8")
    mailing.write_text(written.replace('Name = ""', 'Name = "Utleier AS"'), encoding="utf-8")
    letter = Mailing.load(mailing).payload.Letter
    found = letter.Invoicee
    number, *recipient = mapped
    assert letter.Identifier.endswith(number)
    assert [found.Name, found.Address1, found.PostCode, found.CountryCode] == recipient
    assert "1 letter can be sent, 0 rows" in _run("check", str(mailing)).output


def test_a_list_without_headings_is_refused_with_what_to_type(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("1;Kari Moe;Storgata 1;0150;Oslo\n2;Ola Lie;Lia 2;0151;Oslo\n")
    refused = _run("init", str(path), str(tmp_path / "m"))
    assert refused.exit_code == 2
    assert "no headings" in refused.output
    assert "each of its 5 columns" in refused.output
    assert "--heading kundenr" in refused.output
    assert not (tmp_path / "m").exists()


def test_it_says_what_it_left_out_and_what_is_left_to_do(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    lines = ["Beboere;;", "Leil.nr;Eier;Merknad", "H01;Kari Moe;", "H02;Ola Lie;x", "Antall: 2;;"]
    path.write_text("\n".join(lines))
    told = _run("init", str(path), str(tmp_path / "m")).output
    for sentence in (
        "Row 1 above the headings was left out.",
        "Row 5 at the end was not read as a recipient",
        "from Eier",
        "Other columns, for the text of the letter: Merknad",
        "fill in Address1, PostCode and City, which no column looks like",
        "see that Identifier comes from the right column",
    ):
        assert sentence in told
    assert Mailing.load(tmp_path / "m").payload.Letter.Identifier.endswith("{{ leil_nr }}")


def test_no_column_tells_apart_where_one_comes_twice(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Bygg nr;Eier\n1;Kari Moe\n1;Ola Lie\n")
    assert "fill in Identifier" in _run("init", str(path), str(tmp_path / "m")).output


def test_half_a_name_is_to_be_confirmed(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Kundenr;Fornavnet;Etternavn\n1;Kari;Moe\n")
    told = _run("init", str(path), str(tmp_path / "m")).output
    assert "see that Name comes from the right column" in told
    recipient = Mailing.load(tmp_path / "m").payload.Letter.Invoicee
    assert recipient.Name == "{{ fornavnet }} {{ etternavn }}"


@pytest.mark.parametrize("name", ["list", "-"])
def test_what_makes_no_folder_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("list").write_text("Kundenr;Navn\n1;Kari\n")
    refused = _run("init", name)
    assert refused.exit_code == 2
    assert "fault" not in refused.output


def test_it_never_overwrites(customers: Path, tmp_path: Path) -> None:
    _run("init", str(customers), str(tmp_path / "m"))
    (tmp_path / "m" / "mailing.toml").write_text("mine")
    result = _run("init", str(customers), str(tmp_path / "m"))
    assert result.exit_code == 2
    assert (tmp_path / "m" / "mailing.toml").read_text() == "mine"


@pytest.mark.parametrize("heading", ['a"b', "a\\b", "{{ 7*7 }}", "'''", "linje\nto", "%}"])
def test_no_heading_can_break_it(tmp_path: Path, heading: str) -> None:
    path = tmp_path / "list.csv"
    cell = heading.replace('"', '""')
    path.write_text(f'Id;Navn;"{cell}"\nA1;Kari Moe;x\n')
    result = _run("init", str(path), str(tmp_path / "m"))
    assert result.exit_code == 0, result.output
    assert Mailing.load(tmp_path / "m").name == "m"


def test_surnames_first_are_turned_round(tmp_path: Path) -> None:
    rows = (
        "Kundenr;Navn;Adresse;Postnr;Poststed",
        *(
            f"{n};{name};Vei {n};0150;Oslo"
            for n, name in enumerate(
                ("Dahl, Kari", "Åsheim, Ola", "Hætta, Per", "Lie, A.", "Lie AS")
            )
        ),
    )
    (tmp_path / "list.csv").write_text("\n".join(rows), encoding="utf-8")
    _run("init", str(tmp_path / "list.csv"), str(tmp_path / "m"))
    recipient = Mailing.load(tmp_path / "m").payload.Letter.Invoicee
    assert recipient.Name == "{{ navn | surname_last }}"


class TestLeavingOut:
    """What somebody wrote beside people who are to get no letter."""

    ROWS = (
        "Kundenr.;Navn;Adresse;Postnr;Poststed;Merknad;Reservert",
        "1;Kari Flyttet;Storgata 1;0150;Oslo;ringt i mai;",
        "2;Ola Moe;Storgata 2;0150;Oslo;IKKE SEND brev - flyttet;nei",
        "3;Per Lie;Storgata 3;0150;Oslo;Avdød 2025;",
        "4;Liv Ek;Storgata 4;0150;Oslo;;ja",
        "5;Siv Ek;Storgata 5;0150;Oslo;rødøde vegger;",
    )

    @pytest.fixture
    def tenants(self, tmp_path: Path) -> Path:
        path = tmp_path / "tenants.csv"
        path.write_text("\n".join((*self.ROWS, "")), encoding="utf-8")
        return path

    def test_init_sets_skip_and_says_whom_it_leaves_out(
        self, tenants: Path, tmp_path: Path
    ) -> None:
        result = _run("init", str(tenants), str(tmp_path / "m"))
        said = " ".join(result.stderr.split())
        assert "Rows 3-4: Merknad seems to say that no letter is wanted." in said
        assert "Row 5: Reservert seems to say" in said
        mailing = tmp_path / "m" / "mailing.toml"
        text = mailing.read_text(encoding="utf-8")
        mailing.write_text(text.replace('Name = ""', 'Name = "Utleier AS"'), encoding="utf-8")
        checked = _run("check", str(mailing))
        assert "2 rows: 2 letters can be sent" in checked.stdout, checked.output
        assert "3 rows left out" in checked.stdout

    def test_inspect_shows_it(self, tenants: Path) -> None:
        result = _run("inspect", str(tenants))
        assert "Rows 3-4: Merknad" in " ".join(result.stderr.split())
        assert 'skip = "{{ reservert }}"' in result.stderr

    def test_a_list_that_says_nothing_of_it_gets_no_skip(
        self, customers: Path, tmp_path: Path
    ) -> None:
        _run("init", str(customers), str(tmp_path / "m"))
        assert "skip" not in (tmp_path / "m" / "mailing.toml").read_text(encoding="utf-8")


def test_a_period_is_part_of_the_identifier_and_never_todays(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Kundenr;Navn;Adresse;Postnr;Poststed\n7;Kari;Storgata 1;0150;Oslo\n")
    result = _run("init", str(path), str(tmp_path / "rent"), "--period", "2027-01")
    assert result.exit_code == 0, result.output
    made = Mailing.load(tmp_path / "rent")
    assert made.period == "2027-01"
    assert made.payload.Letter.Identifier == "rent-{{ period }}-{{ kundenr }}"
    without = _run("init", str(path), str(tmp_path / "once"))
    assert "let Identifier use {{ period }}" in without.output
    made = Mailing.load(tmp_path / "once")
    assert made.period is None
    assert made.payload.Letter.Identifier == "once-{{ kundenr }}"
    refused = _run("init", str(path), str(tmp_path / "not"), "--period", "a/b")
    assert refused.exit_code == 2
    assert not (tmp_path / "not").exists()


@pytest.mark.parametrize(
    "heading", ["Etternavn, Fornavn", "Efternamn, förnamn", "Surname, First name"]
)
def test_a_heading_that_says_surname_first_is_the_name(tmp_path: Path, heading: str) -> None:
    path = tmp_path / "list.csv"
    lines = (f"Kundenr;{heading};Adresse;Postnr;Poststed", "1;Dahl, Kari;Gate 1;0150;Oslo")
    path.write_text("\n".join((*lines, "2;Moe, Ola;Gate 2;0150;Oslo")), encoding="utf-8")
    assert _run("init", str(path), str(tmp_path / "m")).exit_code == 0
    name = Mailing.load(tmp_path / "m").payload.Letter.Invoicee.Name
    assert name.endswith(" | surname_last }}"), name

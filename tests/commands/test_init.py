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

"""inspect: how a list is read, and the list itself as plain CSV."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from click.testing import CliRunner
from mailings import MailingFolder, row

from batchsend.commands import main


def _inspect(path: Path, *options: str) -> str:
    result = CliRunner().invoke(main, ["inspect", str(path), *options])
    assert result.exit_code == 0, result.output
    return result.stdout_bytes.decode()


def test_it_says_how_the_list_is_read(mailing: MailingFolder) -> None:
    shown = _inspect(mailing.folder / "list.csv")
    assert "cp1252" in shown.lower() or "1252" in shown
    assert "e_post" in shown
    assert "Åse" in shown


def test_national_ids_are_masked_wherever_they_stand(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "Navn;Fødselsnr.;Ref;CPR;Personnummer\n"
        "Kari;01857212345;02810000034;0101851234;640823 3234\n",
        encoding="utf-8",
    )
    shown = _inspect(path)
    assert "01018*****" in shown
    assert "64082* ****" in shown
    assert "018572*****" in shown
    assert "028100*****" in shown
    assert "12345" not in shown
    assert "00034" not in shown


def test_a_terminal_is_told_nothing_but_text(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "Navn;\x1b[31mRef\nKari\x1b]0;pwn\x07;Per\u202eOle\n" + "Ola;Oslo\n" * 99, encoding="utf-8"
    )
    assert not set(_inspect(path)) & {"\x1b", "\x07", "\u202e"}


def test_csv_has_every_row_with_its_number(mailing: MailingFolder) -> None:
    mailing.write(row(1), "", row(2, adresse='"Blokk 3\r\nH0201"'))
    lines = list(csv.reader(io.StringIO(_inspect(mailing.folder / "list.csv", "--csv"))))
    assert lines[0] == ["row", *["Kundenr.", "Fornavn", "Etternavn", "Adresse"], *lines[0][5:]]
    assert [line[0] for line in lines[1:]] == ["2", "4"]
    assert lines[1][2] == "Åse"
    assert lines[1][5] == "0150"
    assert lines[2][4] == "Blokk 3\nH0201", "a break within a cell is one sign, as in Excel"


def test_a_finding_can_be_overruled(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_bytes(b"a|b;c\n1|2;3\n")
    lines = list(csv.reader(io.StringIO(_inspect(path, "--csv", "--separator", "|"))))
    assert lines == [["row", "a", "b;c"], ["2", "1", "2;3"]]


def test_standard_input() -> None:
    result = CliRunner().invoke(main, ["inspect", "-", "--csv"], input="navn;by\nÅse;Bø\n")
    assert result.exit_code == 0, result.output
    assert result.stdout == "row,navn,by\n2,Åse,Bø\n"


def test_headings_can_be_given(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Kari;0150\nOla;0158\n")
    shown = _inspect(path, "--csv", "--heading", "navn", "--heading", "postnr")
    assert shown == "row,navn,postnr\n1,Kari,0150\n2,Ola,0158\n"


def test_an_option_that_does_not_fit_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("a;b\n1;2\n")
    result = CliRunner().invoke(main, ["inspect", str(tmp_path / "list.csv"), "--separator", ";;"])
    assert result.exit_code == 2
    assert "--separator" in result.output

"""The example lists: made again the same, nobody real in them, wrong only where they mean to be."""

from __future__ import annotations

import csv
import runpy
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from organisations import LISTS
from stdnum.no import fodselsnummer

from batchsend.commands import main

EXAMPLES = Path(__file__).parents[2] / "example_data"
MAKE: dict[str, Any] = runpy.run_path(str(EXAMPLES / "make.py"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    MAKE["make"](folder)
    return folder


def cells(path: Path) -> list[list[tuple[object, str]]]:
    book = openpyxl.load_workbook(path)
    return [[(cell.value, cell.number_format) for cell in row] for row in book.active.rows]


def tenants() -> list[dict[str, str]]:
    path = EXAMPLES / "rent-notice" / "tenants.csv"
    with path.open(encoding="cp1252", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


@pytest.mark.parametrize(
    "name",
    [
        *("rent-notice/tenants.csv", "annual-statement/entries.csv", "meter-reading/meters.csv"),
        *(f"{folder}/{file}" for folder, (file, _) in LISTS.items()),
    ],
)
def test_the_lists_are_what_make_makes(made: Path, name: str) -> None:
    assert (EXAMPLES / name).read_bytes() == (made / name).read_bytes()


def test_the_workbook_is_what_make_makes(made: Path) -> None:
    name = "payment-reminder/reminders.xlsx"
    assert cells(EXAMPLES / name) == cells(made / name)


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_word_letter_is_what_make_makes(tmp_path: Path) -> None:
    MAKE["write_meter_letter"](tmp_path / "letter.docx")
    shipped = EXAMPLES.parent / "templates" / "meter-reading" / "letter.docx"
    assert parts(tmp_path / "letter.docx") == parts(shipped)


def test_postcodes_of_the_workbook_are_numbers_that_look_like_postcodes() -> None:
    rows = cells(EXAMPLES / "payment-reminder" / "reminders.xlsx")
    postcodes = [row[3] for row in rows[1:]]
    assert {form for _, form in postcodes} == {"0000"}
    assert any(isinstance(value, int) and value < 1000 for value, _ in postcodes)


def test_national_ids_are_test_numbers() -> None:
    for number, row in enumerate(tenants(), start=2):
        found = row["Fødselsnummer"]
        if found and "Fødselsnummer" not in MAKE["WRONG"].get(number, {}):
            assert int(found[2:4]) > 80
            first = fodselsnummer.calc_check_digit1(found)
            assert found[-2:] == first + fodselsnummer.calc_check_digit2(found)


def test_addresses_for_mail_and_mobile_are_nobodys() -> None:
    for row in tenants():
        assert not row["E-post"] or row["E-post"].endswith(("example.com", "example.no"))
        digits = "".join(sign for sign in row["Mobil"] if sign.isdigit())
        assert not digits or digits.removeprefix("00").removeprefix("47").startswith("40")


def check(name: str, tmp_path: Path) -> tuple[int, list[dict[str, str]]]:
    problems = tmp_path / "problems.csv"
    mailing = str(EXAMPLES / name / "mailing.toml")
    result = CliRunner().invoke(main, ["check", mailing, "--problems", str(problems)])
    with problems.open(encoding="utf-8-sig", newline="") as file:
        return result.exit_code, list(csv.DictReader(file))


@pytest.mark.parametrize("name", ["payment-reminder", "annual-statement", *LISTS])
def test_every_row_is_right(name: str, tmp_path: Path) -> None:
    assert check(name, tmp_path) == (0, [])


def test_the_wrong_rows_of_the_rent_notice_are_found_and_no_other(tmp_path: Path) -> None:
    status, problems = check("rent-notice", tmp_path)
    assert status == 1
    wrong = {row: set(cells) for row, cells in MAKE["WRONG"].items()}
    wrong[103] = wrong[104]  # the row whose customer number stands twice
    assert {int(problem["row"]) for problem in problems} == set(wrong)
    for problem in problems:
        assert set(problem["column"].split(", ")) & wrong[int(problem["row"])]

"""What is corrected on the check's page: cells, certain cures, workbooks; and what is undone."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from desks import Desk, drop, shown, words
from mailings import MailingFolder, row
from openpyxl import load_workbook

AT = "/mailing/rent/mailing.toml"


@pytest.fixture
def rent(desk: Desk) -> MailingFolder:
    place = desk.folder / "rent"
    place.mkdir()
    mailing = MailingFolder(place)
    mailing.write(*(row(number, postnr="150") for number in (1, 2, 3)), row(4, postnr="77"), row(5))
    return mailing


def test_a_cell_that_is_typed_is_corrected_and_the_list_stays(
    desk: Desk, rent: MailingFolder
) -> None:
    client, before = desk.client(), (rent.folder / "list.csv").read_bytes()
    assert "1 ready, 4 to look at" in words(shown(client, f"{AT}/check"))
    form = {"row": "5", "column": "postnr", "value": "0155"}
    answer = desk.post(client, f"{AT}/check/correct", **form)
    html = words(shown(client, answer.headers["location"]))
    assert "2 ready, 3 to look at" in html
    assert "1 cell is changed" in html
    assert (rent.folder / "list.csv").read_bytes() == before
    assert "0155" in rent.run("correct", "--show").output, "the command line knows it, too"
    desk.post(client, f"{AT}/check/undo")
    assert "1 ready, 4 to look at" in words(shown(client, f"{AT}/check"))


def test_of_a_row_that_gets_no_letter_only_what_is_wrong_is_said(
    desk: Desk, rent: MailingFolder
) -> None:
    """“These letters are sent” is true of what stands below it."""
    rent.write(row(1, postnr="99999"), row(2, postnr="0099"))
    html = shown(desk.client(), f"{AT}/check")
    wrong, _title, unusual = html.partition("These letters are sent")
    assert "Not a postcode in Norway" in words(wrong)
    assert "does not exist" in words(unusual)
    assert 'value="0099"' in unusual
    assert "99999" not in unusual


def test_every_certain_cure_is_taken_at_once(desk: Desk, rent: MailingFolder) -> None:
    client = desk.client()
    html = shown(client, f"{AT}/check")
    assert "150 → 0150" in words(html)
    found = re.search(r'name="cause" value="([^"]+)"', html)
    assert found
    cause = unescape(found[1])
    assert "Correct all 3 like this" in words(html)
    desk.post(client, f"{AT}/check/cure", cause=cause, expected="2")
    assert "1 ready" in words(shown(client, f"{AT}/check")), "not what the page has shown"
    answer = desk.post(client, f"{AT}/check/cure", cause=cause, expected="3")
    assert answer.status_code == 303, words(answer.text)
    html = words(shown(client, f"{AT}/check"))
    assert "4 ready, 1 to look at" in html, html
    desk.post(client, f"{AT}/check/undo", row="2")
    assert "3 ready, 2 to look at" in words(shown(client, f"{AT}/check"))


@pytest.mark.slow
def test_the_workbook_is_downloaded_corrected_and_dropped(
    desk: Desk, rent: MailingFolder, tmp_path: Path
) -> None:
    client = desk.client()
    shown(client, f"{AT}/check")
    book = tmp_path / "rent needs-attention.xlsx"
    book.write_bytes(desk.post(client, f"{AT}/check/workbook").content)
    opened = load_workbook(book)
    sheet = opened.worksheets[0]
    [cell] = [each for line in sheet.iter_rows() for each in line if str(each.value) == "77"]
    cell.value = "0155"
    sheet.append(["something"] * 3)
    opened.save(book)
    answer = drop(desk, client, book, f"{AT}/check/taken").json()
    html = words(shown(client, answer["go"]))
    assert "2 ready, 3 to look at" in html
    assert "1 cell is changed" in html
    assert "was not taken" in html or "were not taken" in html
    wrong = drop(desk, client, rent.folder / "list.csv", f"{AT}/check/taken")
    assert wrong.status_code == 422
    assert wrong.json()["said"]


@pytest.mark.slow
def test_a_workbook_that_was_corrected_beside_the_list_is_offered(
    desk: Desk, rent: MailingFolder
) -> None:
    client = desk.client()
    shown(client, f"{AT}/check")
    desk.post(client, f"{AT}/check/workbook")
    path = rent.folder / "needs-attention.xlsx"
    opened = load_workbook(path)
    [cell] = [
        each
        for line in opened.worksheets[0].iter_rows()
        for each in line
        if str(each.value) == "77"
    ]
    cell.value = "0155"
    opened.save(path)
    assert "corrected rows in needs-attention.xlsx" in words(shown(client, f"{AT}/check"))
    desk.post(client, f"{AT}/check/beside")
    html = words(shown(client, f"{AT}/check"))
    assert "2 ready, 3 to look at" in html
    assert "corrected rows in" not in html

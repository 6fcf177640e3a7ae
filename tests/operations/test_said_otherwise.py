"""A letter that went says something else now: the plan names the cell, and nothing is sent."""

from __future__ import annotations

import pytest
from mailings import Api, MailingFolder, row
from operations.test_periods import send


def told(mailing: MailingFolder, api: Api) -> str:
    output = mailing.run("send", "--base-url", api.base_url, "--dry-run").output
    return " ".join(output.split())


def test_a_cell_that_was_edited(mailing: MailingFolder, api: Api) -> None:
    assert send(mailing, api)["by_status"] == {"accepted": 6}
    mailing.write(row(1, beløp="99,00"), *(row(number) for number in range(2, 7)))
    assert "is not sent again: Beløp was “1 234,50” then, and is “99,00” now." in told(mailing, api)


def test_a_list_that_was_read_wrongly_then(mailing: MailingFolder, api: Api) -> None:
    """As version 0.1 read some: the file is the same, and the letter that went was wrong."""
    text = (mailing.folder / "list.csv").read_text(encoding="cp1252").replace("1 234,50", "ý")
    (mailing.folder / "list.csv").write_text(text, encoding="cp1252")
    letter = mailing.folder / "letter.html"
    letter.write_text(letter.read_text().replace("{{ beløp | money }}", "{{ beløp }}"))
    mailing.edit("[list]", '[list]\nencoding = "iso8859-9"')
    sent = send(mailing, api)["by_status"]["accepted"]
    mailing.edit('\nencoding = "iso8859-9"', "")
    said = told(mailing, api)
    assert "The list is the same, but" in said
    assert "was read as “" in said
    assert send(mailing, api)["by_status"]["conflict"] == sent


@pytest.mark.slow
def test_a_letter_that_was_rewritten_has_no_such_cell(mailing: MailingFolder, api: Api) -> None:
    assert send(mailing, api)["by_status"] == {"accepted": 6}
    letter = mailing.folder / "letter.html"
    letter.write_text(letter.read_text().replace("Du skylder", "De skylder"))
    said = told(mailing, api)
    assert "with other content, and is not sent again. Only if this" in said
    assert "then, and" not in said

"""What 0.1 sent is the same letter today, though numbers are now read as the sheet shows them."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from mailings import Api, MailingFolder

LEDGER = Path(__file__).with_name("sent-by-0.1.sql")
"""The ledger after 0.1 had sent this mailing's three letters."""
MAILING = """\
name = "test"
[list]
path = "list.xlsx"
[template]
path = "letter.html"
[payload.Letter]
Channel = "PRINT"
Identifier = "test-{{ kundenr }}"
[payload.Letter.Invoicee]
Name = "{{ navn }}"
Address1 = "{{ adresse }}"
Address2 = "{{ andel }} {{ sone }}"
Address3 = "{{ tid | replace(':', '.') }}"
PostCode = "{{ postnr }}"
City = "{{ poststed }}"
CustomerNo = "{{ kundenr }}"
Reference = "{{ avtale }}"
[payload.Letter.Invoicer]
Name = "Utleier AS"
"""
TEMPLATE = (
    '<!doctype html><html lang="no"><head><style>@page { size: A4; margin: 20mm } '
    ".to { position: absolute; left: 5mm; top: 30mm }</style></head><body>"
    '<p class="to">{{ letter.Invoicee.Name }}<br>{{ letter.Invoicee.PostCode }} {{ poststed }}</p>'
    '<p style="margin-top: 80mm">Du skylder {{ beløp | money }}, {{ dato | date }} {{ tid }} '
    "{{ sone }}.</p></body></html>"
)
CODES = {
    "A": "0", "D": "0000", "F": "0%", "G": "0.00", "H": "dd.mm.yyyy", "I": "hh:mm", "J": '"K-"0',
    "K": "[<=9999]0000;General",
}  # fmt: skip


def fill(path: Path, share: float = 0.2561) -> None:
    """The list that 0.1 had."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    headings = "Kundenr Navn Adresse Postnr Poststed Andel Beløp Dato Tid Avtale Sone"
    sheet.append(headings.split())
    for at in (1, 2, 3):
        who = (1000 + at, f"Åse {at}", f"Gate {at}", 150, "Oslo")
        sheet.append([*who, share, 33.3333333 * at, datetime(2026, 11, 15), 46327.7375, 17, 33])
        for column, code in CODES.items():
            sheet[f"{column}{at + 1}"].number_format = code
    book.save(path)


@pytest.fixture
def sent(mailing: MailingFolder, api: Api) -> MailingFolder:
    """The mailing, and the ledger as 0.1 left it."""
    mailing.path.write_text(MAILING, encoding="utf-8")
    (mailing.folder / "letter.html").write_bytes(TEMPLATE.encode())
    fill(mailing.folder / "list.xlsx")
    script = LEDGER.read_text(encoding="utf-8").replace("{destination}", api.base_url)
    with closing(sqlite3.connect(mailing.folder / "ledger.sqlite")) as database:
        database.executescript(script)
    return mailing


def test_nothing_goes_and_nothing_conflicts(sent: MailingFolder, api: Api) -> None:
    result = sent.run("send", "--base-url", api.base_url, "--yes", "--json")
    told = json.loads(result.stdout)
    assert (told["plan"]["to_send"], told["plan"]["accepted_before"]) == (0, 3), told
    assert result.exit_code == 0
    assert api.taken() == []
    assert set(sent.statuses().values()) == {"accepted"}


def test_another_number_is_another_letter(sent: MailingFolder, api: Api) -> None:
    fill(sent.folder / "list.xlsx", share=0.2599)
    result = sent.run("send", "--base-url", api.base_url, "--yes")
    assert result.exit_code == 1
    assert api.taken() == []
    assert set(sent.statuses().values()) == {"conflict"}

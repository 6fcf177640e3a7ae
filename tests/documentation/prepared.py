"""What the reader of a page has already: files, a mailing, an API. Named by `<!-- first: … -->`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import xlsxwriter
from click.testing import CliRunner
from documentation.pages import changed

from batchsend.commands import main

PEOPLE = (
    "Customer no.,First name,Last name,Address,Postcode,Town,Email,Amount",
    "1001,Kari,Hansen,Storgata 1,0150,Oslo,kari.hansen@example.com,1250",
    "1002,Ola,Berg,Kirkegata 22,5003,Bergen,ola.berg@example.com,980",
    "1003,Åse,Lund,Sjøgata 7,8005,Bodø,aase.lund@example.com,2400",
)
SENDER = """
[payload.Letter.Invoicer]
Name = "Utleier AS"
Address1 = "Kongeveien 1"
PostCode = "0580"
City = "Oslo"
[send]
rate = 200
"""


def customers() -> None:
    """A list."""
    _workbook("customers.xlsx", PEOPLE)


def corrected() -> None:
    """A workbook with a row that was wrong, and has been corrected."""
    person = "1004,Bjørn,Moen,Ringveien 15,7010,Trondheim,bjorn.moen@example.com,310"
    _workbook("october/needs-attention.xlsx", (PEOPLE[0], person))


def _workbook(path: str, lines: Iterable[str]) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for row, line in enumerate(lines):
            sheet.write_row(row, 0, line.split(","))


def filled_in() -> None:
    """The folder that `init` has made, with a sender and a letter."""
    mailing, letter = Path("october/mailing.toml"), Path("october/letter/letter.html")
    mailing.write_text(changed(mailing.read_text("utf-8"), SENDER), encoding="utf-8")
    letter.write_text(letter.read_text("utf-8").replace("Overskrift", "Hei"), encoding="utf-8")


def october() -> None:
    """A mailing made from the list, and ready to be sent."""
    customers()
    made = CliRunner().invoke(main, ["init", "customers.xlsx", "october"])
    assert made.exit_code == 0, made.output
    filled_in()


PREPARED: dict[str, Callable[[], None]] = {
    "customers.xlsx": customers,
    "corrected": corrected,
    "filled in": filled_in,
    "october": october,
}

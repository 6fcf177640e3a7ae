"""What the reader of a page has already: files, a mailing, an API. Named by `<!-- first: … -->`."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import docx
import openpyxl
import pypdfium2
import xlsxwriter
from click.testing import CliRunner
from documentation.pages import changed

from batchsend.commands import main
from batchsend.sandbox import Fault

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
    path = "october/needs-attention.xlsx"
    if not Path(path).exists():
        _with_a_mistake()
        CliRunner().invoke(main, ["check", "october/mailing.toml", "--needs-attention", path])
    book = openpyxl.load_workbook(path)
    headings = [cell.value for cell in book.active[1]]
    book.active.cell(2, headings.index("Postcode") + 1).value = "5003"
    book.save(path)


def _workbook(path: str, lines: Iterable[str]) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for row, line in enumerate(lines):
            sheet.write_row(row, 0, line.split(","))


def filled_in() -> None:
    """The folder that `init` has made, with a sender and a letter."""
    _change(SENDER)
    letter = Path("october/letter/letter.html")
    letter.write_text(letter.read_text("utf-8").replace("Overskrift", "Hei"), encoding="utf-8")


def october() -> None:
    """A mailing made from the list, and ready to be sent."""
    customers()
    made = CliRunner().invoke(main, ["init", "customers.xlsx", "october"])
    assert made.exit_code == 0, made.output
    filled_in()


def october_with_a_mistake() -> None:
    """The same; but a postcode lacks a digit."""
    october()
    _with_a_mistake()


def _with_a_mistake() -> None:
    _workbook("customers.xlsx", (person.replace(",5003,", ",500,") for person in PEOPLE))


def october_in_doubt() -> None:
    """The same, sent; but the answers to two of its letters were lost, as IN_DOUBT says."""
    october()
    _change('[payload.Letter]\nIdentifier = "october-{{ customer_no }}"')
    sent = CliRunner().invoke(main, ["send", "october", "--yes"])
    assert sent.exit_code == 1, sent.output


def letters_in_languages() -> None:
    """A copy of the letter, as one that was translated."""
    folder = Path("notices/letter")
    shutil.copy(folder / "letter.html", folder / "letter.se.html")


def invoices() -> None:
    """A mailing, and a PDF of one page for each of its rows."""
    october()
    folder = Path("october/invoices")
    folder.mkdir()
    for person in PEOPLE[1:]:
        with pypdfium2.PdfDocument.new() as document:
            document.new_page(595, 842)
            document.save(folder / f"{person[:4]}.pdf")


def january_went() -> None:
    """The mailing of the rent, sent in January, and February's list."""
    mailing = Path("rent/mailing.toml")
    mailing.write_text(changed(mailing.read_text("utf-8"), SENDER), encoding="utf-8")
    letter = Path("rent/letter/letter.html")
    words = letter.read_text("utf-8").replace("Overskrift", "Hei")
    letter.write_text(words.replace("Skriv brevet her.", "{{ amount | money }}"), encoding="utf-8")
    sent = CliRunner().invoke(main, ["send", "rent", "--yes"])
    assert sent.exit_code == 0, sent.output
    new = "1004,Per,Nilsen,Lia 4,0152,Oslo,per.nilsen@example.com,700"
    people = (PEOPLE[0], PEOPLE[1].replace("1250", "1300"), PEOPLE[3], new)
    _workbook("customers feb.xlsx", people)


def _change(toml: str) -> None:
    path = Path("october/mailing.toml")
    path.write_text(changed(path.read_text("utf-8"), toml), encoding="utf-8")


def letter_in_word() -> None:
    """A list, and a letter that somebody wrote in Word."""
    customers()
    letter = docx.Document()
    letter.add_paragraph("Dear «First_name»,")
    letter.add_paragraph("You owe {{ amount | money }}.")
    letter.sections[0].footer.paragraphs[0].text = "Reg. no. 312 345 676"
    letter.save("letter.docx")


IN_DOUBT = {"october-1002": (Fault.DROP_AFTER,), "october-1003": (Fault.ERROR,)}
"""How the API of these tests treats letters."""
PREPARED: dict[str, Callable[[], None]] = {
    "customers.xlsx": customers,
    "corrected": corrected,
    "filled in": filled_in,
    "october": october,
    "october with a mistake": october_with_a_mistake,
    "a letter for each language": letters_in_languages,
    "invoices as PDF": invoices,
    "a letter in Word": letter_in_word,
    "october in doubt": october_in_doubt,
    "january went": january_went,
}

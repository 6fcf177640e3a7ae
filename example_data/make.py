"""Makes the lists of the example mailings again, always the same: `python example_data/make.py`.

Everybody in them is invented: common names and real towns put together by chance, national ids of
the Norwegian test series (month + 80), e-mail at example.com and example.no, mobile numbers of one
block of a thousand. Needs xlsxwriter and python-docx, which the package's `test` group installs.
"""

from __future__ import annotations

import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

import xlsxwriter
from organisations import LISTS
from people import csv_of, person
from word_letter import write_meter_letter

TENANTS = 300
WRONG = {
    # What people really get wrong. Row of the list, as the spreadsheet shows it: column and value.
    17: {"Postnr": "150", "Poststed": "Oslo"},  # the zero was lost on the way through Excel
    38: {"E-post": "marit. dahl@example.com"},
    59: {"E-post": "tor.strand-example.no"},
    82: {"Fornavn": "", "Etternavn": ""},
    104: {"Kundenr.": "100101"},  # the number of row 103
    131: {"Fødselsnummer": "15897412345"},  # wrong check digits
    158: {"Mobil": "400 OO 512"},  # the letter O
    187: {"Ny husleie": "12.34O,00"},
    212: {"Land": "Nrge"},
    241: {"Fødselsnummer": "", "Adresse": "", "Adresse 2": ""},
    269: {"Gjelder fra": "31.02.2027"},
}


def tenants() -> list[dict[str, str]]:
    """The rent notice's list, a few of its rows wrong."""
    chance = Random(1)  # noqa: S311 - nothing secret: the same list every time
    rows = []
    for number in range(TENANTS):
        who = person(chance)
        rent = chance.randrange(7500, 21000, 50)
        new = round(rent * 1.031 / 5) * 5
        rows.append(
            {
                "Kundenr.": str(100_000 + number),
                "Fornavn": who.first_name,
                "Etternavn": who.last_name,
                "Fødselsnummer": who.national_id if chance.random() < 0.7 else "",
                "Adresse": who.street,
                "Adresse 2": who.line_2,
                "Postnr": who.postcode,
                "Poststed": who.town,
                "Land": chance.choice(("", "", "", "Norge", "NO")),
                "E-post": who.email if chance.random() < 0.8 else "",
                "Mobil": mobile_as_typed(who.mobile, chance),
                "Leieforhold": f"{who.street}; H0{chance.randint(1, 5)}0{chance.randint(1, 4)}",
                "Husleie": amount_as_typed(rent, chance),
                "Ny husleie": amount_as_typed(new, chance),
                "Gjelder fra": "01.01.2027",
            }
        )
    for row, cells in WRONG.items():
        rows[row - 2].update(cells)
    return rows


def mobile_as_typed(mobile: str, chance: Random) -> str:
    """A mobile number in one of the ways people write it."""
    forms = (mobile, mobile.replace(" ", ""), f"+47 {mobile}", f"0047{mobile.replace(' ', '')}", "")
    return chance.choices(forms, (4, 4, 2, 1, 2))[0]


def amount_as_typed(kroner: int, chance: Random) -> str:
    """An amount as Excel shows it, or as it was typed: its thousands are set apart by U+00A0."""
    shown = f"{kroner:,}".replace(",", "\u00a0")
    return chance.choices((f"{shown},00", str(kroner), f"kr {shown}"), (6, 3, 1))[0]


def reminders() -> list[list[object]]:
    """The payment reminder's list, a row for each invoice, every row right."""
    chance = Random(2)  # noqa: S311 - nothing secret: the same list every time
    rows: list[list[object]] = []
    for number in range(42):
        who = person(chance)
        email = who.email if chance.random() < 0.4 else ""
        for fee in (35, 0, 0)[: chance.choices((1, 2, 3), (6, 2, 1))[0]]:
            invoiced = datetime(2026, 8, 1) + timedelta(days=chance.randrange(60))
            rows.append(
                [
                    200_000 + number,
                    f"{who.first_name} {who.last_name}",
                    who.street,
                    int(who.postcode),
                    who.town,
                    email,
                    880_001 + len(rows),
                    invoiced,
                    invoiced + timedelta(days=21),
                    chance.randrange(45_000, 1_850_000, 25) / 100,
                    fee,
                    datetime(2026, 12, 14),
                ]
            )
    return rows


def entries() -> list[dict[str, str]]:
    """The annual statement's list: a row for each claim and payment of the year."""
    chance = Random(3)  # noqa: S311 - nothing secret: the same list every time
    rows = []
    for number in range(20):
        who = person(chance)
        rent, behind = chance.randrange(7500, 21000, 50), 0
        tenant = {
            "Kundenr": str(300_000 + number),
            "Navn": f"{who.first_name} {who.last_name}",
            "Adresse": who.street,
            "Postnr": who.postcode,
            "Poststed": who.town,
            "Språk": "EN" if number % 5 == 4 else "NO",
            "År": "2026",
            "Leieforhold": f"{who.street}, H0{chance.randint(1, 5)}0{chance.randint(1, 4)}",
        }
        for month in range(1, 13):
            power = chance.randrange(250, 1900)
            for text, claim in (("Husleie", rent), ("Strøm og fjernvarme", power)):
                rows.append({**tenant, **entry(date(2026, month, 1), text, claim=claim)})
            late = chance.random() < 0.1
            paid = 0 if late else rent + power + behind
            behind = rent + power + behind - paid
            if paid:
                day = date(2026, month, chance.randint(10, 20))
                rows.append({**tenant, **entry(day, "Innbetaling", paid=paid)})
    return rows


def entry(day: date, text: str, *, claim: int = 0, paid: int = 0) -> dict[str, str]:
    """One line of a tenant's account."""
    return {
        "Dato": f"{day:%d.%m.%Y}",
        "Tekst": text,
        "Krav": f"{claim},00" if claim else "",
        "Betalt": f"{paid},00" if paid else "",
    }


def write_reminders(path: Path) -> None:
    """The workbook: postcodes and dates are numbers, and only their formats say what they are."""
    columns = {
        "Kundenr.": "0",
        "Navn": "@",
        "Adresse": "@",
        "Postnr": "0000",
        "Poststed": "@",
        "E-post": "@",
        "Fakturanr": "0",
        "Fakturadato": "dd.mm.yyyy",
        "Forfall": "dd.mm.yyyy",
        "Beløp": "#,##0.00",
        "Gebyr": "#,##0.00",
        "Betalingsfrist": "dd.mm.yyyy",
    }
    with xlsxwriter.Workbook(str(path)) as book:
        book.set_properties({"title": "Betalingspåminnelser", "created": datetime(2026, 11, 20)})
        sheet = book.add_worksheet("Purringer")
        sheet.freeze_panes(1, 0)
        bold = book.add_format({"bold": True})
        formats = [book.add_format({"num_format": form}) for form in columns.values()]
        for place, heading in enumerate(columns):
            sheet.write(0, place, heading, bold)
            sheet.set_column(place, place, 24 if formats[place].num_format == "@" else 13)
        for number, row in enumerate(reminders(), start=1):
            for place, (value, form) in enumerate(zip(row, formats, strict=True)):
                sheet.write(number, place, value, form)


def meters() -> list[dict[str, str]]:
    """The meter reading's list: a row for each water meter, some customers with several."""
    chance = Random(4)  # noqa: S311 - nothing secret: the same list every time
    rows = []
    for number in range(24):
        who = person(chance)
        email = who.email if chance.random() < 0.5 else ""
        for place in ("Kjeller", "Garasje", "Hytte")[: chance.choices((1, 2, 3), (6, 3, 1))[0]]:
            rows.append(
                {
                    "Kundenr.": str(400_000 + number),
                    "Navn": f"{who.first_name} {who.last_name}",
                    "Adresse": who.street,
                    "Postnr": who.postcode,
                    "Poststed": who.town,
                    "E-post": email,
                    "Målernr.": str(chance.randrange(10_000_000, 99_999_999)),
                    "Plassering": place,
                    "Forrige stand": str(chance.randrange(120, 4_800)),
                    "Avlest": f"{chance.randint(1, 28):02}.12.2025",
                    "Frist": "15.01.2027",
                }
            )
    return rows


def make(folder: Path) -> None:
    """Write the lists into the mailings' folders below `folder`."""
    for name in ("rent-notice", "payment-reminder", "annual-statement", "meter-reading", *LISTS):
        (folder / name).mkdir(parents=True, exist_ok=True)
    tenants_csv = csv_of(tenants()).encode("cp1252")
    (folder / "rent-notice" / "tenants.csv").write_bytes(tenants_csv)
    write_reminders(folder / "payment-reminder" / "reminders.xlsx")
    entries_csv = csv_of(entries()).encode("utf-8-sig")
    (folder / "annual-statement" / "entries.csv").write_bytes(entries_csv)
    (folder / "meter-reading" / "meters.csv").write_bytes(csv_of(meters()).encode("cp1252"))
    for name, (file, rows) in LISTS.items():
        (folder / name / file).write_bytes(csv_of(rows()).encode("utf-8-sig"))


if __name__ == "__main__":
    here = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    make(here)
    write_meter_letter(here.parent / "templates" / "meter-reading" / "letter.docx")

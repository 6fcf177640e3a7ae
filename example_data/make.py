"""Makes the lists of the example mailings again, always the same: `python example_data/make.py`.

Everybody in them is invented: common names and real towns put together by chance, national ids of
the Norwegian test series (month + 80), e-mail at example.com and example.no, mobile numbers of one
block of a thousand. Needs xlsxwriter and python-docx, which the package's `test` group installs.
"""

# ruff: noqa: SIM905 - word lists are easier to read and to add to as text

from __future__ import annotations

import csv
import io
import sys
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

import docx
import xlsxwriter
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

FIRST_NAMES = (
    "Anne Inger Kari Marit Ingrid Liv Eva Astrid Berit Hilde Ida Nora Emma Maja Sofie Åse Åshild "
    "Solveig Gunnhild Bjørg Jorunn Sølvi Märta Jan Per Bjørn Ole Lars Kjell Knut Arne Svein Thomas "
    "Hans Geir Tor Morten Terje Odd Erik Martin Andreas Jørgen Håkon Pål Sjur Øystein Øyvind Aslak"
).split()
LAST_NAMES = (
    "Hansen Johansen Olsen Larsen Andersen Pedersen Nilsen Kristiansen Jensen Karlsen Johnsen "
    "Pettersen Eriksen Berg Haugen Hagen Johannessen Andreassen Jacobsen Dahl Jørgensen Halvorsen "
    "Henriksen Lund Sørensen Jakobsen Moen Gundersen Iversen Strand Solberg Svendsen Eide Bakken "
    "Kristoffersen Mathisen Bråthen Sæther Ødegård Østby Øverland Ås Mæland Bjørnstad Sørli Nygård"
).split()
STREETS = (
    "Storgata|Kirkegata|Skolegata|Strandgata|Bjørkeveien|Granveien|Furuveien|Solbakken|Ringveien|"
    "Fjellveien|Elveveien|Åsveien|Øvre Torggate|Nedre Slottsgate|Kirkeveien|Sjøgata|Parkveien|"
    "Jernbanegata|Møllergata|Håkon den godes gate|St. Olavs gate|Brønnøygata"
).split("|")
TOWNS = (
    "0150 Oslo|0158 Oslo|0170 Oslo|0252 Oslo|0350 Oslo|0451 Oslo|0550 Oslo|0650 Oslo|0850 Oslo|"
    "1337 Sandvika|1400 Ski|1530 Moss|1606 Fredrikstad|1706 Sarpsborg|1767 Halden|2000 Lillestrøm|"
    "2317 Hamar|2500 Tynset|2609 Lillehammer|2815 Gjøvik|3015 Drammen|3110 Tønsberg|"
    "3210 Sandefjord|3256 Larvik|3550 Gol|3611 Kongsberg|3717 Skien|3800 Bø i Telemark|"
    "3915 Porsgrunn|4006 Stavanger|4306 Sandnes|4612 Kristiansand S|4838 Arendal|5003 Bergen|"
    "5518 Haugesund|6002 Ålesund|6100 Volda|6150 Ørsta|6413 Molde|6509 Kristiansund N|6800 Førde|"
    "7010 Trondheim|7374 Røros|7713 Steinkjer|7800 Namsos|8005 Bodø|8400 Sortland|8514 Narvik|"
    "8622 Mo i Rana|9008 Tromsø|9405 Harstad|9510 Alta|9600 Hammerfest|9900 Kirkenes"
).split("|")
LINES_2 = ("", "", "", "", "", "", "Leilighet 0302", "H0204", "c/o {other}", "Oppgang B")

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


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody invented."""

    first_name: str
    last_name: str
    street: str
    line_2: str
    postcode: str
    town: str
    national_id: str
    email: str
    mobile: str


def person(chance: Random) -> Person:
    """Somebody, by chance."""
    first, last = chance.choice(FIRST_NAMES), chance.choice(LAST_NAMES)
    if chance.random() < 0.12:
        first += chance.choice((" ", "-")) + chance.choice(FIRST_NAMES)
    if chance.random() < 0.08:
        last += "-" + chance.choice(LAST_NAMES)
    letter = chance.choice(("", "", "", " A", " B", "C"))
    street = f"{chance.choice(STREETS)} {chance.randint(1, 120)}{letter}"
    postcode, town = chance.choice(TOWNS).split(" ", 1)
    other = f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)}"
    domain = chance.choice(("example.com", "example.no"))
    return Person(
        first,
        last,
        street,
        chance.choice(LINES_2).format(other=other),
        postcode,
        town,
        national_id(chance),
        f"{plain(first)}.{plain(last)}@{domain}",
        f"400 00 {chance.randrange(1000):03}",
    )


def plain(name: str) -> str:
    """A name as it goes into an e-mail address."""
    folds = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "ä": "a", " ": "."})
    return name.lower().translate(folds)


def national_id(chance: Random) -> str:
    """An adult's Norwegian test number: month raised by 80, check digits right."""
    while True:
        born = date(1940, 1, 1) + timedelta(days=chance.randrange(60 * 365))
        digits = f"{born:%d}{born.month + 80}{born:%y}{chance.randrange(500):03}"
        first = check_digit(digits, (3, 7, 6, 1, 8, 9, 4, 5, 2))
        if first == 10:
            continue
        second = check_digit(f"{digits}{first}", (5, 4, 3, 2, 7, 6, 5, 4, 3, 2))
        if second < 10:
            return f"{digits}{first}{second}"


def check_digit(digits: str, weights: tuple[int, ...]) -> int:
    """Modulus 11; 10 means that there is none."""
    return -sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 11


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


def csv_of(rows: list[dict[str, str]]) -> str:
    """A table as Norwegian Excel saves it: semicolons, and lines that end in CR LF."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


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


PETROL = RGBColor(0x12, 0x47, 0x5A)


def write_meter_letter(path: Path) -> None:
    """The meter reading's letter, as an office writes one in Word: merge fields and no code."""
    letter = docx.Document()
    _set_page(letter)
    section = letter.sections[0]
    head = section.header.paragraphs[0]
    _say(head, "Vannverket AS", bold=True, size=14, color=PETROL)
    foot = section.footer.paragraphs[0]
    _say(foot, "Vannverket AS · Org.nr. 312 345 676 · post@example.no · Side ", size=7.5)
    _field(foot, "PAGE", "1", size=7.5)
    _say(foot, " av ", size=7.5)
    _field(foot, "NUMPAGES", "1", size=7.5)

    _frame(_field(letter.add_paragraph(), "ADDRESSBLOCK", "«Adresseblokk»"), 20, 48, 95, 29)
    facts = letter.add_paragraph()
    for label, name, switches in (("Kundenummer", "Kundenr", ""), ("Frist", "Frist", DAY)):
        _say(facts, f"{label}: ", size=9)
        _field(facts, f"MERGEFIELD {name} {switches}", f"«{name}»", size=9)
        facts.add_run().add_break()
    _frame(facts, 135, 48, 55, 20)

    title = letter.add_heading("Les av vannmåleren", 1)
    title.paragraph_format.space_before = Mm(66)  # below the window
    _text(letter, "Kjære ", "«Navn»", ",")
    due = f"MERGEFIELD Frist {DAY}"
    text = _text(letter, "Det er tid for årets avlesning. Send oss målerstanden innen ")
    _field(text, due, "«Frist»", bold=True)
    _say(text, ". Uten avlesning beregner vi forbruket ut fra det du brukte i fjor.")
    _meter_table(letter)
    _if_email(_text(letter))
    _text(letter, "Du kan lese av på www.example.no eller ringe oss på 22 55 66 99.")
    _text(letter, "Vennlig hilsen")
    _say(_text(letter), "Vannverket AS", bold=True)
    properties = letter.core_properties
    properties.author, properties.title = "Vannverket AS", "Les av vannmåleren"
    properties.created = properties.modified = datetime(2026, 11, 20)
    path.parent.mkdir(parents=True, exist_ok=True)
    letter.save(str(path))


DAY = '\\@ "d. MMMM yyyy"'


def _set_page(letter: Document) -> None:
    """A4 with the letter below the window, everything in Noto Sans."""
    section = letter.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(25)
    section.top_margin, section.bottom_margin = Mm(26), Mm(30)
    section.header_distance, section.footer_distance = Mm(14), Mm(12)
    for fonts in letter.styles.element.iter(qn("w:rFonts")):
        fonts.attrib.clear()
        for side in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{side}"), "Noto Sans")
    normal, heading = letter.styles["Normal"], letter.styles["Heading 1"]
    normal.font.size, normal.paragraph_format.space_after = Pt(10), Pt(8)
    normal.paragraph_format.line_spacing = Pt(15)
    heading.font.size, heading.font.bold, heading.font.color.rgb = Pt(15), True, PETROL
    heading.paragraph_format.space_before = Pt(0)
    heading.paragraph_format.space_after, heading.paragraph_format.line_spacing = Pt(10), Pt(20)


def _text(letter: Document, *words: str) -> Paragraph:
    """A paragraph; words in guillemets are merge fields."""
    paragraph = letter.add_paragraph()
    for said in words:
        if said.startswith("«"):
            _field(paragraph, f"MERGEFIELD {said.strip('«»')}", said)
        else:
            _say(paragraph, said)
    return paragraph


def _say(
    paragraph: Paragraph,
    words: str,
    *,
    bold: bool = False,
    size: float = 10,
    color: RGBColor | None = None,
) -> None:
    run = paragraph.add_run(words)
    run.bold, run.font.size = bold or None, Pt(size)
    if color is not None:
        run.font.color.rgb = color


def _field(
    paragraph: Paragraph, instruction: str, shown: str, *, bold: bool = False, size: float = 10
) -> Paragraph:
    """A complex field, as Word's ribbon puts it in."""
    first = len(paragraph.runs)
    _mark(paragraph, "begin")
    _instruct(paragraph, f" {instruction} ")
    _mark(paragraph, "separate")
    _say(paragraph, shown)
    _mark(paragraph, "end")
    for run in paragraph.runs[first:]:
        run.bold, run.font.size = bold or None, Pt(size)
    return paragraph


def _mark(paragraph: Paragraph, kind: str) -> None:
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    paragraph.add_run()._r.append(mark)


def _instruct(paragraph: Paragraph, text: str) -> None:
    instruction = OxmlElement("w:instrText")
    instruction.set(qn("xml:space"), "preserve")
    instruction.text = text
    paragraph.add_run()._r.append(instruction)


def _if_email(paragraph: Paragraph) -> None:
    """IF, with a field in its condition and one in its text."""
    _mark(paragraph, "begin")
    _instruct(paragraph, " IF ")
    _field(paragraph, "MERGEFIELD Epost", "«Epost»")
    _instruct(paragraph, ' <> "" "Kvitteringen sender vi til ')
    _field(paragraph, "MERGEFIELD Epost", "«Epost»")
    _instruct(paragraph, '." "Kvitteringen sender vi i posten." ')
    _mark(paragraph, "separate")
    _say(paragraph, "Kvitteringen sender vi i posten.")
    _mark(paragraph, "end")


def _frame(paragraph: Paragraph, left: float, top: float, width: float, height: float) -> None:
    """Where a paragraph stands on the page, in millimetres from its corner."""
    frame = OxmlElement("w:framePr")
    for name, value in (("w", width), ("h", height), ("x", left), ("y", top)):
        frame.set(qn(f"w:{name}"), str(round(value / 25.4 * 1440)))
    for name, said in (("hRule", "exact"), ("hAnchor", "page"), ("vAnchor", "page")):
        frame.set(qn(f"w:{name}"), said)
    frame.set(qn("w:wrap"), "around")
    paragraph._p.get_or_add_pPr().insert(0, frame)
    paragraph.paragraph_format.line_spacing = Pt(12.25)
    paragraph.paragraph_format.space_after = Pt(0)


def _meter_table(letter: Document) -> None:
    """A head, and one row that every meter of the customer gets."""
    table = letter.add_table(2, 5)
    table.style = letter.styles["Table Grid"]
    head = ("Målernummer", "Plassering", "Forrige stand", "Avlest", "Ny stand")
    fields = ("Målernr", "Plassering", 'Forrige_stand \\# "# ##0"', 'Avlest \\@ "dd.MM.yyyy"', "")
    for place, (title, field) in enumerate(zip(head, fields, strict=True)):
        top, cell = (table.cell(row, place).paragraphs[0] for row in (0, 1))
        _say(top, title, bold=True, size=8.5)
        if field:
            _field(cell, f"MERGEFIELD rows.{field}", f"«{field.split()[0]}»", size=9.5)
        for paragraph in (top, cell):
            paragraph.paragraph_format.space_after = Pt(2)
            if place in {2, 4}:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    repeated = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    letter.add_paragraph().paragraph_format.space_after = Pt(0)


def make(folder: Path) -> None:
    """Write the lists into the mailings' folders below `folder`."""
    for name in ("rent-notice", "payment-reminder", "annual-statement", "meter-reading"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    tenants_csv = csv_of(tenants()).encode("cp1252")
    (folder / "rent-notice" / "tenants.csv").write_bytes(tenants_csv)
    write_reminders(folder / "payment-reminder" / "reminders.xlsx")
    entries_csv = csv_of(entries()).encode("utf-8-sig")
    (folder / "annual-statement" / "entries.csv").write_bytes(entries_csv)
    (folder / "meter-reading" / "meters.csv").write_bytes(csv_of(meters()).encode("cp1252"))


if __name__ == "__main__":
    here = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    make(here)
    write_meter_letter(here.parent / "templates" / "meter-reading" / "letter.docx")

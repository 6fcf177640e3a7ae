"""The lists of what organisations send: meetings, contracts, invoices, forms, members, news."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Final

from people import Person, person

Rows = list[dict[str, str]]
ABROAD: Final = (
    ("Storgatan 2", "114 55", "Stockholm", "SE"),
    ("Nørregade 14, 2. th.", "1165", "København K", "DK"),
    ("Hauptstraße 5", "10115", "Berlin", "DE"),
)


def shareholders() -> Rows:
    """The general meeting's list: a row for each household."""
    chance = Random(5)  # noqa: S311 - nothing secret: the same list every time
    return [
        {
            **addressed(number, chance, 510_001),
            "Andel": str(number + 1),
            "Bolig": f"H0{chance.randint(1, 5)}0{chance.randint(1, 4)}",
            "Møtedato": "22.04.2027",
            "Frist": "25.03.2027",
        }
        for number in range(12)
    ]


TERMS: Final = (
    ("Pris per måned", "449,00 kr", "479,00 kr", "Monthly price", "NOK 449.00", "NOK 479.00"),
    ("Hastighet", "250 Mbit/s", "500 Mbit/s", "Speed", "250 Mbit/s", "500 Mbit/s"),
    (
        *("Oppsigelse", "1 måned, fra den første i måneden etter", "1 måned, fra samme dag"),
        *("Notice", "1 month, from the first of the next month", "1 month, from the same day"),
    ),
    ("Faktura på papir", "gratis", "29,00 kr", "Invoice on paper", "free", "NOK 29.00"),
    (
        *("Ruter", "leies for 39,00 kr per måned", "hører med, og byttes når den er fem år"),
        *("Router", "rented at NOK 39.00 a month", "included, and replaced when five years old"),
    ),
)


def terms() -> Rows:
    """The contract change's list: a row for each term that changes."""
    chance = Random(6)  # noqa: S311 - nothing secret: the same list every time
    rows = []
    for number in range(10):
        customer = addressed(number, chance, 520_001)
        norwegian = customer["Språk"] == "NO"
        for term in sorted(chance.sample(range(len(TERMS)), chance.randint(2, 5))):
            what, now, then = TERMS[term][:3] if norwegian else TERMS[term][3:]
            rows.append(
                {
                    **customer,
                    "Avtale": f"BB-{7_400 + number}",
                    "Punkt": what,
                    "I dag": now,
                    "Nytt": then,
                    "Gjelder fra": "01.03.2027",
                }
            )
    return rows


GOODS: Final = (
    ("Kopipapir A4, 80 g", "eske", "412.50", "12.4", 25),
    ("Konvolutter C5 med vindu", "eske", "298.00", "6.1", 25),
    ("Kaffe, filtermalt, 250 g", "pk", "54.90", "0.25", 15),
    ("Skrivebordslampe, svart", "stk", "689.00", "2.3", 25),
    ("Heve- og senkepult 160 x 80 cm", "stk", "5490.00", "48.7", 25),
    ("Frakt", "kolli", "129.00", "0", 25),
    ("Fagbok: Arkiv og dokumentasjon", "stk", "529.00", "0.7", 0),
    ("Hengemapper, pakke med 25", "pk", "219.50", "1.9", 25),
)


def invoice_lines() -> Rows:
    """The invoice's list: a row for each line, all their figures worked out by the sender."""
    chance = Random(7)  # noqa: S311 - nothing secret: the same list every time
    rows = []
    for number in range(8):
        customer = addressed(number, chance, 530_001)
        ordered = chance.randrange(41_000, 49_000)
        for line in range(1, chance.choice((2, 4, 7, 24)) + 1):
            what, unit, price, weight, vat = chance.choice(GOODS)
            count, off = chance.randint(1, 40), chance.choice((0, 0, 5, 10))
            gross = Decimal(price) * count
            net = rounded(gross * (100 - off) / 100)
            rows.append(
                {
                    **customer,
                    "Fakturanr": str(990_101 + number),
                    "Forfall": "15.01.2027",
                    "Linje": str(line),
                    "Varenr": f"{chance.randrange(100_000, 999_999)}",
                    "Vare": what,
                    "Ordre": str(ordered),
                    "Levert": f"{chance.randint(1, 27):02}.11.2026",
                    "Merke": chance.choice(("", "Arkiv", "2. etg.", "Prosjekt 12")),
                    "Antall": str(count),
                    "Enhet": unit,
                    "Vekt": written(Decimal(weight) * count, "0.1"),
                    "Pris": written(Decimal(price)),
                    "Rabattsats": str(off),
                    "Rabatt": written(gross - net),
                    "Netto": written(net),
                    "Mvasats": str(vat),
                    "Mva": written(net * vat / 100),
                }
            )
    return rows


def registered() -> Rows:
    """The reply form's list: what is registered about each, some of it missing."""
    chance = Random(8)  # noqa: S311 - nothing secret: the same list every time
    rows = []
    for number in range(12):
        who = person(chance)
        rows.append(
            {
                **addressed(number, chance, 540_001, who),
                "E-post": who.email if chance.random() < 0.7 else "",
                "Mobil": who.mobile if chance.random() < 0.7 else "",
                "I husstanden": str(chance.randint(1, 5)) if chance.random() < 0.8 else "",
                "Svarfrist": "15.02.2027",
            }
        )
    return rows


def members() -> Rows:
    """The membership letter's list."""
    chance = Random(9)  # noqa: S311 - nothing secret: the same list every time
    kinds = ((540, "Voksen", "Adult"), (270, "Student", "Student"), (890, "Familie", "Family"))
    rows = []
    for number in range(12):
        member = addressed(number, chance, 550_001)
        fee, norwegian, english = chance.choice(kinds)
        rows.append(
            {
                **member,
                "Medlem siden": str(chance.randint(1988, 2026)),
                "Medlemskap": norwegian if member["Språk"] == "NO" else english,
                "Kontingent": f"{fee},00",
                "År": "2027",
                "Forfall": "31.01.2027",
            }
        )
    return rows


def households() -> Rows:
    """The information letter's list: who lives where, and when the work reaches them."""
    chance = Random(10)  # noqa: S311 - nothing secret: the same list every time
    return [
        {
            **addressed(number, chance, 560_001),
            "Oppgang": "ABCD"[number % 4],
            "Oppstart": f"{1 + 7 * (number % 4):02}.03.2027",
            "Ferdig": f"{5 + 7 * (number % 4):02}.03.2027",
        }
        for number in range(12)
    ]


LISTS: Final[dict[str, tuple[str, Callable[[], Rows]]]] = {
    "general-meeting": ("shareholders.csv", shareholders),
    "contract-change": ("terms.csv", terms),
    "invoice": ("lines.csv", invoice_lines),
    "reply-form": ("registered.csv", registered),
    "membership": ("members.csv", members),
    "information": ("households.csv", households),
}
"""By mailing: its list's file, and what makes its rows."""


def addressed(number: int, chance: Random, first: int, who: Person | None = None) -> dict[str, str]:
    """Who it goes to: one in four abroad and in English."""
    who = who or person(chance)
    street, postcode, town, country = who.street, who.postcode, who.town, "NO"
    if number % 4 == 3:
        street, postcode, town, country = ABROAD[number // 4 % len(ABROAD)]
    return {
        "Kundenr": str(first + number),
        "Navn": f"{who.first_name} {who.last_name}",
        "Adresse": street,
        "Postnr": postcode,
        "Poststed": town,
        "Land": country,
        "Språk": "EN" if number % 4 == 3 else "NO",
    }


def rounded(value: Decimal, to: str = "0.01") -> Decimal:
    """Half an øre goes up."""
    return value.quantize(Decimal(to), ROUND_HALF_UP)


def written(value: Decimal, to: str = "0.01") -> str:
    """A number as Norwegian Excel shows it."""
    return str(rounded(value, to)).replace(".", ",")

"""The people of the example lists: invented, by chance, the same every time."""

# ruff: noqa: SIM905 - word lists are easier to read and to add to as text

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

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


def csv_of(rows: list[dict[str, str]]) -> str:
    """A table as Norwegian Excel saves it: semicolons, and lines that end in CR LF."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()

"""The list of a housing association as somebody keeps it by hand, month after month.

180 tenants, made of a seed: a title, two rows of headings that are merged, surname and first name
in one cell, postcodes that lost their zero, remarks, hidden rows, a sum, and a note below it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

import xlsxwriter

SURNAMES = ["Bjørk", "Åsheim", "Grønli", "Hætta", "Lønning", "Sørlie", "Nygård", "Ødegård", "Dahl"]
FIRST_NAMES = [
    "Kari",
    "Ola",
    "Åse",
    "Per",
    "Nils Øyvind",
    "Ánne",
    "Lise",
    "Jan-Erik",
    "Tuva",
    "Geir",
]
PLACES = [("0581", "Oslo"), ("0655", "Oslo"), ("5003", "Bergen"), ("7010", "Trondheim")]
ABROAD = [("SE-411 04", "Göteborg", "Sverige"), ("10115", "Berlin", "Tyskland")]
NOT_TO_SEND = "ikke send brev - flyttet"
FIRST_ROW = 5
"""The row of the first tenant, as Excel counts."""


@dataclass(frozen=True, slots=True)
class Tenant:
    """A row of the list."""

    number: int
    name: str
    street: str
    postcode: str
    town: str
    country: str = ""
    rent: int = 0
    remark: str = ""
    hidden: bool = False
    lost_zero: bool = False
    """Whether the postcode was typed as a number, so that Excel dropped its zero."""

    @property
    def gets_a_letter(self) -> bool:
        """Whether the person who keeps the list means this tenant to get one."""
        return not self.hidden and "ikke send" not in self.remark


@dataclass
class TenantList:
    """The tenants of one month."""

    tenants: list[Tenant] = field(default_factory=list)

    @classmethod
    def made(cls, seed: int = 1, number: int = 180) -> TenantList:
        """Those of the first month: eight postcodes lost their zero, three rows are hidden, two
        tenants live abroad, two have moved."""
        random = Random(seed)
        tenants = [_tenant(1001 + at, random) for at in range(number)]
        oslo = [at for at, each in enumerate(tenants) if each.postcode.startswith("0")]
        for at in oslo[:8]:
            tenants[at] = replace(tenants[at], lost_zero=True)
        for at, (postcode, town, country) in zip((20, 77), ABROAD, strict=True):
            tenants[at] = replace(
                tenants[at], postcode=postcode, town=town, country=country, lost_zero=False
            )
        for at in (33, 34, 121):
            tenants[at] = replace(tenants[at], hidden=True)
        for at in (50, 150):
            tenants[at] = replace(tenants[at], remark=NOT_TO_SEND)
        tenants[60] = replace(tenants[60], remark="betaler kontant")
        return cls(tenants)

    def twice(self, number: int, remark: str) -> Tenant:
        """Enter a tenant once more at the end, as it happens, with another remark; that row."""
        [first] = [each for each in self.tenants if each.number == number]
        second = replace(first, remark=remark)
        self.tenants.append(second)
        return second

    def numbers(self) -> set[int]:
        """The customer numbers of those who are to get a letter."""
        return {each.number for each in self.tenants if each.gets_a_letter}

    def rows(self) -> Iterator[tuple[int, Tenant]]:
        """Each with its row in the workbook."""
        yield from enumerate(self.tenants, FIRST_ROW)

    def row_of(self, number: int) -> int:
        """The workbook's row of a customer number."""
        return next(row for row, each in self.rows() if each.number == number)

    def row_at(self, place: int) -> int:
        """The workbook's row of the tenant at a place of the list, -1 for the last."""
        return FIRST_ROW + range(len(self.tenants))[place]

    def write(self, path: Path, month: str) -> Path:
        """Write the workbook as it is kept."""
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet("Beboere")
            bold = book.add_format({"bold": True, "align": "center"})
            money = book.add_format({"num_format": "#,##0.00"})
            sheet.write(0, 0, f"Beboerliste Solbakken borettslag, {month}")
            sheet.merge_range(2, 0, 2, 1, "Beboer", bold)
            sheet.merge_range(2, 2, 2, 5, "Adresse", bold)
            headings = (
                "Kundenr",
                "Navn",
                "Gate",
                "Postnr",
                "Poststed",
                "Land",
                "Husleie",
                "Merknad",
            )
            sheet.write_row(3, 0, headings, bold)
            for row, each in self.rows():
                at = row - 1
                sheet.write_number(at, 0, each.number)
                sheet.write_string(at, 1, each.name)
                sheet.write_string(at, 2, each.street)
                if each.lost_zero:
                    sheet.write_number(at, 3, int(each.postcode))
                else:
                    sheet.write_string(at, 3, each.postcode)
                sheet.write_string(at, 4, each.town)
                sheet.write_string(at, 5, each.country)
                sheet.write_number(at, 6, each.rent, money)
                sheet.write_string(at, 7, each.remark)
                if each.remark:
                    sheet.write_comment(at, 7, "se e-post")
                if each.hidden:
                    sheet.set_row(at, None, None, {"hidden": True})
            end = FIRST_ROW + len(self.tenants) - 1
            sheet.write(end, 0, "SUM")
            sheet.write_formula(
                end, 6, f"=SUM(G{FIRST_ROW}:G{end})", money, sum(each.rent for each in self.tenants)
            )
            sheet.write(end + 2, 0, "Spørsmål? Ring kontoret")
        return path


def _tenant(number: int, random: Random) -> Tenant:
    postcode, town = random.choice(PLACES)
    return Tenant(
        number,
        f"{random.choice(SURNAMES)}, {random.choice(FIRST_NAMES)}",
        f"Solbakken {number - 1000}",
        postcode,
        town,
        rent=random.randrange(6000, 12000, 50),
    )

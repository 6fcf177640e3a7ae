"""The people whose letters are looked at while a letter is being written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from batchsend.letters import Checked
from batchsend.mailing import Mailing

FOUND: Final = 20
"""So many are shown of those that were searched for."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whose letter can be looked at."""

    row: int
    name: str
    why: str = ""
    """`first`, `longest` or `foreign`; empty for those that were searched for."""


def worth_looking_at(mailing: Mailing, checked: Checked, words: str, key: str) -> list[Person]:
    """The first, the longest name and the first abroad; or those whose names have `words` in them.

    With a `key`, only those whose letters are in that LanguageID.
    """
    letters = checked.snapshot.texts("Invoicee.Name", "Invoicee.CountryCode")
    letters = letters.filter(pl.col("language") == key) if key else letters
    name = pl.col("Invoicee.Name")
    if words.strip():
        wanted = name.str.to_lowercase().str.contains(words.strip().lower(), literal=True)
        return [
            Person(row, said)
            for row, said in letters.filter(wanted)
            .select("row", name)
            .head(FOUND)
            .collect(engine="streaming")
            .iter_rows()
        ]
    home = mailing.payload.Letter.Invoicer.CountryCode.strip().upper() or mailing.checks.country
    abroad = ~pl.col("Invoicee.CountryCode").str.to_uppercase().is_in([home, ""])
    chosen = (
        ("first", letters.head(1)),
        ("longest", letters.sort(name.str.len_chars(), descending=True).head(1)),
        ("foreign", letters.filter(abroad).head(1)),
    )
    people: dict[int, Person] = {}
    for why, found in chosen:
        for row, said in found.select("row", name).collect(engine="streaming").iter_rows():
            people.setdefault(row, Person(row, said, why))
    return list(people.values())

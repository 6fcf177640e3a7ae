"""Plausible lists in random dialects are understood without a single setting."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable

import pytest

from batchsend.lists import RecipientList

Reader = Callable[..., RecipientList]

FIRST = ["Kari", "Ola", "Åse", "Bjørn", "Sølvi", "Per", "Anne", "Øyvind", "Håkon", "Renée"]
LAST = ["Nordmann", "Hansen", "Bråthen", "Øygarden", "Lie", "Sæther", "Åsgård", "Dahl", "O'Brien"]
CELLS: dict[str, Callable[[random.Random], str]] = {
    "Kundenr": lambda r: str(r.randint(1, 99_999)),
    "Navn": lambda r: r.choice(
        [
            f"{r.choice(FIRST)} {r.choice(LAST)}",
            f"{r.choice(LAST)}, {r.choice(FIRST)}",
            f'{r.choice(LAST)} "Baren" AS',
        ]
    ),
    "Fornavn": lambda r: r.choice(FIRST),
    "Adresse": lambda r: r.choice(
        ["Storgata 1", "Ærfuglveien 2 B, 2. etg", "Postboks 33, Sentrum"]
    ),
    "Postnr": lambda r: f"{r.randint(1, 9999):04d}",
    "Poststed": lambda r: r.choice(["Oslo", "Tromsø", "Bodø", "Ålesund", "Moss"]),
    "E-post": lambda r: f"kunde{r.randint(1, 999)}@example.com",
    "Beløp": lambda r: r.choice(["1 234,50", "99,00", "-12,00", "1\u00a0234,50"]),
    "Forfall": lambda r: "15.03.2026",
    "Merknad": lambda r: r.choice(["", "", "Ring; helst kveld", "Linje 1\nLinje 2", "a | b"]),
    "Saldo": lambda r: r.choice(["0", "12.5", "100"]),
    "Gjeld": lambda r: "1,5",
    "Land": lambda r: r.choice(["NO", "", "SE"]),
}


@pytest.mark.parametrize("seed", range(60))
def test_a_plausible_list_is_understood(read: Reader, seed: int) -> None:
    chance = random.Random(seed)
    headings = chance.sample(list(CELLS), chance.randint(2, len(CELLS)))
    rows = [
        [CELLS[heading](chance) for heading in headings]
        for _ in range(chance.choice([2, 3, 5, 10, 30]))
    ]
    written = io.StringIO(newline="")
    csv.writer(
        written,
        delimiter=chance.choice(";,\t|"),
        lineterminator=chance.choice(["\n", "\r\n"]),
        quoting=chance.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    ).writerows([headings, *rows])
    codec = chance.choice(["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252"])
    recipients = read(written.getvalue().encode(codec))
    assert [column.heading for column in recipients.columns] == headings
    assert recipients.rows.collect().rows() == [
        (row, *cells) for row, cells in enumerate(rows, start=2) if any(cells)
    ]
    assert recipients.problems.is_empty()

"""Which row holds the headings, and which rows at the end are not recipients.

Works on the first and last rows of any kind of list.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from batchsend.lists.aliases import known_heading
from batchsend.lists.headings import blank

__all__ = ["SEARCHED", "Header", "count_footer", "find_header"]

SEARCHED = 50
"""How many rows from the top are searched for the headings."""

_VALUE = re.compile(
    r"""\s*(?:
        [+-]?[\d\s.,:/-]*\d[\d\s.,:/%-]*      # number, date, time, phone, postcode, national id
      | [^\s@]+@[^\s@]+\.[^\s@]+              # e-mail
    )\s*""",
    re.VERBOSE,
)
_FOOTER = re.compile(
    r"\W*(?:antall?|antal|sum|summa|total\w*|i\s?alt|tilsammans|rader|rows|count|number\sof|"
    r"poster|records|anzahl|gesamt|summe|utskrift\w*|utskrevet|eksportert|exported|generert|"
    r"generated|side|page|slutt|end\sof|end)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Header:
    """Where the headings are."""

    row: int
    """As the spreadsheet numbers it; 0 if the list has none."""
    headings: tuple[str, ...]


def find_header(rows: Sequence[tuple[int, Sequence[str]]]) -> Header:
    """Find the headings among the first rows, given with their numbers.

    They are the first row about as wide as the rows below it; title rows above are narrower. A row
    that holds values rather than words is the first recipient of a list without headings.
    """
    filled = [(row, cells) for row, cells in rows if not all(map(blank, cells))]
    if not filled:
        return Header(0, ())
    known = [sum(map(known_heading, cells)) for _, cells in filled]
    # Several headings that we know settle it, wherever they stand.
    best = max(range(len(filled)), key=lambda at: known[at])
    if known[best] < 2:
        best = _first_wide([cells for _, cells in filled])
        if not known[best] and _holds_values(filled[best][1], [c for _, c in filled[best + 1 :]]):
            return Header(0, ())
    row, cells = filled[best]
    return Header(row, tuple(cells))


def count_footer(rows: Sequence[Sequence[str]], width: int) -> int:
    """How many of the last rows, blank ones left out, only sum up those before them."""
    count = 0
    for cells in reversed(rows):
        words = [cell for cell in cells if not blank(cell)]
        if width < 3 and len(words) > 1:
            break
        if len(words) > max(1, width // 2) or not words or not _FOOTER.match(words[0]):
            break
        count += 1
    return count


def _first_wide(rows: Sequence[Sequence[str]]) -> int:
    """The first row with about as many filled cells as most rows have."""
    widths = [sum(not blank(cell) for cell in cells) for cells in rows]
    usual = Counter(widths).most_common(1)[0][0] if len(widths) > 2 else max(widths)
    needed = 1 if usual < 2 else max(2, round(usual * 0.6))
    return next((at for at, width in enumerate(widths) if width >= needed), 0)


def _holds_values(cells: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether a row is itself a recipient: values where the rows below have values as well."""
    values = [at for at, cell in enumerate(cells) if _VALUE.fullmatch(cell)]
    if not values:
        return False
    if not below:
        return True
    alike = [
        at
        for at in values
        if sum(1 for row in below if at < len(row) and _VALUE.fullmatch(row[at])) * 2 > len(below)
    ]
    return bool(alike)

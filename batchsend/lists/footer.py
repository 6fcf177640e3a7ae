"""Rows below a list that are no recipients: taken off where that is plain, told where it is not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import inf
from typing import Any

import polars as pl

from batchsend.language import _, ngettext
from batchsend.lists.aliases import recipient_fields
from batchsend.lists.header import is_value
from batchsend.lists.problems import Problem, ReadFindings, rows_in_words
from batchsend.lists.recipients import Column
from batchsend.lists.settings import ListSettings
from batchsend.text import blank

_SEARCHED = 10
"""Rows at the end that are looked at."""
_FAR = 100
_LONELY = 3
"""Columns from which rows of a single cell are odd."""
_WIDE = 4
"""Columns from which a recipient has more than one cell."""

_LOCATES = ("Address1", "PostCode", "City", "PostCodeCity", "Email", "Mobile", "NationalId")
_IN_WORDS = frozenset({"Address1", "City", "PostCodeCity"})
_SHORTEST_NUMBER = 3
"""Digits of a postcode; those of Iceland have the fewest."""
_NARROW = 2
_LONGEST_SENTENCE = 2_000
_SENTENCE = re.compile(
    r"[?!](?:\s|$)|\.\s*$|:\s|https?://|\bwww\.|\w+\s+\w+\s+\w+\s+\w+\s+\w+|^\s*[*©]"
)
"""A question, a full stop, an address, or more words than a name has."""
_FOOTER = re.compile(
    r"\W*(?:(?:grand\s|sub-?|slutt|slut)?total\w*|(?:del|slutt|slut|gesamt|zwischen)?summ?[ae]?"
    r"|antall?|antal|i\s?alt|til\s?sammen|tilsammans|yhteensä|lukumäärä|määrä|rader|rows|count|"
    r"number\sof|poster|records|anzahl|gesamt|insgesamt|utskrift\w*|utskrevet|eksportert|exported|"
    r"generert|generated|udskrevet|utskriven|skrevet\sut|printed|tulostettu|gedruckt|"
    r"rapport(?:en)?\sslutt?|side|page|slutt|end\sof|end|eof)\b|\W*\d+\s(?:rows?|rader|poster)\b(?:\s|\W|$)",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    r"\W*(?:gjennomsnitt\w*|snitt|gj\.?\s?snitt|gennemsnit|gns|gnsn|medel(?:tal|värde)?|genomsnitt|"
    r"keskiarvo|mediaani?|median|average|mean|durchschnitt|mittelwert|min|max|maks|minimum|maks?imum|"
    r"saldo|balance|utestående|udestående|restanse|å\sbetale|att\sbetala|at\sbetale|maksettavaa|"
    r"netto|brutto|mva|moms|alv|kontroll?|kontroll?sum|avstemming)\b\W*"
    r"(?:(?:pr?\.?|per|i|av)\s\w+|(?:[\d.,]+\s?%))?\W*",
    re.IGNORECASE,
)
"""What stands alone before a figure below a list; of "Saldo AS" it is but the beginning."""


def without_footer(
    rows: pl.LazyFrame, headings: Sequence[str], settings: ListSettings, seen: ReadFindings
) -> tuple[pl.LazyFrame, list[str], list[tuple[int, str, Sequence[str]]]]:
    """The rows without those at the end that are no recipients, what to say of it, and those."""
    wanted = settings.footer_rows
    searched = _SEARCHED if wanted is None else wanted
    tail = _last_rows(rows, len(headings), searched, seen)
    texts = [cells for _other, *cells in tail]
    numbers = [row for row, *_other in tail]
    stray = _stray_rows(numbers, texts) if wanted is None else 0
    if wanted is None:
        sums = not settings.fill_down  # a row of amounts alone is one of the customer's above
        footer = _count_footer(texts[: len(tail) - stray], headings, sums=sums)
    else:
        footer = wanted
    first = len(tail) - stray - footer
    notes = [
        ngettext(
            "{rows} {where} was not read as a recipient: “{cells}”. Set `footer_rows = 0` under "
            "[list] to read all rows.",
            "{rows} {where} were not read as recipients: “{cells}”. Set `footer_rows = 0` under "
            "[list] to read all rows.",
            end - start,
            rows=rows_in_words(numbers[start:end]).capitalize(),
            where=where,
            cells=_in_words(texts[start:end]),
        )
        for start, end, where in (
            (first, first + footer, _("at the end")),
            (first + footer, len(tail), _where(numbers, first + footer)),
        )
        if start < end
    ]
    if not notes:
        return rows, [], []
    why = _("Not read as a recipient: {where}. Set footer_rows = 0 under [list] to read all rows.")
    dropped: list[tuple[int, str, Sequence[str]]] = [
        (
            numbers[at],
            why.format(
                where=_("at the end of the list")
                if at < first + footer
                else _("far below the list")
            ),
            texts[at],
        )
        for at in range(first, len(tail))
    ]
    return rows.filter(pl.col("row") < numbers[first]), notes, dropped


def _count_footer(
    rows: Sequence[Sequence[str]], headings: Sequence[str], *, sums: bool = True
) -> int:
    """How many of the last rows, blank ones left out, are no recipients: they sum up those before
    them, or say something to whoever reads the list.

    A row with a part of an address is a recipient, whatever it is called: "Total Renhold AS".
    `sums`: whether rows of a number or two, and nothing else, are among them.
    """
    count, width = 0, len(headings)
    address = _address_columns(headings)
    for cells in reversed(rows):
        words = [cell for cell in cells if not blank(cell)]
        located = any(
            _locates(cells[at], field)
            for at, field in address
            if at < len(cells) and not _is_label(cells[at])
        )
        if located or not (
            _says_so(words, width)
            or _is_figure(words, width)
            or (sums and _only_sums(words, width))
            or _speaks(words, width)
        ):
            break
        count += 1
    return count


def _says_so(words: Sequence[str], width: int) -> bool:
    """Whether a row calls itself a sum or the end of something, in a few of its cells."""
    if not words or len(words) > max(2, width // 2) or not _FOOTER.match(words[0]):
        return False
    if width > _NARROW:
        return True
    # In a list this narrow a name may begin like a footer: "Total Betong".
    if width == _NARROW and _is_label(words[0]):
        return all(is_value(word) and "@" not in word for word in words[1:])
    return len(words) == 1 and re.search(r"\d", words[0]) is not None


def _is_figure(words: Sequence[str], width: int) -> bool:
    """Whether a row is an average, a balance or the like of those above: its name, and figures.

    Of a list of two columns it fills both, as a recipient would: people are called Max.
    """
    if width <= _NARROW or not 1 < len(words) <= max(2, width // 2):
        return False
    if not _FIGURE.fullmatch(words[0]):
        return False
    return all(is_value(word) and "@" not in word for word in words[1:])


def _is_label(cell: str) -> bool:
    """Whether a cell is what stands beside a sum or an average, and nothing more: "I alt:"."""
    if _FIGURE.fullmatch(cell):
        return True
    found = _FOOTER.match(cell)
    return found is not None and not re.search(r"\w", cell[found.end() :])


def _locates(cell: str, field: str) -> bool:
    """Whether a cell may be what its column says: a count below a column of addresses is none."""
    if field == "Email":
        return "@" in cell
    if field in _IN_WORDS:
        return not blank(cell) and not is_value(cell)
    return len(cell.strip()) >= _SHORTEST_NUMBER


def _address_columns(headings: Sequence[str]) -> list[tuple[int, str]]:
    """The columns that say where somebody lives, or how he is reached, with their fields."""
    columns = [Column(at, heading, heading) for at, heading in enumerate(headings)]
    known = recipient_fields(columns).exact
    return [(column.index, field) for field, column in known.items() if field in _LOCATES]


def _speaks(words: Sequence[str], width: int) -> bool:
    """Whether a row of a wide list is one sentence to its reader: "Questions? Call us"."""
    if width < _WIDE or len(words) != 1 or len(words[0]) > _LONGEST_SENTENCE:
        return False
    return bool(_SENTENCE.search(words[0]))


def _only_sums(words: Sequence[str], width: int) -> bool:
    """Whether a row holds nothing but a number or two, as below a column of amounts."""
    alone = 0 < len(words) <= width // 4 and all(map(is_value, words))
    return alone and not any("@" in word for word in words)


def _last_rows(
    rows: pl.LazyFrame, width: int, number: int, seen: ReadFindings
) -> list[tuple[Any, ...]]:
    """The last rows, each its number and its cells; merged cells have their text in the first."""
    names = (f"c{index}" for index in range(width))
    return [
        (row, *("" if at in seen.across.get(row, ()) else cell for at, cell in enumerate(cells)))
        for row, *cells in rows.select("row", *names).tail(number).collect().rows()
    ]


def lonely_rows(
    rows: pl.LazyFrame, width: int, header_row: int, seen: ReadFindings
) -> list[Problem]:
    """Rows of a single cell at the end of a wide list: a footer, or what is left of a recipient.

    In a list of two or three columns, only those below the first blank row.
    """
    found: list[Problem] = []
    if width == 1:
        return found
    first_blank = next((row for row in seen.blank if row > header_row), inf)
    below = header_row if width >= _WIDE else max(header_row, first_blank)
    tail = _last_rows(rows, width, _SEARCHED, seen)
    for row, *cells in reversed(tail):
        if sum(not blank(cell) for cell in cells) != 1 or row <= below:
            break
        number = len(found) + 1
        message = _(
            "this row has a single cell; if it is no recipient, set footer_rows = {number} "
            "under [list]",
            number=number,
        )
        found.append(Problem(row, None, "", message))
    # A list whose rows all are so is made like that.
    return found if len(found) < len(tail) else []


def _stray_rows(numbers: Sequence[int], rows: Sequence[Sequence[str]]) -> int:
    """How many of the last rows are single cells that somebody once left far below the list, or
    several such rows below a blank one.
    """
    for at in range(1, len(rows)):
        gap = numbers[at] - numbers[at - 1] - 1
        lonely = all(sum(not blank(cell) for cell in cells) == 1 for cells in rows[at:])
        # A title, a date and a copyright, as Salesforce writes them below the list.
        below = len(rows) - at > 1 and gap and len(rows[at]) >= _LONELY
        if lonely and (gap >= _FAR or below):
            return len(rows) - at
    return 0


def _where(numbers: Sequence[int], at: int) -> str:
    far = 0 < at < len(numbers) and numbers[at] - numbers[at - 1] > _FAR
    return _("far below the list") if far else _("below the list")


def _in_words(rows: Sequence[Sequence[str]]) -> str:
    words = " / ".join(" ".join(cell for cell in cells if not blank(cell)) for cells in rows)
    return words if len(words) <= 200 else words[:200] + "…"

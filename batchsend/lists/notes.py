"""What is said of how a list was read: headings, columns, and the rows that were left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from batchsend.language import _, ngettext
from batchsend.lists.header import Header
from batchsend.lists.problems import ReadFindings, rows_in_words
from batchsend.lists.recipients import Column
from batchsend.text import blank


def header_notes(header: Header) -> list[str]:
    """Of the headings, and the rows above them."""
    if not header.row and not any(header.headings):
        return [
            _(
                "The list seems to have no headings: its first row looks like a recipient. "
                'Give them with `headings = ["navn", "adresse", …]` under [list], or say '
                "where they are with `header_row = 1`."
            )
        ]
    if header.row > 1:
        return [
            ngettext(
                "Row {last} above the headings was left out.",
                "Rows 1-{last} above the headings were left out.",
                header.row - 1,
                last=header.row - 1,
            )
        ]
    return []


def row_notes(sightings: ReadFindings, header_row: int, last: int) -> list[str]:
    """Of the rows between these two: which were left out, and which had cells too few."""

    def between(rows: Sequence[int]) -> list[int]:
        return [row for row in rows if header_row < row <= last]

    notes = []
    if blanks := between(sightings.blank):
        notes.append(_("Blank rows were left out: {rows}.", rows=rows_in_words(blanks)))
    if short := between(sightings.short.rows):
        notes.append(
            _(
                "{rows} had fewer cells than the list has columns; the missing ones are empty.",
                rows=rows_in_words(short).capitalize(),
            )
        )
    if rulers := between(sightings.rulers):
        notes.append(
            _("Lines that only draw the table were left out: {rows}.", rows=rows_in_words(rulers))
        )
    if nul := between(sightings.nul):
        notes.append(
            _("Invisible characters (NUL) were left out in {rows}.", rows=rows_in_words(nul))
        )
    return notes


def column_notes(columns: Sequence[Column]) -> list[str]:
    """Of headings that are repeated or missing."""
    names = Counter(column.name for column in columns)
    repeated = [name for name, count in names.items() if count > 1]
    notes = []
    if repeated:
        notes.append(
            _(
                "More than one column is called {repeated}; give each its own heading "
                "before a mapping or a template uses it.",
                repeated=", ".join(repeated),
            )
        )
    bare = [column.name for column in columns if blank(column.heading)]
    if bare and len(bare) < len(columns):
        notes.append(_("Columns without a heading are called {bare}.", bare=", ".join(bare)))
    return notes

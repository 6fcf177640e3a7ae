"""What a spreadsheet leaves in place of a value: error values, and nothing where the key should be.

Neither looks wrong to a program: "#NAME? Hansen" is a name, and "rent-" an identifier.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet

import polars as pl

from batchsend.letters.mapping import Mapping
from batchsend.letters.problems import Problems
from batchsend.letters.text import trimmed
from batchsend.lists import Column

__all__ = ["Leftovers", "columns_shown"]

# Excel's and LibreOffice's error values, in English and the Nordic languages.
_ERROR_VALUE = (
    r"(?i)^#(?:REF!|NAME\?|N/A|VALUE!|DIV/0!|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA"
    r"|I/T|VERDI!|NAVN\?|REFERANSE!|SAKNAS!|SAKNAS|VÄRDEFEL!|NAMN\?|REFERENS!|OGILTIGT!"
    r"|I/T!|VÆRDI!|REFERENCE!|PUUTTUU!|ARVO!|NIMI\?|VIITTAUS!)$"
)
_ANY_COLUMN = frozenset({"row", "rows"})


def columns_shown(mapping: Mapping, uses: AbstractSet[str]) -> tuple[Column, ...]:
    """The list's columns that the template (which `uses` these names) may look at."""
    columns = mapping.names.columns
    if uses & _ANY_COLUMN:
        return columns
    places = {mapping.names.place(name) for name in uses if name != "letter"}
    return tuple(column for column in columns if column.index in places)


class Leftovers:
    """Checks the cells that letters are made of."""

    def __init__(self, mapping: Mapping, uses: AbstractSet[str]) -> None:
        mapped = {column for leaf in mapping.varying for column in leaf.columns}
        shown = mapped | set(columns_shown(mapping, uses))
        self._columns = sorted(shown, key=lambda column: column.index)
        self._text = mapping.text("Identifier")
        self._identifier = mapping.leaves["Identifier"]

    def __call__(self, letters: pl.DataFrame, members: pl.DataFrame, problems: Problems) -> None:
        """`letters` with their texts, `members` every row of them with its cells."""
        for column in self._columns:
            cell = trimmed(pl.col(column.key))
            problems.tell(
                members.filter(pl.col(column.key).str.contains("#", literal=True)),
                cell.str.contains(_ERROR_VALUE),
                "This is an error of the spreadsheet's, not a value. Correct the formula there.",
                column=column.heading,
                value=cell,
            )
        parts = [trimmed(pl.col(column.key)) == "" for column in self._identifier.columns]
        if parts:
            written = letters.filter(self._text != "").select("row")  # else it is told as missing
            problems.tell(
                members.filter(*parts).join(written, on="row", how="semi"),
                pl.lit(True),
                "Empty, and the letter's identifier is made of it. Fill it in.",
                column=self._identifier.headings,
            )

"""What a field of the letter can be made from: each column, and what several make."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from batchsend.expressions import is_surname_first
from batchsend.language import _
from batchsend.lists import Column, RecipientList, recipient_fields

FIELDS = {
    "Name": True,
    "Address1": True,
    "Address2": False,
    "PostCode": True,
    "City": True,
    "CountryCode": False,
    "CustomerNo": False,
}
"""Of the recipient: the request's name, and whether a letter needs it."""
SAMPLE = 200
FEW = 10
"""One row in so many may repeat another in a column that is to tell the rows apart."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to fill a field."""

    text: str
    """As mailing.toml has it; empty for nothing."""
    label: str


def choices(field: str, found: RecipientList) -> list[Choice]:
    """What a field of the recipient can be filled with."""
    columns = found.columns
    offered = [Choice("", _("nothing"))]
    offered += [Choice(reference(column), shown(column)) for column in columns]
    if field == "Name":
        offered += _names(columns, found)
    if field in {"PostCode", "City"}:
        offered += _parts(field, columns)
    if field == "CountryCode":
        offered += [Choice("NO", _("Norway, for all of them"))]
        offered += [
            Choice(
                f"{{{{ {name_of(column)} or 'NO' }}}}",
                _("{column}, Norway where it is empty", column=shown(column)),
            )
            for column in columns
        ]
    return offered


def identifier_choices(prefix: str, found: RecipientList) -> list[Choice]:
    """What makes each letter its own: columns whose cells are all different and never empty.

    Where there is none, as in a list with rows twice, the columns that few rows repeat: the check
    holds those rows back.
    """
    cells = {column.key: pl.col(column.key) for column in found.columns}
    filled = ((cell.str.strip_chars() != "").all() for cell in cells.values())
    repeated = ((pl.len() - cell.n_unique()).alias(key) for key, cell in cells.items())
    full = found.rows.select(filled).collect(engine="streaming")
    copies = found.rows.select(repeated).collect(engine="streaming")
    rows = int(found.rows.select(pl.len()).collect(engine="streaming").item())
    never_empty = [column for column in found.columns if full.item(0, column.key)]
    fit = [column for column in never_empty if not copies.item(0, column.key)]
    if fit:
        return [Choice(f"{prefix}{reference(column)}", shown(column)) for column in fit]
    return [
        Choice(
            f"{prefix}{reference(column)}",
            _("{column}, which some rows have twice", column=shown(column)),
        )
        for column in never_empty
        if copies.item(0, column.key) * FEW <= rows
    ]


def turned_round(column: Column) -> str:
    """The expression that makes `Kari Nordmann` of `Nordmann, Kari`."""
    return f"{{{{ {name_of(column)} | surname_last }}}}"


def seems_turned(column: Column, found: RecipientList) -> bool:
    """Whether most of a column's cells are written last name first."""
    sample = found.rows.select(pl.col(column.key)).head(SAMPLE).collect()[column.key]
    filled = sample.filter(sample.str.strip_chars() != "")
    hits = sum(map(is_surname_first, filled))
    return filled.len() > 0 and 2 * hits > filled.len()


def reference(column: Column) -> str:
    """The expression for a column."""
    return f"{{{{ {name_of(column)} }}}}"


def name_of(column: Column) -> str:
    """How an expression calls it."""
    if column.name.isidentifier():
        return column.name
    return f"row[{json.dumps(column.heading, ensure_ascii=False)}]"


def shown(column: Column) -> str:
    """How a person calls it."""
    return " ".join(column.heading.split()) or column.name


def _names(columns: Sequence[Column], found: RecipientList) -> Iterator[Choice]:
    guess = recipient_fields(columns)
    known = {**guess.proposals, **guess.exact}
    if "FirstName" in known and "LastName" in known:
        first, last = known["FirstName"], known["LastName"]
        both = f"{reference(first)} {reference(last)}"
        yield Choice(both, _("{first} and {last}", first=shown(first), last=shown(last)))
    for column in columns:
        if seems_turned(column, found):
            yield Choice(
                turned_round(column),
                _("{column}, turned round: first name first", column=shown(column)),
            )


def _parts(field: str, columns: Sequence[Column]) -> Iterator[Choice]:
    for column in columns:
        if field == "PostCode":
            yield Choice(
                f"{{{{ {name_of(column)} | postcode }}}}",
                _("the postcode in {column}", column=shown(column)),
            )
        else:
            yield Choice(
                f"{{{{ {name_of(column)} | town }}}}",
                _("the town in {column}", column=shown(column)),
            )

"""What a field of the letter can be made from: each column, and what several make."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from batchsend.language import _
from batchsend.lists import Column, RecipientList, recipient_fields
from batchsend.starter import (
    NEEDED,
    PARTS,
    filtered,
    first_and_last,
    has_surname_first,
    joined_names,
    norway_where_empty,
    reference,
    turned_round,
)

FIELDS = {
    field: field in NEEDED
    for field in (
        *("Name", "Address1", "Address2", "PostCode", "City"),
        *("CountryCode", "CustomerNo"),
    )
}
"""Of the recipient: the request's name, and whether a letter needs it."""
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
    if field in PARTS:
        offered += _parts(field, columns)
    if field == "CountryCode":
        offered += [Choice("NO", _("Norway, for all of them"))]
        offered += [
            Choice(
                norway_where_empty(column),
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


def shown(column: Column) -> str:
    """How a person calls it."""
    return " ".join(column.heading.split()) or column.name


def _names(columns: Sequence[Column], found: RecipientList) -> Iterator[Choice]:
    names = first_and_last(recipient_fields(columns))
    if len(names) == 2:
        first, last = map(shown, names)
        yield Choice(joined_names(names), _("{first} and {last}", first=first, last=last))
    for column in columns:
        if has_surname_first(column, found):
            yield Choice(
                turned_round(column),
                _("{column}, turned round: first name first", column=shown(column)),
            )


def _parts(field: str, columns: Sequence[Column]) -> Iterator[Choice]:
    for column in columns:
        if field == "PostCode":
            label = _("the postcode in {column}", column=shown(column))
        else:
            label = _("the town in {column}", column=shown(column))
        yield Choice(filtered(column, PARTS[field]), label)

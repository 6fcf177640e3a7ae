"""Which column of a list goes where in the request, as far as its headings tell."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

import polars as pl

from batchsend.expressions import is_surname_first
from batchsend.lists import Column, Guess, RecipientList
from batchsend.text import column_name, folded

NEEDED = ("Name", "Address1", "PostCode", "City")
RECIPIENT = (
    "CustomerNo",
    "NationalId",
    "OrganizationNumber",
    "Name",
    "Address1",
    "Address2",
    "Address3",
    "PostCode",
    "City",
    "CountryCode",
    "Email",
    "Mobile",
    "Reference",
)
UNIQUE = ("Identifier", "CustomerNo", "Reference")
"""Fields that can tell one letter from another, the surest first."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """One text of the request."""

    field: str
    text: str
    """As mailing.toml has it; empty where no column looks like it."""
    columns: tuple[Column, ...] = ()
    certain: bool = True
    """Whether nobody needs to confirm it."""

    @property
    def headings(self) -> str:
        """The columns it comes from, for people."""
        return ", ".join(" ".join(column.heading.split()) for column in self.columns)


def recipient_of(guess: Guess) -> list[Mapped]:
    """The texts of the recipient that there are columns for, and those no letter can lack."""
    found = (_recipient(field, guess) for field in RECIPIENT)
    return [mapped for mapped in found if mapped is not None]


def identifier_of(name: str, guess: Guess, different: Column | None, *, period: bool) -> Mapped:
    """Every letter's own reference: of the mailing's name, as others may have the same customers,
    of the period, where it has one, and of a column. `different`: another column that is so in
    every row."""
    for field in UNIQUE:
        column = guess.exact.get(field) or guess.proposals.get(field)
        if column is not None:
            return _identifier(name, column, period=period, certain=field in guess.exact)
    if different is not None:
        return _identifier(name, different, period=period, certain=False)
    return Mapped("Identifier", "")


def language_of(guess: Guess) -> str:
    """The letter's language."""
    column = guess.exact.get("LanguageID")
    return "NO" if column is None else f"{{{{ {name_of(column)} or 'NO' }}}}"


def reference(column: Column) -> str:
    """The expression for a column."""
    return f"{{{{ {name_of(column)} }}}}"


def _identifier(name: str, column: Column, *, period: bool, certain: bool) -> Mapped:
    parts = [folded(column_name(name)).replace("_", "-")]
    parts += ["{{ period }}"] if period else []
    return Mapped("Identifier", "-".join([*parts, reference(column)]), (column,), certain)


def _recipient(field: str, guess: Guess) -> Mapped | None:
    if field == "Name" and (name := _from_names(guess)):
        return name
    if field in guess.exact:
        column = guess.exact[field]
        fallback = " or 'NO'" if field == "CountryCode" else ""
        return Mapped(field, f"{{{{ {name_of(column)}{fallback} }}}}", (column,))
    if field in guess.proposals:
        column = guess.proposals[field]
        return Mapped(field, reference(column), (column,), certain=False)
    return _from_both(field, guess) or _without_column(field)


def _from_names(guess: Guess) -> Mapped | None:
    """The name out of first and last name; one column of whole names is better than half of it."""
    known = {**guess.proposals, **guess.exact}
    names = tuple(known[field] for field in ("FirstName", "LastName") if field in known)
    certain = {"FirstName", "LastName"} <= guess.exact.keys()
    if not names or ("Name" in guess.exact and not certain):
        return None
    return Mapped("Name", " ".join(map(reference, names)), names, certain)


def _from_both(field: str, guess: Guess) -> Mapped | None:
    """Postcode or town out of the column that has both."""
    known = {**guess.proposals, **guess.exact}
    if field not in {"PostCode", "City"} or "PostCodeCity" not in known:
        return None
    column = known["PostCodeCity"]
    text = f"{{{{ {name_of(column)} | {'postcode' if field == 'PostCode' else 'town'} }}}}"
    return Mapped(field, text, (column,), "PostCodeCity" in guess.exact)


def _without_column(field: str) -> Mapped | None:
    if field == "CountryCode":
        return Mapped(field, "NO")
    return Mapped(field, "") if field in NEEDED else None


def name_of(column: Column) -> str:
    """How an expression names a column."""
    if column.name.isidentifier():
        return column.name
    return f"row[{json.dumps(column.heading, ensure_ascii=False)}]"


_LOOKED_AT = 1000
_MOST = 0.8
"""So many of the names must have the surname first: companies among them have no comma."""


def surname_last(mapped: Mapped, recipients: RecipientList) -> Mapped:
    """The recipient's name with the filter `surname_last`, where the list's names need it."""
    if mapped.field != "Name" or len(mapped.columns) != 1:
        return mapped
    [column] = mapped.columns
    cells = recipients.rows.select(pl.col(column.key).str.strip_chars()).head(_LOOKED_AT)
    names = [name for name in cells.collect()[column.key] if name]
    if not names or sum(map(is_surname_first, names)) < _MOST * len(names):
        return mapped
    plain = reference(column)
    return replace(
        mapped, text=mapped.text.replace(plain, plain.replace(" }}", " | surname_last }}"))
    )

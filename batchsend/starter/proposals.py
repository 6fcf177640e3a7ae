"""What is proposed of a list's columns: which goes where in the request, as far as headings tell,
and in which somebody wrote who is to get no letter, for `skip`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

import polars as pl

from batchsend.expressions import is_surname_first
from batchsend.letters import says_no
from batchsend.lists import Column, Guess, RecipientList, recipient_fields
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
    return "NO" if column is None else norway_where_empty(column)


def reference(column: Column) -> str:
    """The expression for a column."""
    return f"{{{{ {name_of(column)} }}}}"


def filtered(column: Column, by: str) -> str:
    """The expression for a column through a filter."""
    return f"{{{{ {name_of(column)} | {by} }}}}"


def norway_where_empty(column: Column) -> str:
    """The expression for a column of countries, Norway where nothing is said."""
    return f"{{{{ {name_of(column)} or 'NO' }}}}"


def first_and_last(guess: Guess) -> tuple[Column, ...]:
    """The columns of first and last name, as far as there are any."""
    known = {**guess.proposals, **guess.exact}
    return tuple(known[field] for field in ("FirstName", "LastName") if field in known)


def joined_names(names: Iterable[Column]) -> str:
    """The expression of a name that is written in several columns."""
    return " ".join(map(reference, names))


PARTS = {"PostCode": "postcode", "City": "town"}
"""The filter that takes a part of an address out of a column that has more."""


def _identifier(name: str, column: Column, *, period: bool, certain: bool) -> Mapped:
    parts = [folded(column_name(name)).replace("_", "-")]
    parts += ["{{ period }}"] if period else []
    return Mapped("Identifier", "-".join([*parts, reference(column)]), (column,), certain)


def _recipient(field: str, guess: Guess) -> Mapped | None:
    if field == "Name" and (name := _from_names(guess)):
        return name
    if field in guess.exact:
        column = guess.exact[field]
        text = norway_where_empty(column) if field == "CountryCode" else reference(column)
        return Mapped(field, text, (column,))
    if field in guess.proposals:
        column = guess.proposals[field]
        return Mapped(field, reference(column), (column,), certain=False)
    return _from_both(field, guess) or _without_column(field)


def _from_names(guess: Guess) -> Mapped | None:
    """The name out of first and last name; one column of whole names is better than half of it."""
    names = first_and_last(guess)
    certain = {"FirstName", "LastName"} <= guess.exact.keys()
    if not names or ("Name" in guess.exact and not certain):
        return None
    return Mapped("Name", joined_names(names), names, certain)


def _from_both(field: str, guess: Guess) -> Mapped | None:
    """Postcode or town out of the column that has both."""
    known = {**guess.proposals, **guess.exact}
    if field not in PARTS or "PostCodeCity" not in known:
        return None
    column = known["PostCodeCity"]
    text = filtered(column, PARTS[field])
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


def has_surname_first(column: Column, recipients: RecipientList) -> bool:
    """Whether most names in a column are written `Nordmann, Kari`; companies among them have no
    comma."""
    cells = recipients.rows.select(pl.col(column.key).str.strip_chars()).head(_LOOKED_AT)
    names = [name for name in cells.collect()[column.key] if name]
    return 2 * sum(map(is_surname_first, names)) > len(names)


def turned_round(column: Column) -> str:
    """The expression that makes `Kari Nordmann` of `Nordmann, Kari`."""
    return filtered(column, "surname_last")


def surname_last(mapped: Mapped, recipients: RecipientList) -> Mapped:
    """The recipient's name turned round, where the list's names need it."""
    if mapped.field != "Name" or len(mapped.columns) != 1:
        return mapped
    [column] = mapped.columns
    if not has_surname_first(column, recipients):
        return mapped
    return replace(mapped, text=mapped.text.replace(reference(column), turned_round(column)))


_SAYS = (
    *("ikke send", "ikke skal ha", "skal ikke ha", "skal ikke sendes", "send ikke"),
    *("ikkje send", "skal ikkje ha", "ikke brev", "ingen brev", "må ikke sendes"),
    *("flyttet", "flytta", "fraflyttet", "utflyttet", "død", "døde", "reservert", "reserverer"),
    *(
        "skicka inte",
        "skickas ej",
        "skickas inte",
        "ska inte ha",
        "flyttat",
        "avliden",
        "dödsbo",
    ),
    *("dødsbo", "afdød", "avdød", "reserveret", "fraflyttede"),
    *("ei lähetetä", "älä lähetä", "kuollut", "muuttanut", "kuolinpesä"),
    *("do not send", "don't send", "do not mail", "no letter", "no mail", "moved away"),
    *("moved out", "deceased", "opted out", "unsubscribed", "returned mail"),
    *("nicht senden", "kein brief", "verstorben", "verzogen"),
)
"""What people write beside somebody who is to get no letter, in small letters."""
_ANY = "|".join(re.escape(each) for each in sorted(_SAYS, key=len, reverse=True))
_SAID = rf"(?:^|[^\pL\pN])({_ANY})(?:[^\pL\pN]|$)"
_HEADED = re.compile(rf"(?<![^\W_])(?:{_ANY})(?![^\W_])")
_FEW, _SHORT = 12, 20
"""A column of yes and no has so many values at most, each of so many characters at most."""


@dataclass(frozen=True, slots=True)
class Skip:
    """A proposal for `skip`."""

    column: Column
    expression: str
    """As mailing.toml has it."""
    rows: tuple[int, ...]
    """The rows that it leaves out of this list."""


def proposed_skips(recipients: RecipientList) -> tuple[Skip, ...]:
    """What `skip` might say of a list, a proposal for each column that seems to say such things."""
    taken = set(recipient_fields(recipients.columns).exact.values())
    columns = [column for column in recipients.columns if column not in taken]
    found = (_flagged(column, recipients) or _said(column, recipients) for column in columns)
    return tuple(each for each in found if each is not None)


def _flagged(column: Column, recipients: RecipientList) -> Skip | None:
    """Of a column of yes and no, headed "Ikke send"."""
    if not _HEADED.search(column.heading.lower()):
        return None
    cells = recipients.rows.select("row", cell=column.shown.str.strip_chars())
    values = cells.select(pl.col("cell").unique()).head(_FEW + 1).collect()["cell"]
    if len(values) > _FEW or any(len(value) > _SHORT for value in values):
        return None
    said = cells.filter(~says_no(pl.col("cell"))).select("row").collect(engine="streaming")
    return _skip(column, f"{{{{ {name_of(column)} }}}}", said["row"].to_list())


def _said(column: Column, recipients: RecipientList) -> Skip | None:
    """Of a column of remarks."""
    small = column.shown.str.to_lowercase()
    found = (
        recipients.rows.select("row", said=small.str.extract(_SAID))
        .filter(pl.col("said").is_not_null())
        .collect(engine="streaming")
    )
    phrases = found["said"].unique(maintain_order=True).to_list()
    name = name_of(column)
    tests = " or ".join(f"{_quoted(each)} in {name} | lower" for each in _shortest(phrases))
    return _skip(column, f"{{{{ {tests} }}}}", found["row"].to_list())


def _skip(column: Column, expression: str, rows: list[int]) -> Skip | None:
    return Skip(column, expression, tuple(rows)) if rows else None


def _shortest(phrases: Iterable[str]) -> list[str]:
    """The phrases without those that another is a part of."""
    all_of_them = list(phrases)
    return [each for each in all_of_them if not any(o in each for o in all_of_them if o != each)]


def _quoted(phrase: str) -> str:
    return f'"{phrase}"' if "'" in phrase else f"'{phrase}'"

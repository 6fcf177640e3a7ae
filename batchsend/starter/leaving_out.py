"""Proposals for `skip`: columns of a list in which somebody wrote who is to get no letter."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from batchsend.letters import says_no
from batchsend.lists import Column, RecipientList, recipient_fields
from batchsend.starter.mapping import name_of

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

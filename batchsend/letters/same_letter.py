"""Whether letters of two lists are the same: their identifiers, their recipients, and their texts.

Identifiers and texts are folded: without what people and programs change of them unseen. What folds
alike may still be two things: whoever compares says what else must agree.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Self

import polars as pl

from batchsend.letters.contents import shown_columns
from batchsend.letters.letter import OWN_DOCUMENTS
from batchsend.letters.mapping import Mapping
from batchsend.letters.settings import PayloadSettings
from batchsend.letters.snapshot import Snapshot
from batchsend.lists import Column

_POINT_ZERO = r"(\d)[.,]0+([^\d]|$)"
"""What programs make of a whole number that they took for one with decimals: `1001.0`."""
_ZEROS_IN_FRONT = r"(^|[^\d])0+(\d)"
_SEPARATORS = r"[^\pL\pM\pN]+"
"""Blanks, and every sign that is neither letter nor digit."""
_SEPARATORS_AND_ZEROS = rf"{_SEPARATORS}|0+"
_WORD = r"[\pL\pM\pN]+"
_UNSEEN = r"\p{Default_Ignorable_Code_Point}"
"""Soft hyphens, joiners, variation selectors: nobody sees them, so they part nothing (UAX #44)."""


def folded_identifier(identifier: pl.Expr) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """An identifier in three forms, of which one is equal where two are written alike but for case,
    NFKC, blanks, separators, zeros in front of digits, and `.0` behind them; null if nothing is
    left of it.

    In the first a separator ends a number, so that 2024-001 is 2024-1; in the second it is a part
    of it, so that 1 001 is 1001. In the third `.0` is a part like others, so that K-1.0 is K-1-0.
    """
    spelled = _spelled_alike(identifier)
    whole = spelled.str.replace_all(_POINT_ZERO, "${1}${2}")
    apart = _without_separators(_without_zeros(whole))
    together = _without_zeros(_without_separators(whole))
    parts = _without_zeros(spelled.str.replace_all(_SEPARATORS, "-").str.strip_chars("-"))
    return _something(apart), _something(together), _something(parts)


def folded_alike(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    """Whether two identifiers have a folded form in common."""
    pairs = zip(folded_identifier(one), folded_identifier(other), strict=True)
    return reduce(or_, ((form == like).fill_null(value=False) for form, like in pairs))


def roughly_folded(identifier: pl.Expr) -> pl.Expr:
    """A text that is equal where a folded form is, and seldom elsewhere: a first sieve for a
    million identifiers."""
    return _spelled_alike(identifier).str.replace_all(_SEPARATORS_AND_ZEROS, "")


def folded_text(text: pl.Expr) -> pl.Expr:
    """A text, as an address, by its letters and digits alone, numbers without zeros in front; null
    if there are none."""
    return _something(_without_separators(_without_zeros(_spelled_alike(text))))


def folded_words(text: pl.Expr) -> pl.Expr:
    """A name by its words alone, in whatever order it has them; null if there are none."""
    words = _spelled_alike(text).str.extract_all(_WORD).list.sort().list.join(" ")
    return _something(words)


def _spelled_alike(text: pl.Expr) -> pl.Expr:
    seen = text.str.normalize("NFKC").str.replace_all(_UNSEEN, "")
    # In this order, so that ß and SS are one.
    return seen.str.to_uppercase().str.to_lowercase()


def _without_zeros(text: pl.Expr) -> pl.Expr:
    return text.str.replace_all(_ZEROS_IN_FRONT, "${1}${2}")


def _without_separators(text: pl.Expr) -> pl.Expr:
    return text.str.replace_all(_SEPARATORS, "")


def _something(text: pl.Expr) -> pl.Expr:
    return pl.when(text != "").then(text)


_REACHED_BY = ("Email", "Mobile", "NationalId", "OrganizationNumber")
KNOWN_BY = ("Name", "address", *_REACHED_BY)
"""The columns of `recipients`: two are the same where they agree in one of these."""


def recipients(snapshot: Snapshot, identifiers: pl.Series) -> pl.DataFrame:
    """Of the letters with these identifiers `identifier`, and what their recipients are known by,
    folded: a name, and every address that a letter may go to; null where there is none."""
    paths = ("Name", "Address1", "PostCode", *_REACHED_BY)
    texts = snapshot.texts("Identifier", *(f"Invoicee.{name}" for name in paths))
    found = (
        texts.rename({"Identifier": "identifier"})
        .filter(pl.col("identifier").is_in(identifiers.unique().implode()))
        .collect(engine="streaming")
    )
    street, code = pl.col("Invoicee.Address1"), pl.col("Invoicee.PostCode")
    address = pl.when(street != "").then(pl.concat_str(street, code, separator="\n"))
    return found.select(
        "identifier",
        folded_words(pl.col("Invoicee.Name")).alias("Name"),
        folded_text(address).alias("address"),
        *(folded_text(pl.col(f"Invoicee.{name}")).alias(name) for name in _REACHED_BY),
    )


def same_recipient(other: str) -> pl.Expr:
    """Whether two recipients side by side, the second one's columns ending in `other`, have the
    same name or an address in common."""
    alike = (pl.col(name) == pl.col(f"{name}{other}") for name in KNOWN_BY)
    return reduce(or_, (each.fill_null(value=False) for each in alike))


def is_forgotten(other: str) -> pl.Expr:
    """Whether nothing is known any more of a recipient whose columns end in `other`."""
    return pl.all_horizontal(pl.col(f"{name}{other}").fill_null("") == "" for name in KNOWN_BY)


_IDENTIFIER = "Identifier"
_OWN_DOCUMENTS = f"{OWN_DOCUMENTS}(.*)$"
"""The hash of a letter's own documents in its `content`."""


@dataclass(frozen=True, slots=True)
class Saying:
    """By what letters of one mailing are compared: texts of the request, and cells."""

    paths: tuple[str, ...]
    cells: tuple[str, ...]
    """Names of columns."""

    @classmethod
    def of(
        cls, payload: PayloadSettings, snapshot: Snapshot, uses: AbstractSet[str], home: str
    ) -> Self:
        """All texts and all cells that the template looks at (`uses`), but for the identifier and
        the columns that only number the letters: those in it of which no two letters have the
        same cell."""
        mapping = Mapping.compile(payload, snapshot.columns, home)
        numbers = _numbering(mapping.leaves[_IDENTIFIER].columns, snapshot)
        paths = (
            path
            for path, leaf in mapping.leaves.items()
            if path != _IDENTIFIER
            and (leaf.takes_rows or not leaf.columns or not numbers.issuperset(leaf.columns))
        )
        shown = (column for column in shown_columns(mapping, uses) if column not in numbers)
        return cls(tuple(paths), tuple(column.name for column in shown))

    def of_letters(self, snapshot: Snapshot, identifiers: pl.Series) -> pl.DataFrame:
        """Of the letters with these identifiers `identifier` and `said`, a number that is equal
        for equal texts."""
        keys = {column.name: column.key for column in snapshot.columns}
        cells = [pl.col(keys[name]) for name in self.cells if name in keys]
        rows = snapshot.frame.filter(
            ~pl.col("held"), pl.col("identifier").is_in(identifiers.implode())
        )
        looked_at = rows.group_by("letter").agg(
            pl.col("content").first().str.extract(_OWN_DOCUMENTS).fill_null(""),
            cells=_together(cells).sort_by("row").str.join("\n"),
        )
        texts = snapshot.texts(_IDENTIFIER, *self.paths).join(
            looked_at, left_on="row", right_on="letter"
        )
        said = _together([pl.col("channel"), *map(pl.col, (*self.paths, "content", "cells"))])
        return texts.select(
            pl.col(_IDENTIFIER).alias("identifier"), said=folded_text(said).hash()
        ).collect(engine="streaming")


def _together(texts: list[pl.Expr]) -> pl.Expr:
    return pl.concat_str([pl.lit(""), *texts], separator="\n", ignore_nulls=True)


def _numbering(columns: tuple[Column, ...], snapshot: Snapshot) -> frozenset[Column]:
    """Those of the columns in which every letter of the list has another cell; none where there is
    one letter only, of which nobody can tell."""
    letters = snapshot.frame.filter(pl.col("row") == pl.col("letter"))
    distinct = (pl.col(column.key).n_unique().alias(column.key) for column in columns)
    counts = letters.select(pl.len().alias("letters"), *distinct).collect(engine="streaming")
    number = counts.item(0, "letters")
    return frozenset(
        column for column in columns if number > 1 and counts.item(0, column.key) == number
    )

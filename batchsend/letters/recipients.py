"""Recipients of letters in two checked lists: whether they are the same people."""

from __future__ import annotations

from functools import reduce
from operator import or_

import polars as pl

from batchsend.letters.folding import folded_text, folded_words
from batchsend.letters.snapshot import Snapshot

_REACHED_BY = ("Email", "Mobile", "NationalId", "OrganizationNumber")
_KNOWN_BY = ("Name", "address", *_REACHED_BY)


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
    alike = (pl.col(name) == pl.col(f"{name}{other}") for name in _KNOWN_BY)
    return reduce(or_, (each.fill_null(value=False) for each in alike))


def is_forgotten(other: str) -> pl.Expr:
    """Whether nothing is known any more of a recipient whose columns end in `other`."""
    return pl.all_horizontal(pl.col(f"{name}{other}").fill_null("") == "" for name in _KNOWN_BY)

"""Formerly: what letters would be called without a correction, noted with the run that sends them.

So a letter is found again whatever happens to the corrections and the checked lists afterwards.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

import polars as pl

from batchsend.letters import REPEATS, folded_identifier
from batchsend.operations.planning.repeats import Earlier, went_as

FORMERLY = "formerly"
"""Under the options of a run: identifiers of its letters, by the hash of each other name, which is
folded, since a spreadsheet may have taken its zeros by the time it comes up again."""
_NOTED = pl.Schema({"run": pl.UInt32(), "hash": pl.String(), "earlier": pl.String()})


def noted(names: pl.DataFrame) -> dict[str, list[str]]:
    """What a run notes of its letters' other names; `names` has what each `identifier` is `called`,
    or would be."""
    others: dict[str, list[str]] = {}
    different = names.filter(pl.col("called") != pl.col("identifier"))
    for identifier, other in _hashed(different).select("identifier", "hash").iter_rows():
        others.setdefault(other, []).append(identifier)
    return others


def went_under_a_noted_name(names: pl.DataFrame, earlier: Earlier) -> pl.DataFrame:
    """Which letters went under another identifier, by what the run noted that sent it, as REPEATS.

    `names` are as `noted` takes them, and what each letter is called now is among them.
    """
    known = list(_known(earlier))
    if not known:
        return REPEATS.to_frame()
    then = pl.DataFrame(known, schema=_NOTED, orient="row")
    then = then.join(earlier.letters.select("run", "earlier"), on=["run", "earlier"])
    found = (
        _hashed(names).join(then, on="hash").unique("identifier", keep="last", maintain_order=True)
    )
    return found.select("identifier", why=went_as())


def _known(earlier: Earlier) -> Iterator[tuple[int, str, str]]:
    """Run, hash of another name, and identifier."""
    for run in earlier.runs:
        names = run.facts.options.get(FORMERLY)
        for other, identifiers in names.items() if isinstance(names, Mapping) else ():
            for identifier in identifiers:
                yield run.number, other, identifier


def _hashed(names: pl.DataFrame) -> pl.DataFrame:
    """The names, each with the `hash` of every form that it is folded to."""
    hashes = [
        form.map_elements(_hash, return_dtype=pl.String)
        for form in folded_identifier(pl.col("called"))
    ]
    return pl.concat([names.with_columns(hash=each) for each in hashes]).unique(maintain_order=True)


def _hash(name: str) -> str:
    return hashlib.blake2b(name.encode(), digest_size=16).hexdigest()

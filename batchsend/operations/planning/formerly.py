"""Formerly: what letters would be called without a correction, noted with the run that sends them.

So a letter is found again whatever happens to the corrections and the checked lists afterwards.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

import polars as pl

from batchsend.letters import REPEATS
from batchsend.operations.planning.repeats import Earlier, went_as

FORMERLY = "formerly"
"""Under the options of a run: identifiers of its letters, by the hash of each other one."""


_NOTED = pl.Schema({"run": pl.UInt32(), "hash": pl.String(), "earlier": pl.String()})


def noted(names: pl.DataFrame) -> dict[str, list[str]]:
    """What a run notes of what each `identifier` is `called` besides."""
    found: dict[str, list[str]] = {}
    others = names.filter(pl.col("called") != pl.col("identifier"))
    for identifier, called in others.select("identifier", "called").iter_rows():
        found.setdefault(_hash(called), []).append(identifier)
    return found


def went_under_a_noted_name(names: pl.DataFrame, earlier: Earlier) -> pl.DataFrame:
    """Which letters went under another identifier, by what the run noted that sent it, as REPEATS;
    `names` are what each `identifier` is `called` today.
    """
    known = list(_known(earlier))
    if not known:
        return REPEATS.to_frame()
    then = pl.DataFrame(known, schema=_NOTED, orient="row")
    then = then.join(earlier.letters.select("run", "earlier"), on=["run", "earlier"])
    hashed = pl.Series("hash", [_hash(called) for called in names["called"]], dtype=pl.String)
    found = names.with_columns(hashed).join(then, on="hash")
    found = found.unique("identifier", keep="first", maintain_order=True)
    return found.select("identifier", why=went_as())


def _known(earlier: Earlier) -> Iterator[tuple[int, str, str]]:
    """Run, hash of another identifier, and identifier."""
    for run in earlier.runs:
        names = run.facts.options.get(FORMERLY)
        for other, identifiers in names.items() if isinstance(names, Mapping) else ():
            for identifier in identifiers:
                yield run.number, other, identifier


def _hash(identifier: str) -> str:
    return hashlib.blake2b(identifier.encode(), digest_size=16).hexdigest()

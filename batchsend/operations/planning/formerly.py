"""Formerly: what letters would be called without a correction, noted with the run that sends them.

So a letter is found again whatever happens to the corrections and the checked lists afterwards.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from batchsend.letters import REPEATS
from batchsend.operations.planning.corrected_repeats import why_corrected
from batchsend.operations.planning.repeats import Earlier

FORMERLY = "formerly"
"""Under the options of a run: identifiers of its letters, by the hash of each other one."""


def noted(others: pl.DataFrame) -> dict[str, list[str]]:
    """What a run notes of its letters' other identifiers (`identifier`, `other`)."""
    names: dict[str, list[str]] = {}
    for identifier, other in others.select("identifier", "other").iter_rows():
        names.setdefault(_hash(other), []).append(identifier)
    return names


def went_under_a_noted_name(
    letters: Sequence[str], others: pl.DataFrame, earlier: Earlier
) -> pl.DataFrame:
    """Which of `letters` went under another identifier, by what the run noted that sent it, as
    REPEATS.

    `others` are the other identifiers that they have today, as `noted` takes them.
    """
    known = list(_known(earlier))
    if not known:
        return REPEATS.to_frame()
    then = pl.DataFrame(known, schema=("run", "hash", "earlier"), orient="row")
    then = then.cast({"run": earlier.letters.schema["run"]})
    then = then.join(earlier.letters.select("run", "earlier"), on=["run", "earlier"])
    today = [(name, _hash(name)) for name in letters]
    today += [(name, _hash(other)) for name, other in others.iter_rows()]
    now = pl.DataFrame(today, schema={"identifier": pl.String, "hash": pl.String}, orient="row")
    found = now.join(then, on="hash").unique("identifier", keep="first", maintain_order=True)
    whys = [
        (identifier, why_corrected(before, run))
        for identifier, before, run in found.select("identifier", "earlier", "run").iter_rows()
    ]
    return pl.DataFrame(whys, schema=REPEATS, orient="row")


def _known(earlier: Earlier) -> Iterator[tuple[int, str, str]]:
    """Run, hash of another identifier, and identifier."""
    for run in earlier.runs:
        names = run.facts.options.get(FORMERLY)
        for other, identifiers in names.items() if isinstance(names, Mapping) else ():
            for identifier in identifiers:
                yield run.number, other, identifier


def _hash(identifier: str) -> str:
    return hashlib.blake2b(identifier.encode(), digest_size=16).hexdigest()

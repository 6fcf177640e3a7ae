"""What the columns of a list probably are: the fields of a recipient under their many headings.

The table of headings, `aliases.json`, is ours: Norwegian, Swedish, Danish, Finnish, English
and German.
Only exact matches are certain. On 50 hand-typed headings and 24 decoys, optimal string alignment
from 0.75 found 42 and none wrongly, so that is proposed; anything looser was sometimes wrong.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from rapidfuzz.distance import OSA

from batchsend.lists.recipients import Column
from batchsend.text import folded

_LONGEST = 100
_LIKE = 0.75
_CLEARLY = 0.05


@dataclass(frozen=True, slots=True)
class Guess:
    """Which column holds which field. Fields are named as in the request, plus `FirstName`,
    `LastName`, `PostCodeCity` (both in one cell) and others that `init` puts together.
    """

    exact: Mapping[str, Column]
    """Headings that mean the field and nothing else."""
    proposals: Mapping[str, Column]
    """Headings very like one of the field's, to be confirmed; only fields not in `exact`."""
    rest: tuple[Column, ...]
    """Columns that are neither, in list order."""


def recipient_fields(columns: Sequence[Column]) -> Guess:
    """Match a list's columns with the fields of a recipient; each column is used at most once."""
    exact: dict[str, tuple[int, Column]] = {}
    for column in columns:
        known = _fields_by_heading().get(_normalised(column.heading))
        if known is not None:
            field, rank = known
            # "Navn" beats "Kunde": the table lists each field's plainest heading first.
            if field not in exact or rank < exact[field][0]:
                exact[field] = (rank, column)
    taken = {column.index for _, column in exact.values()}
    proposals: dict[str, tuple[float, Column]] = {}
    for column in columns:
        if column.index in taken:
            continue
        field, likeness = _most_like(_normalised(column.heading))
        if not field or field in exact:
            continue
        if field not in proposals or likeness > proposals[field][0]:
            proposals[field] = (likeness, column)
    taken |= {column.index for _, column in proposals.values()}
    return Guess(
        exact={field: column for field, (_, column) in exact.items()},
        proposals={field: column for field, (_, column) in proposals.items()},
        rest=tuple(column for column in columns if column.index not in taken),
    )


def holds_national_ids(column: Column) -> bool:
    """Whether a column is headed as one of national ids, as "Fødselsnummer medsøker" is, too."""
    guess = recipient_fields([column])
    if "NationalId" in guess.exact or "NationalId" in guess.proposals:
        return True
    words = (Column(0, word, word) for word in column.name.split("_"))
    return any("NationalId" in recipient_fields([word]).exact for word in words)


def known_heading(text: str) -> bool:
    """Whether `text` is one of the headings we know, exactly."""
    return len(text) <= _LONGEST and _normalised(text) in _fields_by_heading()


@lru_cache(maxsize=1_000)  # the columns of a list are asked about again and again
def _most_like(heading: str) -> tuple[str, float]:
    """The field whose headings are most like this one, or "" where none or several are."""
    best: dict[str, float] = {}
    for alias, (field, _) in _fields_by_heading().items():
        likeness = OSA.normalized_similarity(heading, alias, score_cutoff=_LIKE - _CLEARLY)
        best[field] = max(likeness, best.get(field, 0.0))
    ranked = sorted(best.items(), key=lambda item: item[1], reverse=True)
    (field, likeness), (_, second) = ranked[:2]
    if likeness < _LIKE or likeness - second < _CLEARLY:
        return "", 0.0
    return field, likeness


@cache
def _fields_by_heading() -> dict[str, tuple[str, int]]:
    table = json.loads(files("batchsend.lists").joinpath("aliases.json").read_bytes())
    found: dict[str, tuple[str, int]] = {}
    for field, aliases in table.items():
        for rank, alias in enumerate(aliases):
            found.setdefault(_normalised(alias), (field, rank))
    return found


def _normalised(heading: str) -> str:
    """Letters and digits only, folded; `kundeNr`, `Kunde-nr.` and `KUNDE NR` are the same."""
    return re.sub(r"[^a-z0-9]", "", folded(heading))

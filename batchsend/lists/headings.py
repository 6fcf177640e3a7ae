"""Headings: what a column is called in mappings and templates, and what was probably meant.

Knows nothing of files; it works on the headings as they were typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from batchsend.lists.recipients import Column

__all__ = ["blank", "column_name", "columns_from", "folded", "nearest"]

# Nothing is seen where these stand: soft hyphen, zero-width blanks and joiners, byte order mark.
INVISIBLE = "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
BLANKS = INVISIBLE + "".join(filter(str.isspace, map(chr, range(0x3001))))
_DROP_INVISIBLE = str.maketrans("", "", INVISIBLE)
# Letters that Unicode does not take apart into a base letter and an accent.
_FOLDS = str.maketrans({"æ": "ae", "ø": "o", "ß": "ss", "đ": "d", "ð": "d", "þ": "th", "ł": "l"})


def blank(text: str) -> bool:
    """Whether a reader would see nothing in `text`."""
    return not text.strip(BLANKS)


def column_name(heading: str) -> str:
    """The name by which mappings and templates know a heading.

    >>> column_name("Kundenr."), column_name("E-post"), column_name(" Beløp  (kr)")
    ('kundenr', 'e_post', 'beløp_kr')
    """
    text = unicodedata.normalize("NFC", heading).translate(_DROP_INVISIBLE).lower()
    return re.sub(r"[\W_]+", "_", text).strip("_")


def folded(name: str) -> str:
    """`name` in plain a to z, for those whose keyboard lacks the letters.

    >>> folded("beløp"), folded("fødselsår"), folded("ärende")
    ('belop', 'fodselsar', 'arende')
    """
    apart = unicodedata.normalize("NFKD", name.lower().translate(_FOLDS))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def nearest(name: str, candidates: Iterable[str], n: int = 3, *, like: float = 0.5) -> list[str]:
    """The candidates most like `name`, best first, for "did you mean"; empty if none is like it.

    `like`, from 0 to 1, is how like it one must be.

    >>> nearest("postnummer", ["postnr", "poststed", "e_post", "navn"], n=1)
    ['postnr']
    """
    found = process.extract(
        name,
        list(dict.fromkeys(candidates)),
        scorer=OSA.normalized_similarity,
        processor=lambda text: folded(column_name(text)),
        score_cutoff=like,
        limit=n,
    )
    return [candidate for candidate, _, _ in found]


def columns_from(headings: Sequence[str]) -> tuple[Column, ...]:
    """One `Column` per heading; one without a heading is called `column_7` by its position."""
    return tuple(
        Column(index, heading, column_name(heading) or f"column_{index + 1}")
        for index, heading in enumerate(headings)
    )

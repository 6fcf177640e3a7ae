"""Text as people type and paste it: what counts as blank, and when two names are the same.

Knows nothing of lists, mappings or letters.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

INVISIBLE = (
    "\u00ad"  # soft hyphen
    "\u180e\u200b\u200c\u200d\u2060\ufeff"  # zero-width blanks and joiners, the byte order mark
    "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # text direction marks
)
"""Characters that nobody sees; copying from web pages and Outlook leaves them behind."""

BLANKS = "".join(c for c in map(chr, range(0x3001)) if c.isspace()) + INVISIBLE
"""Every character that is trimmed from the ends of a cell: Unicode's blanks, the last
of which is U+3000, and `INVISIBLE`."""

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_STEM = 80
_DROP_INVISIBLE = str.maketrans("", "", INVISIBLE)
# Letters that Unicode does not take apart into a base letter and an accent.
_FOLDS = str.maketrans({"æ": "ae", "ø": "o", "ß": "ss", "đ": "d", "ð": "d", "þ": "th", "ł": "l"})


def trimmed(text: str) -> str:
    """`text` without the blanks at its ends."""
    return text.strip(BLANKS)


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
    lower = name.lower()
    if lower.isascii():
        return lower
    apart = unicodedata.normalize("NFKD", lower.translate(_FOLDS))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


@lru_cache(maxsize=10_000)  # the same candidates are asked about again and again
def _alike(name: str) -> str:
    return folded(column_name(name))


def nearest(name: str, candidates: Iterable[str], n: int = 3, *, like: float = 0.5) -> list[str]:
    """The candidates most like `name`, best first, for "did you mean"; empty if none is like it.

    `like`, from 0 to 1, is how like it one must be.

    >>> nearest("postnummer", ["postnr", "poststed", "e_post", "navn"], n=1)
    ['postnr']
    """
    # Imported here: most commands end without a slip of the pen, and start faster.
    from rapidfuzz import process  # noqa: PLC0415
    from rapidfuzz.distance import OSA  # noqa: PLC0415

    found = process.extract(
        name,
        list(dict.fromkeys(candidates)),
        scorer=OSA.normalized_similarity,
        processor=_alike,
        score_cutoff=like,
        limit=n,
    )
    return [candidate for candidate, _, _ in found]


def file_stem(identifier: str) -> str:
    """What files of a letter are called on every file system, whatever its identifier holds; empty
    where nothing of it can be in a name.

    >>> file_stem("../rent 1")
    'rent-1'
    """
    plain = _UNSAFE.sub("-", identifier).strip("-.")
    if len(plain) > _LONGEST_STEM:
        plain = f"{plain[:60]}-{hashlib.sha256(identifier.encode()).hexdigest()[:12]}"
    return plain

"""What counts as blank at either end of a cell: all that people paste without seeing it."""

from __future__ import annotations

import sys

__all__ = ["BLANKS", "trimmed"]

_INVISIBLE = (
    "\u180e\u200b\u200c\u200d\u2060\ufeff"  # zero-width spaces and joiners, the byte order mark
    "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # text direction marks
)

BLANKS = "".join(c for c in map(chr, range(sys.maxunicode + 1)) if c.isspace()) + _INVISIBLE
"""Every character trimmed from the ends of a cell: Unicode's blanks and the invisible marks that
copying from web pages, Outlook and phone books leaves behind."""


def trimmed(text: str) -> str:
    """`text` without the blanks at its ends."""
    return text.strip(BLANKS)

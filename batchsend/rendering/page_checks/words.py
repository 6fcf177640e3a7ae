"""Words as they are compared: of one form and case, with nothing in them that nobody sees."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

_WORDS = re.compile(r"\w+")
_UNSEEN = str.maketrans("", "", "\u00ad\u200b\u200c\u200d\u2060\ufeff")
"""Soft hyphens and other characters without width."""


def plain(text: str) -> str:
    """Comparable: of one form, of one case, without what nobody sees."""
    if text.isascii():
        return text.casefold().strip()
    folded = unicodedata.normalize("NFKC", text.translate(_UNSEEN)).casefold()
    return unicodedata.normalize("NFKC", folded.translate(_UNSEEN)).strip()


def words(text: str) -> set[str]:
    """Its words: letters and digits, without what stands between them."""
    return set(_WORDS.findall(plain(text)))


def bare(text: str) -> str:
    """Its letters and digits alone: programs may tear a word into pieces, with gaps between them.

    >>> bare("Tove Aavatsm a rk")
    'toveaavatsmark'
    """
    return "".join(_WORDS.findall(plain(text)))


def made_of(text: str, parts: Collection[str]) -> bool:
    """Whether a bare text is nothing but some of these words, one after the other.

    >>> made_of("0117oslo", {"oslo", "0117"}), made_of("0117oslo1", {"oslo", "0117"})
    (True, False)
    """
    if text in parts:
        return bool(text)
    if not text.startswith(tuple(parts)):
        return False
    reached = [True] + [False] * len(text)
    for start, there in enumerate(reached):
        if there:
            for part in parts:
                if part and text.startswith(part, start):
                    reached[start + len(part)] = True
    return bool(text) and reached[-1]
